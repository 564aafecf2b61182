"""One day: rooms or people across, quarters of an hour down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groups.board.columns import Head, sorter
from groups.board.dates import monday_before
from groups.board.pauses import Pauses
from groups.board.placing import Column, Grid, day_column
from groups.board.rows import Row

A_DAY = timedelta(days=1)


class DayBoard(Grid):
    def __init__(
        self, day: date, rows: Iterable[Row], heads: Iterable[Head], by: str, resting: Pauses
    ) -> None:
        self.date = day
        self.holidays = resting.names(day)
        places, keys = {}, sorter(by)
        for head in heads:
            column = Column(day, head.name, head.small, head.room_id, head.person_id)
            column.notes = [_("away")] if resting.is_away(head.person_id, day) else []
            places[head.room_id or head.person_id] = column
        for row in rows:
            for key in keys(row):
                places[key].sessions.append(row)
        super().__init__(places.values())

    @property
    def title(self) -> str:
        return date_format(self.date, "l, j F")

    @property
    def previous(self) -> str:
        return (self.date - A_DAY).isoformat()

    @property
    def next(self) -> str:
        return (self.date + A_DAY).isoformat()

    @property
    def days(self) -> list[Column]:
        """The week around it, to switch between."""
        monday = monday_before(self.date)
        return [day_column(monday + timedelta(days=number)) for number in range(7)]
