"""Nobody who falls silent is overlooked (K6).

What counts is whole days in the house, by the client's own clock, on which nothing came: no check-in and no
"not today", no group, no talk. The ladder reads what is so now and keeps no count of its own: a worker that
slept for days makes today's truth, and a contact that was entered late counts from its own day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Contact, OutreachTask, Stay, User

if TYPE_CHECKING:
    from accounts.models.outreach import OutreachTaskQuerySet
    from accounts.models.user_queries import UserQuerySet

TO_THE_PRIMARY = 2  # missed days, until it stands on a page (K6); for the program to confirm
TO_THE_NEXT = 3  # missed days, until the next clinician is called too
MISSED = OutreachTask.Reason.MISSED_CHECK_INS
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Silence:
    """How long nothing came from one client: since the day of the last contact, or of arrival."""

    client: User
    since: date
    today: date

    @property
    def missed(self) -> int:
        """Whole days. Today is not over, and the day of the contact was none."""
        return (self.today - self.since - A_DAY).days

    @property
    def is_long(self) -> bool:
        return self.missed >= TO_THE_PRIMARY

    @property
    def about(self) -> uuid.UUID:
        """One for one absence, whoever reckons it: the next one begins on another day."""
        return uuid.uuid5(self.client.pk, f"no check-in from {self.since + A_DAY}")

    def is_settled(self, task: OutreachTask | None) -> bool:
        """Whether an open task says all that is to be said."""
        if task is None or not self.is_long:
            return (task is None or bool(task.taken_by_id)) and not self.is_long
        if task.about != self.about:
            return False
        return bool(task.taken_by_id) or self.missed < TO_THE_NEXT or task.step > 1


def silences(clients: UserQuerySet, now: datetime, seen: Subquery) -> Iterator[Silence]:
    """Of those of them who live here, in one query. `seen` is when somebody was last in a group."""
    from checkins.models import CheckIn

    on = timezone.localdate(now)
    rows = clients.in_house(on).annotate(
        came=latest(Stay.objects.current(on), "admitted_on"),
        said=latest(CheckIn.objects.all(), "day"),
        talked=latest(Contact.objects.all(), "at"),
        seen=seen,
    )
    for client in rows:
        moments = (client.joined_at, client.talked, client.seen)
        days = [client.local_day(at) for at in moments if at] + [client.came, client.said]
        yield Silence(client, max(day for day in days if day), client.local_day(now))


def among(ids: set[uuid.UUID], now: datetime, seen: Subquery) -> dict[uuid.UUID, Silence]:
    return {row.client.pk: row for row in silences(User.objects.filter(pk__in=ids), now, seen)}


def latest(rows: QuerySet, field: str) -> Subquery:
    theirs = rows.filter(client=OuterRef("pk")).order_by().values("client")
    return Subquery(theirs.annotate(latest=Max(field)).values("latest"))


def tasks() -> OutreachTaskQuerySet:
    return OutreachTask.objects.open().filter(reason=MISSED)


def climb(now: datetime, seen: Subquery) -> int:
    """Makes and ends tasks for what is so now, and tells for how many people. Two queries when idle."""
    people = {row.client.pk: row for row in silences(User.objects.all(), now, seen)}
    taken_last = F("taken_at").asc(nulls_first=True)  # who has one in hand stands for all of them
    known = {task.client_id: task for task in tasks().select_related("client").order_by(taken_last)}
    away = [task.client for pk, task in known.items() if pk not in people and not task.taken_by_id]
    due = [row.client for pk, row in people.items() if not row.is_settled(known.get(pk))]
    for client in (*due, *away):
        settle(client, now, seen)
    return len(due) + len(away)


@transaction.atomic
def settle(client: User, now: datetime, seen: Subquery) -> None:
    """Looks once more under the lock of the client: they may have checked in a moment ago, or another worker
    may have been here. Nothing of it reaches the client."""
    client.lock()
    silence = next(silences(User.objects.filter(pk=client.pk), now, seen), None)
    stands = silence if silence and silence.is_long else None
    theirs = tasks().filter(client=client)
    if stands is None:  # who has it in hand keeps it until they have talked
        theirs.filter(taken_by=None).lay_down(by=client, now=now)
        return
    theirs.exclude(about=stands.about).lay_down(by=client, now=now)  # that absence is over
    if theirs.exclude(taken_by=None).exists():
        return
    task = OutreachTask.objects.ask(client=client, reason=MISSED, about=stands.about, now=now)
    if task.closed_at:  # the contact that ended it was a slip
        task.open_again(now=now)
        task.call_next_person(now)
    if stands.missed >= TO_THE_NEXT and task.step < 2:
        task.call_next_person(now)


def heard_from(client: User, now: datetime) -> None:
    """Ends at once what nobody has in hand. It is the client who ended it, and no talk (K6)."""
    OutreachTask.objects.in_no_hands().filter(client=client, reason=MISSED).lay_down(by=client, now=now)
