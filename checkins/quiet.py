"""What stands against new quiet hours: a reminder that would fall into them would never come (K4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.models import User
from checkins.models import ReminderPlan
from notifications import ways
from notifications.models import is_within

ANY_DAY = date(2000, 1, 1)


def reminder_in(person: User, start: time, end: time) -> str:
    """The plan is not moved by itself: when to be asked is the client's own choice."""
    plan = ReminderPlan.objects.filter(client=person, is_on=True).first()
    if plan is None or not person.has_perm("checkins.check_in"):
        return ""
    times = [plan.at]
    if plan.follow_up_after:
        moment = datetime.combine(ANY_DAY, plan.at) + timedelta(minutes=plan.follow_up_after)
        times.append(moment.time())
    for clock in times:
        if is_within(clock, start, end):
            words = _(
                "Your reminder comes at %(time)s, which would be in your quiet hours. "
                "Choose other hours, or change the reminder first."
            )
            return words % {"time": time_format(clock)}
    return ""


def register() -> None:
    ways.ask_before_quiet(reminder_in)
