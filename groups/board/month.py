"""A month in whole weeks: how much is on each day, and what comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.formats import date_format

from groups.board.dates import clock, monday_before
from groups.board.pauses import Pauses

if TYPE_CHECKING:
    from groups.models.session_queries import SessionQuerySet

NAMES_SHOWN = 3
NAMES_OF_A_CROWD = 2
A_DAY = timedelta(days=1)


@dataclass
class MonthDay:
    date: date
    is_inside: bool
    sessions: int = 0
    cancelled: int = 0
    resting: int = 0
    groups: list[tuple[str, str, int]] = field(default_factory=list)  # first time, name, how many
    holidays: list[str] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()

    @property
    def shown(self) -> list[tuple[str, str, int]]:
        return self.groups if len(self.groups) <= NAMES_SHOWN else self.groups[:NAMES_OF_A_CROWD]

    @property
    def more(self) -> int:
        return len(self.groups) - len(self.shown)


class Month:
    def __init__(self, first: date, sessions: SessionQuerySet, resting: Pauses) -> None:
        self.first = first
        begin, end = shown_days(first)
        number = (end - begin).days + 1
        dates = [begin + n * A_DAY for n in range(number)]
        days = [MonthDay(each, each.month == first.month) for each in dates]
        self._count({day.date: day for day in days}, sessions.filter(local_date__range=(begin, end)))
        for day in days:
            day.holidays = resting.names(day.date)
        self.weeks = [days[n : n + 7] for n in range(0, number, 7)]

    @property
    def title(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def names(self) -> list[tuple[str, str]]:
        """Of the weekdays, short and in full."""
        return [(date_format(day.date, "D"), date_format(day.date, "l")) for day in self.weeks[0]]

    @property
    def previous(self) -> str:
        return f"{self.first - A_DAY:%Y-%m}"

    @property
    def next(self) -> str:
        return f"{self.first + 31 * A_DAY:%Y-%m}"

    @staticmethod
    def _count(days: dict[date, MonthDay], sessions: SessionQuerySet) -> None:
        """One query: a row for each group and day."""
        standing = Q(cancelled_at=None, suspension=None)
        rests = Q(cancelled_at=None, suspension__isnull=False)
        rows = sessions.filter(withdrawn_by=None).order_by().values_list("local_date", "group__name")
        totals = rows.annotate(
            begins=Min("starts_at", filter=standing),
            on=Count("pk", filter=standing),
            off=Count("pk", filter=Q(cancelled_at__isnull=False)),
            resting=Count("pk", filter=rests),
        )
        for day, group, begins, on, off, resting in totals.order_by("local_date", "begins", "group__name"):
            days[day].sessions += on
            days[day].cancelled += off
            days[day].resting += resting
            if begins:
                days[day].groups.append((clock(timezone.localtime(begins)), group, on))


def shown_days(first: date) -> tuple[date, date]:
    """From the Monday of its first week to the Sunday of its last."""
    last = (first + 31 * A_DAY).replace(day=1) - A_DAY
    return monday_before(first), monday_before(last) + 6 * A_DAY
