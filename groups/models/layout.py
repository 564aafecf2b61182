"""Several series laid out at once: what one asks the database is asked for all of them together (T5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from accounts.models import User
from groups import clashes
from groups.models.facilitator import Facilitator
from groups.models.laying_out import A_DAY, add, copies
from groups.models.session import Session
from groups.models.skipped_date import SkippedDate
from groups.models.suspension import Suspension

if TYPE_CHECKING:
    from groups.models.series import Series, SeriesQuerySet


@dataclass(eq=False)
class Part:
    """One of the series, held: the sessions that it lacks, who leads them, and which days are taken."""

    series: Series
    left_out: set[date] = field(default_factory=set)  # somebody decided so
    waiting: set[date] = field(default_factory=set)  # for somebody to decide
    missing: list[Session] = field(default_factory=list)
    rows: list[Facilitator] = field(default_factory=list)
    taken: set[date] = field(default_factory=set)
    in_doubt: bool = False  # something is in its way, or it in the way of another

    @property
    def people(self) -> list[User]:
        return [row.person for row in self.rows]

    @property
    def free(self) -> list[Session]:
        return [session for session in self.missing if session.rule_date not in self.taken]

    def note_taken(self, now: datetime) -> None:
        """Days without room or people wait for a decision; those that could be laid out wait no more."""
        if gone := self.waiting - self.taken:
            self.series.skipped.filter(skipped_by=None, day__in=gone).delete()
        SkippedDate.objects.bulk_create(
            [SkippedDate(series=self.series, day=day, at=now) for day in sorted(self.taken - self.waiting)],
            ignore_conflicts=True,  # somebody decided about the day a moment ago
        )


@transaction.atomic
def lay_out(rows: SeriesQuerySet, now: datetime) -> tuple[int, list[UUID]]:
    """Adds the sessions that these series lack; tells how many, and which series wait for their own turn.

    Of several that is each which is in the way of something: the first in turn keeps the day.
    """
    parts = {one.pk: Part(one) for one in rows.hold()}
    find_missing(parts, now)
    ready = hold([part for part in parts.values() if part.missing])
    find_taken(ready)
    done = [part for part in parts.values() if not part.missing] + ready
    later = [part for part in done if part.in_doubt and len(parts) > 1]
    done = [part for part in done if part not in later]
    write([part for part in done if part.free])
    for part in done:
        part.note_taken(now)
    return sum(len(part.free) for part in done), [part.series.pk for part in later]


def find_missing(parts: dict[UUID, Part], now: datetime) -> None:
    """Days ahead without a row, and that nobody left out. A group that has ended has none."""
    days = SkippedDate.objects.filter(series__in=parts).values_list("series_id", "day", "skipped_by")
    for pk, day, somebody in days:
        (parts[pk].left_out if somebody else parts[pk].waiting).add(day)
    since = min((part.series.today(now) for part in parts.values()), default=now.date()) - A_DAY
    there: dict[UUID | None, set[date | None]] = defaultdict(set)
    near = Session.objects.filter(series__in=parts, rule_date__gte=since)
    for pk, on in near.values_list("series_id", "rule_date"):
        there[pk].add(on)
    for pk, part in parts.items():
        if not part.series.group.ended_at:
            out = there[pk] | part.left_out
            part.missing = [one for one in part.series.planned(now) if one.rule_date not in out]


def hold(parts: list[Part]) -> list[Part]:
    """With their rooms and people. One that was handed over meanwhile is left to the next run."""
    if not parts:
        return []
    read_leading(parts)
    before = [part.people for part in parts]
    clashes.hold([part.series.room for part in parts], {one for people in before for one in people})
    read_leading(parts)
    for part in parts:
        for session in part.missing:  # the turnover is now as the held room has it (C1)
            session.room_free_at = session.ends_at + timedelta(minutes=part.series.room.turnover_minutes)
    return [part for part, people in zip(parts, before, strict=True) if part.people == people]


def read_leading(parts: list[Part]) -> None:
    found = {part.series.pk: part for part in parts}
    for part in parts:
        part.rows = []
    for row in Facilitator.objects.filter(series__in=found).select_related("person"):
        if row.series_id:
            found[row.series_id].rows.append(row)


def find_taken(parts: list[Part]) -> None:
    """A room that is out of use is taken on each day."""
    whose = {session.pk: part for part in parts for session in part.missing}
    sessions = [session for part in parts for session in part.missing]
    for clash in clashes.find(sessions, {pk: part.people for pk, part in whose.items()}):
        part = whose[clash.planned.pk]
        part.taken.add(day_of(clash.planned))
        part.in_doubt = True
        if other := whose.get(clash.other.pk):
            other.in_doubt = True
    for part in parts:
        if part.series.room.closed_at:
            part.taken, part.in_doubt = {day_of(session) for session in part.missing}, True


def day_of(session: Session) -> date:
    return session.rule_date or session.local_date


def write(parts: Collection[Part]) -> None:
    sessions = [session for part in parts for session in part.free]
    if not sessions:
        return
    rest(parts)
    people = {session.pk: part.people for part in parts for session in part.free}
    with clashes.guarded(sessions, people):
        add(sessions, [row for part in parts for row in copies(part.free, part.rows)])


def rest(parts: Collection[Part]) -> None:
    """Days inside a suspension get their rows, which rest until it ends (T9)."""
    found = {part.series.pk: part for part in parts}
    for suspension in Suspension.objects.standing().filter(series__in=found):
        for session in found[suspension.series_id].free:
            if suspension.first <= session.local_date <= suspension.last:
                session.suspension = suspension
