"""A week as a table: rooms, people or hours down, days across, a list of sessions in each cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from groups.board.columns import Head, sorter
from groups.board.dates import full_hour
from groups.board.pauses import Pauses
from groups.board.placing import Column, Grid
from groups.board.rows import Row
from groups.board.week import Week


@dataclass
class Cell:
    day: Column
    time: str = ""  # of a row of hours, as an address names it
    away: bool = False
    sessions: list[Row] = field(default_factory=list)


@dataclass
class Line:
    head: Head
    cells: list[Cell]


def by_heads(week: Week, heads: Iterable[Head], by: str, resting: Pauses) -> list[Line]:
    """Who and what is busy when, and so who and what is free."""
    lines = {
        head.room_id or head.person_id: Line(
            head, [Cell(day, away=resting.is_away(head.person_id, day.date)) for day in week.columns]
        )
        for head in heads
    }
    keys = sorter(by)
    for number, day in enumerate(week.columns):
        for row in day.sessions:
            for key in keys(row):
                lines[key].cells[number].sessions.append(row)
    return list(lines.values())


def by_hours(week: Grid) -> list[Line]:
    """For a week, or a column of a day, too full for lanes."""
    lines = {
        hour: Line(Head(full_hour(hour)), [Cell(day, f"{hour:02}:00") for day in week.columns])
        for hour in range(week.first_hour, week.last_hour)
    }
    for number, day in enumerate(week.columns):
        for row in day.sessions:
            lines[row.starts.hour].cells[number].sessions.append(row)
    return list(lines.values())


def corner(by: str) -> str:
    return {"room": _("Room"), "person": _("Person")}.get(by, _("Time"))
