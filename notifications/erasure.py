"""What the outbox forgets of a person (A8)."""

from datetime import datetime
from typing import Any

from notifications.models import Notification, Preference, PushSubscription


def forget(person: Any, now: datetime) -> None:
    Notification.objects.filter(recipient=person).delete()
    Notification.objects.filter(recipient=None, about=person.pk).delete()  # to an address of theirs
    Preference.objects.filter(person=person).delete()
    PushSubscription.objects.filter(person=person).delete()
