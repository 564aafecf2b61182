"""Calls one after another for a client who needs somebody, until one says "I will go" (K6, K7).

The line is made anew at each step, since duty changes hands: whoever of it was called least often comes next,
in the order of the line. So nobody is called again before everybody was.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts import call_notices, working_hours
from accounts.models.calls import OutreachCall
from accounts.models.care_team import CareTeamMember
from accounts.models.duty import DutyShift

if TYPE_CHECKING:
    from accounts.models.outreach import OutreachTask
    from accounts.models.user import User

CALL_AFTER = timedelta(minutes=15)  # until the next person is called, day and night (K7)
UNTOUCHED = timedelta(hours=4)  # of working time, until it stands on the next person's page (K6)

Line = list[list["User"]]


def line_of(task: OutreachTask, now: datetime) -> Line:
    """Those to be called, in order; who stand together are called together.

    First the care team on duty. Where none of them is, the whole care team and whoever else is on duty: they
    know the client, and somebody is awake. Then the rest of the care team, and whoever else is on duty, one
    by one. For missed check-ins each by themselves, the primary first.
    """
    team = CareTeamMember.objects.people_of(task.client)
    on_duty = DutyShift.objects.people_at(now)
    beside = [[person] for person in on_duty if person not in team]
    if not task.is_wish:
        return [[person] for person in team] + beside
    if awake := [person for person in team if person in on_duty]:
        return [awake, *([person] for person in team if person not in awake), *beside]
    together = team + [person for person in on_duty if person not in team]
    return [together] if together else []


@transaction.atomic
def call_next_person(task: OutreachTask, now: datetime) -> list[OutreachCall]:
    """Calls whoever comes next. Two workers at once make one step: the second finds that it was made."""
    line = line_of(task, now)
    called = Counter(task.calls.values_list("clinician", flat=True))
    times = [called[person.pk] for together in line for person in together]
    all_called = not times or min(times) > 0
    is_over = all_called and not task.is_wish
    step = type(task).objects.in_no_hands().filter(pk=task.pk, step=task.step)
    if not step.update(step=F("step") + 1, next_call_at=None if is_over else next_turn(task, now)):
        return []
    task.step += 1
    if task.is_wish and all_called and task.step > 1:  # once for each time that everybody was called
        call_notices.post_nobody_answers(task, min(times, default=task.step), now)
    if is_over or not line:
        return []
    return call(task, min(line, key=lambda together: min(called[person.pk] for person in together)), now)


def next_turn(task: OutreachTask, now: datetime) -> datetime:
    return now + CALL_AFTER if task.is_wish else working_hours.add(now, UNTOUCHED)


def call(task: OutreachTask, people: list[User], now: datetime) -> list[OutreachCall]:
    calls = [OutreachCall(task=task, clinician=person, step=task.step, called_at=now) for person in people]
    OutreachCall.objects.bulk_create(calls)
    on_duty = DutyShift.objects.people_at(now)
    call_notices.post_calls([(call, kind_of(call, on_duty)) for call in calls], now)
    return calls


def kind_of(call: OutreachCall, on_duty: list[User]) -> str:
    """Where nobody at all is on duty, a wish wakes those who are called: better than that nobody hears it."""
    if not call.task.is_wish:
        return call_notices.MISSED
    return call_notices.CALLED if not on_duty or call.clinician in on_duty else call_notices.CALLED_OFF_DUTY
