"""What the library forgets by night."""

from datetime import datetime

from django.utils import timezone

from faq.models import Autosave, Feedback, Miss, Reading


def forget(now: datetime) -> None:
    Autosave.objects.forget(now)
    today = timezone.localdate(now)
    Feedback.objects.forget(today)
    Reading.objects.forget(today)
    Miss.objects.forget(today)
