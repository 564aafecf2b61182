"""Local days and wall clocks of a series, and what they are in UTC (T1 to T4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
POSITIONS = (1, 2, 3, 4, LAST)  # which of its weekday in a month; a fifth is not in each (T1)


@dataclass(frozen=True)
class Rule:
    """Weekdays (0 is Monday) of every `interval`th week, or, with a `position`, of each month."""

    weekdays: tuple[int, ...]
    interval: int = 1
    position: int | None = None

    @classmethod
    def parse(cls, text: str) -> Rule:
        """The rule of this RFC 5545 text, which `str` wrote."""
        parts = dict(part.split("=") for part in text.split(";"))
        days = parts["BYDAY"].split(",")
        weekdays = tuple(WEEKDAYS.index(day[-2:]) for day in days)
        if parts["FREQ"] == "MONTHLY":
            return cls(weekdays, position=int(days[0][:-2]))
        return cls(weekdays, int(parts.get("INTERVAL", 1)))

    def __str__(self) -> str:
        days = [WEEKDAYS[day] for day in sorted(set(self.weekdays))]
        if self.position is None:
            return f"FREQ=WEEKLY;INTERVAL={self.interval};BYDAY={','.join(days)}"
        return f"FREQ=MONTHLY;BYDAY={','.join(f'{self.position}{day}' for day in days)}"

    def first_day(self, start: date) -> date:
        """Its first day on or after `start`: where every second week begins to be counted."""
        if self.position is None:
            return first_day(start, self.weekdays)
        return next(days(str(self), start))


def weekly(weekdays: Iterable[int], interval: int = 1) -> str:
    return str(Rule(tuple(weekdays), interval))


def monthly(weekdays: Iterable[int], position: int) -> str:
    return str(Rule(tuple(weekdays), position=position))


def first_day(start: date, weekdays: Iterable[int]) -> date:
    return start + timedelta(days=min((day - start.weekday()) % 7 for day in weekdays))


def monday(day: date) -> date:
    """Of its week: weeks begin on it when every second one counts (RFC 5545, WKST)."""
    return day - timedelta(days=day.weekday())


def days(rule: str, start: date, *, until: date | None = None, count: int | None = None) -> Iterator[date]:
    """Local dates of the rule from `start` on, `until` included; endless when neither end is given."""
    dates: Iterator[date] = (
        moment.date() for moment in rrulestr(rule, dtstart=datetime.combine(start, time()))
    )
    for number, day in enumerate(dates):
        if (until and day > until) or (count is not None and number >= count):
            return
        yield day


def up_to(dates: Iterator[date], horizon: date) -> Iterator[date]:
    return takewhile(lambda day: day <= horizon, dates)


def to_utc(day: date, at: time, zone: str) -> datetime:
    """The moment at which clocks in `zone` show `at`.

    A time that does not exist takes the offset before the gap, a time that comes twice is its first
    occurrence (T3; RFC 5545, 3.3.5). Both are what fold=0 means.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def exists(day: date, at: time, zone: str) -> bool:
    """False for the hour that clocks skip in spring."""
    return to_utc(day, at, zone).astimezone(ZoneInfo(zone)).time() == at
