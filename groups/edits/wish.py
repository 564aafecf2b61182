"""How somebody wants a series to be from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from itertools import takewhile

from accounts.models import User
from groups import recurrence
from groups.models import Room, Series


@dataclass(frozen=True)
class Wish:
    room: Room
    start_time: time
    minutes: int
    rule: str
    leads: tuple[User, ...]  # the first leads, the others co-lead
    until: date | None = None
    count: int | None = None  # how many more, from the first day of the change on
    own: bool = False  # also what was changed by hand (T7)

    @classmethod
    def of(cls, series: Series, since: date) -> Wish:
        """As it is: what the form shows first."""
        return cls(
            series.room,
            series.start_time,
            series.minutes,
            series.rule,
            tuple(series.people()),
            series.until,
            left_of(series, since),
        )

    def same_rule(self, series: Series, since: date) -> bool:
        """Whether the days stay as they are."""
        ends = (self.until, self.count) == (series.until, left_of(series, since))
        return self.rule == series.rule and ends


def left_of(series: Series, since: date) -> int | None:
    """How many times a counted series still meets, from that day on (T7)."""
    return None if series.count is None else series.count - count_before(series, since)


def count_before(series: Series, since: date) -> int:
    days = recurrence.days(series.rule, series.start_date, until=series.until, count=series.count)
    return sum(1 for _day in takewhile(lambda day: day < since, days))
