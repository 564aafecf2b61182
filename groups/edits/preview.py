"""A plan in numbers and a few dates, for the page on which it is typed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from groups import away, recurrence
from groups.edits.places import Places, of
from groups.edits.plan import Plan
from groups.models import Booking, Session

DATES_SHOWN = 8


@dataclass(frozen=True)
class Preview:
    plan: Plan

    @cached_property
    def on_it(self) -> Counter[UUID]:
        """How many people have a place in each session that goes or moves: one query."""
        ids = [*(one.pk for one in self.plan.gone), *self.plan.moved]
        rows = Booking.objects.confirmed().filter(session__in=ids).order_by()
        return Counter(rows.values_list("session", flat=True))

    @property
    def moving(self) -> list[Session]:
        rows = (one for one in self.plan.kept if one.cancelled_at is None)
        return sorted((one for one in rows if one.pk in self.plan.moved), key=start)

    @property
    def people_moving(self) -> int:
        rows = Booking.objects.confirmed().filter(session__in=self.plan.moved).order_by()
        lost = [row.pk for row in self.places.lost]
        return rows.exclude(pk__in=lost).values("client").distinct().count()

    @cached_property
    def places(self) -> Places:
        return of(self.plan)

    @property
    def people_elsewhere(self) -> int:
        """How many have something else at a new time, and need another place (C3, T8)."""
        return len({row.client_id for row in self.places.lost})

    @property
    def going(self) -> list[tuple[Session, int]]:
        """Each date that goes, with how many people are on it."""
        return [(one, self.on_it[one.pk]) for one in sorted(self.plan.gone, key=start)]

    @property
    def people_going(self) -> int:
        return sum(number for _one, number in self.going)

    @property
    def coming(self) -> list[Session]:
        return sorted([*self.plan.new, *self.plan.revived], key=start)

    @property
    def led_anew(self) -> int:
        return sum(one.pk in self.plan.led_anew for one in self.plan.standing)

    @property
    def away(self) -> list[str]:
        """Whoever the change would ask to lead on days on which they are away."""
        anew = [one for one in self.plan.kept if one.pk in self.plan.led_anew]
        return away.words(self.plan.wish.leads, [one.local_date for one in [*self.coming, *anew]])

    @property
    def staying(self) -> int:
        """Changed by hand, and left as they are."""
        rows = (one for one in self.plan.kept if one.cancelled_at is None)
        return sum(one.own_time or one.own_room or one.own_people for one in rows)

    @property
    def skipped_hours(self) -> list[date]:
        """Days on which the clock skips the chosen time (T3)."""
        target = self.plan.target
        days = [one.rule_date for one in [*self.coming, *self.moving] if one.rule_date]
        return [day for day in days if not recurrence.exists(day, target.start_time, target.zone)]

    @property
    def changes_nothing(self) -> bool:
        return not (self.moving or self.going or self.coming or self.led_anew)

    @property
    def more_coming(self) -> int:
        return max(0, len(self.coming) - DATES_SHOWN)

    @property
    def more_going(self) -> int:
        return max(0, len(self.going) - DATES_SHOWN)


def start(one: Session) -> tuple[object, ...]:
    return (one.starts_at, one.pk)
