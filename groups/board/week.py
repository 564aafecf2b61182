"""A week: days across, quarters of an hour down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from groups.board.dates import span, week_of
from groups.board.pauses import Pauses
from groups.board.placing import Grid, by_date, day_column
from groups.board.rows import Row

A_WEEK = timedelta(days=7)


class Week(Grid):
    """The days from `monday`, the weekend only when something is on."""

    def __init__(self, monday: date, rows: Iterable[Row], resting: Pauses) -> None:
        self.monday = monday
        found = by_date(rows)
        columns = [day_column(monday + timedelta(days=number)) for number in range(7)]
        for column in columns:
            column.sessions, column.notes = found.get(column.date, []), resting.names(column.date)
        busy = max((column.date.weekday() for column in columns if column.sessions), default=0)
        super().__init__(columns[: 7 if busy > 4 else 5])

    @property
    def title(self) -> str:
        return span(self.columns[0].date, self.columns[-1].date)

    @property
    def previous(self) -> str:
        return week_of(self.monday - A_WEEK)

    @property
    def next(self) -> str:
        return week_of(self.monday + A_WEEK)
