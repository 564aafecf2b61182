from celery import shared_task
from django.utils import timezone

from checkins.models import ReminderPlan


@shared_task(name="checkins.plan_reminders")
def plan_reminders() -> int:
    return ReminderPlan.objects.plan(timezone.now())
