"""The planner: puts what falls due in the outbox and moves each plan on (K3, T7).

Plans of the same choices are reckoned once. What is written for them is a few statements with their keys,
whatever their number; no plan and no message is an object of ours here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from accounts.models import Stay, User
from accounts.roles import Role
from checkins.rhythm import DAY, Rhythm
from notifications.models import TOO_LATE, Notification

if TYPE_CHECKING:
    from checkins.models.reminder_plan import ReminderPlan

KIND, FOLLOW_UP = "checkins.reminder", "checkins.follow_up"
HORIZON = timedelta(seconds=20)  # the message lies ready two ticks before its minute
BATCH = 5000  # plans of one transaction: on SQLite others who write wait for the third of a second
REMEMBERED = 7 * DAY  # for so long back the days that an outage took are counted
CHOICES = ("at", "weekdays", "paused_until", "zone_name", "planned_on", "follow_up_after")


class Letter(NamedTuple):
    """What one plan puts in the outbox."""

    kind: str
    due_on: date
    not_before: datetime
    not_after: datetime
    is_late: bool = False


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def visible_to(self, user: User) -> ReminderPlanQuerySet:
        return self.model.seen_by.rows(self, user)

    def for_client(self, client: User) -> ReminderPlan:
        return self.get_or_create(client=client)[0]

    def plan(self, now: datetime) -> int:
        """Puts the reminders that fall due next in the outbox, and tells of how many plans (K3).

        Two queries where nothing is due. Several planners at once share the work: each takes rows that no
        other has locked, and the outbox keeps one message for a plan and day.
        """
        while self._aim_some(now):
            pass
        planned = 0
        while some := self._post_some(now):
            planned += some
        return planned

    def stop(self, client: User) -> None:
        """Nothing is due any more. What the client chose stays, for another stay (A6)."""
        self.filter(client=client).update(next_on=None, next_at=None)

    def of_people_in_the_house(self, now: datetime) -> ReminderPlanQuerySet:
        return self.filter(client__in=User.objects.in_house(timezone.localdate(now)))

    def _aim_some(self, now: datetime) -> int:
        """Aims the plans of people in the house that have no next time, or whose person now lives by
        another clock, and begins those that are missing.

        Nothing is locked: a plan that was changed since it was read is not written, and is read again.
        """
        house = User.objects.in_house(timezone.localdate(now))
        clock = Coalesce(NullIf("time_zone", Value("")), Value(settings.TIME_ZONE))
        unaimed = Q(reminder_plan__next_at=None) | ~Q(reminder_plan__zone_name=F("clock"))
        rows = house.annotate(clock=clock).filter(
            Q(reminder_plan=None) | Q(unaimed, reminder_plan__is_on=True)
        )
        of_plan = [f"reminder_plan__{name}" for name in ("pk", *CHOICES)]
        found = list(rows.values_list("pk", "clock", *of_plan)[:BATCH])
        missing = [self.model(client_id=client) for client, _clock, plan, *_rest in found if plan is None]
        self.bulk_create(missing, ignore_conflicts=True)
        same: dict[tuple[Any, ...], list[uuid.UUID]] = defaultdict(list)
        for _client, clock_now, plan, *choices in found:
            if plan:
                same[clock_now, *choices].append(plan)
        for (clock_now, *choices), plans in same.items():
            read = dict(zip(CHOICES, choices, strict=True))
            rhythm = Rhythm(**read | {"zone_name": clock_now})
            day = rhythm.day_ahead(now)
            self.model.objects.filter(pk__in=plans, is_on=True, **read).update(
                next_on=day, next_at=rhythm.instant(day), zone_name=clock_now
            )
        return len(found)

    @transaction.atomic
    def _post_some(self, now: datetime) -> int:
        """Posts what is due of some plans and moves each on. The plans of people who left fall asleep."""
        due = self.filter(next_at__lte=now + HORIZON).order_by("next_at").select_for_update(skip_locked=True)
        rows = list(due.values_list("pk", "client", "next_on", *CHOICES)[:BATCH])
        home = residents({client for _plan, client, *_key in rows}, now) if rows else set()
        asleep: list[uuid.UUID] = []
        same: dict[tuple[Any, ...], list[uuid.UUID]] = defaultdict(list)
        for plan, client, *key in rows:
            (same[*key,] if client in home else asleep).append(plan)
        if asleep:
            self.model.objects.filter(pk__in=asleep).update(next_on=None, next_at=None)
        letters: dict[Letter, list[uuid.UUID]] = defaultdict(list)
        aims: dict[tuple[date, tuple[date, datetime]], list[uuid.UUID]] = defaultdict(list)
        for (next_on, *choices), plans in same.items():
            rhythm = Rhythm(**dict(zip(CHOICES, choices, strict=True)))
            for letter in letters_of(rhythm, next_on, now):
                letters[letter].extend(plans)
            aims[next_on, moved_on(rhythm, next_on, now)].extend(plans)
        for letter, plans in letters.items():
            self._post(letter, plans)
        for (planned_on, next_time), plans in aims.items():
            self._move(planned_on, next_time, plans)
        return len(rows)

    def _post(self, letter: Letter, plans: list[uuid.UUID]) -> None:
        late = {"state": Notification.State.DROPPED, "error": TOO_LATE} if letter.is_late else {}
        Notification.objects.post_each(
            self.model.objects.filter(pk__in=plans),
            recipient_id=F("client_id"),
            about=F("pk"),
            kind=letter.kind,
            due_on=letter.due_on,
            not_before=letter.not_before,
            not_after=letter.not_after,
            **late,
        )

    def _move(self, planned_on: date, next_time: tuple[date, datetime], plans: list[uuid.UUID]) -> None:
        next_on, next_at = next_time
        moved = self.model.objects.filter(pk__in=plans)
        moved.update(planned_on=planned_on, next_on=next_on, next_at=next_at)


def residents(clients: set[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """Who of these is in the house, as `UserQuerySet.in_house`; read from their own stays alone, so that it
    costs the same in any house."""
    stays = Stay.objects.current(timezone.localdate(now)).filter(client__in=clients)
    theirs = stays.filter(client__role=Role.CLIENT, client__is_active=True)
    return set(theirs.order_by().values_list("client", flat=True))


def letters_of(rhythm: Rhythm, next_on: date, now: datetime) -> list[Letter]:
    """The reminder of the date it aims at with its follow-up. Dates that are over leave a row that is never
    sent, so that staff can be told how many an outage took."""
    first = max(next_on, now.date() - REMEMBERED)
    letters = []
    for day in rhythm.missed(first, now):
        moment = rhythm.instant(day)
        letters.append(Letter(KIND, day, moment, rhythm.ends(moment), is_late=True))
    moment = rhythm.instant(next_on)
    if now < (ends := rhythm.ends(moment)):
        letters.append(Letter(KIND, next_on, moment, ends))
        if follow_up := rhythm.follow_up(next_on, now):
            letters.append(Letter(FOLLOW_UP, next_on, follow_up, ends))
    return letters


def moved_on(rhythm: Rhythm, next_on: date, now: datetime) -> tuple[date, datetime]:
    """To the next chosen day. After an outage today's reminder comes late; those of past days never."""
    later = rhythm.after(next_on)
    day = later.first_day_from(now)
    return day, later.instant(day)
