"""The month picture: on which days there is a page. Nothing of the pages is in it."""

from __future__ import annotations

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise

from journal.models import EARLIEST

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date | None:
    """2026-11-24; None for anything else, and for a day on which no page can be."""
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day >= EARLIEST else None


def month_of(text: str) -> date | None:
    """The first day of 2026-11; None for anything else."""
    return day_of(f"{text}-01")


def following(month: date) -> date:
    """The first day of the next month; in the last month that a date can name, its first day again."""
    try:
        return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    except OverflowError:
        return month.replace(day=1)


@dataclass(frozen=True)
class Day:
    date: date
    is_written: bool
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day | None]]
    before: date | None  # the months beside it, None where no page can be
    after: date | None

    @classmethod
    def of(cls, day: date, *, written: frozenset[int], today: date, chosen: date | None = None) -> Month:
        """The month of that day, from Monday to Sunday. `written` are the days of it that have a page."""
        first = day.replace(day=1)

        def cell(number: int) -> Day | None:
            if not number:
                return None
            date_ = first.replace(day=number)
            return Day(date_, number in written, date_ == today, date_ == chosen)

        weeks = Calendar().monthdayscalendar(first.year, first.month)
        return cls(
            first,
            [[cell(number) for number in week] for week in weeks],
            before=(first - timedelta(days=1)).replace(day=1) if first > EARLIEST else None,
            after=following(first) if first < today.replace(day=1) else None,
        )

    @property
    def weekdays(self) -> list[tuple[str | Promise, str | Promise]]:
        """Each in short and in full."""
        return [(WEEKDAYS_ABBR[number], WEEKDAYS[number]) for number in range(7)]
