"""Whether a reminder still has its point, asked for many at once right before they go out (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from checkins.models import CheckIn, ReminderPlan
from checkins.models.reminder_plan import FOLLOW_UP, KIND
from notifications.models import Notification, quiet_end

LEAST_APART = timedelta(minutes=30)  # of a reminder that came late and its follow-up


def wanted_among(notifications: Sequence[Notification], now: datetime) -> set[UUID]:
    """Of these reminders and follow-ups, those whose plan is still on and not paused, whose person is in the
    house and said nothing on that day. Three queries for any number.

    Inside quiet hours one has lost its point, so it is dropped here, before delivery would hold it back.
    """
    return standing_among([row for row in notifications if not sleeps(row, now)], now)


def sleeps(row: Notification, now: datetime) -> bool:
    return row.recipient is None or quiet_end(row.recipient, now) is not None


def ended_by_night(row: Notification, now: datetime) -> bool:
    """A reminder is never planned inside quiet hours, so one that comes up there was held up (row 26)."""
    return row.recipient is not None and sleeps(row, now) and bool(standing_among([row], now))


def standing_among(awake: Sequence[Notification], now: datetime) -> set[UUID]:
    plans = standing_plans(awake, now)
    answered = answered_by(awake, now)
    reminded = reminded_before([row for row in awake if row.kind == FOLLOW_UP], now)
    return {
        row.pk
        for row in awake
        if (plan := plans.get(row.about))
        and plan.stands_on(row.due_on)
        and row.recipient_id not in answered
        and (row.kind == KIND or (plan.follow_up_after and (row.about, row.due_on) in reminded))
    }


def standing_plans(rows: Sequence[Notification], now: datetime) -> dict[UUID, ReminderPlan]:
    plans = ReminderPlan.objects.filter(pk__in={row.about for row in rows})
    return {plan.pk: plan for plan in plans.of_people_in_the_house(now)}


def answered_by(rows: Sequence[Notification], now: datetime) -> set[UUID]:
    """Who of the recipients has a check-in of the day it is for them."""
    days = {row.recipient_id: row.recipient.local_day(now) for row in rows if row.recipient}
    said = CheckIn.objects.filter(client__in=days, day__in=set(days.values()))
    return {client for client, day in said.values_list("client", "day") if days[client] == day}


def reminded_before(follow_ups: list[Notification], now: datetime) -> set[tuple[UUID, date]]:
    """The plans and dates whose reminder went out, or stood under Notices alone, a while ago. After an outage
    of the mail both are due at once, and one is enough: a try that failed shows the notice too."""
    if not follow_ups:
        return set()
    first = Notification.objects.filter(
        kind=KIND,
        recipient__in={row.recipient_id for row in follow_ups},
        due_on__in={row.due_on for row in follow_ups},
    ).filter(
        Q(sent_at__lte=now - LEAST_APART) | Q(state=Notification.State.NOTED, shown_at__lte=now - LEAST_APART)
    )
    return set(first.values_list("about", "due_on"))
