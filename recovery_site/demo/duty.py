"""Who is on call these weeks: by day whoever leads much, by night the others in turn."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import DutyShift, OutreachTask, User
from accounts.models.duty import shift_of

DAYS_BEFORE, DAYS_AHEAD = 1, 13
BY_DAY, BY_NIGHT = ("ana", "dev"), ("mo", "grace", "ruth")
BEGINS, ENDS = time(8), time(20)


def seed(people: dict[str, User], now: datetime) -> None:
    if DutyShift.objects.exists():
        return
    today = timezone.localdate(now)
    shifts = []
    for number in range(-DAYS_BEFORE, DAYS_AHEAD):
        day = today + timedelta(days=number)
        for names, hours in ((BY_DAY, (BEGINS, ENDS)), (BY_NIGHT, (ENDS, BEGINS))):
            starts_at, ends_at = shift_of(day, *hours)
            clinician = people[names[number % len(names)]]
            shifts.append(DutyShift(clinician=clinician, starts_at=starts_at, ends_at=ends_at))
    DutyShift.objects.bulk_create(shifts)
    wait_for_no_call()


def wait_for_no_call() -> None:
    """Whoever asked in the demo goes on waiting for a visitor; nobody is called each quarter of an hour."""
    OutreachTask.objects.open().update(next_call_at=None)
