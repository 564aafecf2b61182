"""A week: days across, quarters of an hour down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from groups.board.dates import span, week_of
from groups.board.placing import Column, Grid, by_date, day_column
from groups.board.rows import Row
from groups.models.holiday import Holiday

A_WEEK = timedelta(days=7)


def holidays(first: date, last: date) -> list[Holiday]:
    return list(Holiday.objects.filter(first__lte=last, last__gte=first))


def name_holidays(columns: Iterable[Column], rests: list[Holiday]) -> None:
    for column in columns:
        column.notes += [rest.name for rest in rests if rest.first <= column.date <= rest.last]


class Week(Grid):
    """The days from `monday`, the weekend only when something is on."""

    def __init__(self, monday: date, rows: Iterable[Row], rests: list[Holiday] | None = None) -> None:
        self.monday = monday
        found = by_date(rows)
        columns = [day_column(monday + timedelta(days=number)) for number in range(7)]
        for column in columns:
            column.sessions = found.get(column.date, [])
        busy = max((column.date.weekday() for column in columns if column.sessions), default=0)
        super().__init__(columns[: 7 if busy > 4 else 5])
        name_holidays(self.columns, rests or [])

    @property
    def title(self) -> str:
        return span(self.columns[0].date, self.columns[-1].date)

    @property
    def previous(self) -> str:
        return week_of(self.monday - A_WEEK)

    @property
    def next(self) -> str:
        return week_of(self.monday + A_WEEK)
