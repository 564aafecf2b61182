"""What check-ins forget of a person (A8)."""

from datetime import datetime

from accounts.models import User
from checkins.models import Acceptance, CheckIn, Measure, ReminderPlan


def forget(client: User, now: datetime) -> None:
    CheckIn.objects.filter(client=client).delete()
    Measure.objects.filter(client=client).delete()
    ReminderPlan.objects.filter(client=client).delete()
    Acceptance.objects.filter(client=client).delete()
