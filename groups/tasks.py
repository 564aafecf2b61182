from celery import shared_task
from django.utils import timezone

from groups.models import Series


@shared_task(name="groups.lay_out")
def lay_out() -> int:
    return Series.objects.lay_out(timezone.now())
