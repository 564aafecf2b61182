"""Where a session stands on a board: quarters of an hour down, lanes across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from groups.board.dates import full_hour
from groups.board.rows import Row

FIRST_HOUR, LAST_HOUR = 8, 18  # of a quiet week; a session before or after makes the board longer
LONGEST = 32  # quarters of an hour, eight hours: what places.css knows
QUARTER = 900  # seconds
LANES_AT_MOST = 4  # side by side in one column; more of them are too narrow to read


@dataclass(eq=False)
class Slot:
    session: Row
    row: int  # in quarters of an hour from the top of the board
    height: int
    lane: int = 0  # 0 takes the whole width of its column

    @property
    def place(self) -> str:
        """Classes of places.css and board.css."""
        column = f"from-{self.lane}" if self.lane else "whole"
        return f"r{self.row + 1} h{self.height} {column}"


@dataclass(eq=False)
class Column:
    """What stands under one head: a day, or on a day a room or a person."""

    date: date
    name: str
    small: str = ""
    room_id: UUID | None = None
    person_id: UUID | None = None
    notes: list[str] = field(default_factory=list)  # the holiday's name, "away"
    sessions: list[Row] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    lanes: int = 1

    @property
    def iso(self) -> str:
        return self.date.isoformat()

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()

    def stand_side_by_side(self) -> None:
        """Slots at one time share the width; a slot alone in its hours keeps all of it."""
        together: list[Slot] = []
        bottom = 0
        for slot in sorted(self.slots, key=lambda slot: (slot.row, -slot.height)):
            if slot.row >= bottom:
                self.lanes = max(self.lanes, share(together))
                together = []
            together.append(slot)
            bottom = max(bottom, slot.row + slot.height)
        self.lanes = max(self.lanes, share(together))


def day_column(day: date) -> Column:
    return Column(day, *names_of(day, get_language()))


@lru_cache(512)
def names_of(day: date, language: str | None) -> tuple[str, str]:
    """In this language, the one that is on: the same few weeks are looked at again and again."""
    return date_format(day, "D"), date_format(day, "j M")


def share(slots: list[Slot]) -> int:
    """Gives each slot the first lane that is free at its top; tells how many lanes that takes."""
    if len(slots) < 2:
        return 1
    bottoms: list[int] = []
    for slot in slots:
        lane = next((n for n, bottom in enumerate(bottoms) if bottom <= slot.row), len(bottoms))
        bottoms[lane : lane + 1] = [slot.row + slot.height]
        slot.lane = lane + 1
    return len(bottoms)


class Grid:
    """Columns under one scale of hours, long enough for everything that stands in them."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = list(columns)
        rows = [row for column in self.columns for row in column.sessions]
        self.first_hour = min([FIRST_HOUR, *(row.starts.hour for row in rows)])
        self.last_hour = max([LAST_HOUR, *(last_hour(row) for row in rows)])
        for column in self.columns:
            column.slots = [self._slot(row) for row in column.sessions]
            column.stand_side_by_side()

    @property
    def is_empty(self) -> bool:
        return not any(column.sessions for column in self.columns)

    @property
    def hours(self) -> list[tuple[str, str]]:
        """Each as an address names it, and as people read it."""
        hours = range(self.first_hour, self.last_hour)
        return [(f"{hour:02}:00", full_hour(hour)) for hour in hours]

    @property
    def length(self) -> str:
        """A class: how much smaller the quarters stand on paper."""
        hours = self.last_hour - self.first_hour
        return "" if hours <= 10 else "long" if hours <= 14 else "longest"

    @property
    def is_crowded(self) -> bool:
        return any(column.lanes > LANES_AT_MOST for column in self.columns)

    def _slot(self, session: Row) -> Slot:
        """At least half an hour high, so that its name fits, and never past the midnight of its day.

        By the clock on the wall: on a day on which the clock changes, a session still begins and ends where
        the scale of hours says so.
        """
        row = (session.starts.hour - self.first_hour) * 4 + session.starts.minute // 15
        wall = session.ends.replace(tzinfo=None) - session.starts.replace(tzinfo=None)
        to_midnight = (24 - self.first_hour) * 4 - row
        height = round(wall / timedelta(seconds=QUARTER))
        return Slot(session, row, min(max(2, height), LONGEST, to_midnight))


def last_hour(row: Row) -> int:
    """The full hour by which the session is over, on the day it began."""
    if row.ends.date() > row.starts.date():
        return 24
    return row.ends.hour + (row.ends.minute > 0)


def by_date(rows: Iterable[Row]) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows:
        found.setdefault(row.starts.date(), []).append(row)
    return found
