"""Local days and wall clocks of a series, and what they are in UTC (T1 to T4)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def weekly(weekdays: list[int], interval: int = 1) -> str:
    """The RFC 5545 rule for these weekdays (0 is Monday) every `interval` weeks."""
    days = ",".join(WEEKDAYS[day] for day in sorted(set(weekdays)))
    return f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={days}"


def first_day(start: date, weekdays: list[int]) -> date:
    """The first of these weekdays on or after `start`: where every second week begins to be counted."""
    return start + timedelta(days=min((day - start.weekday()) % 7 for day in weekdays))


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
