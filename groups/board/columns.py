"""The rooms and the people of the house, busy or free, as heads of columns and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from groups.board.pauses import Pauses
from groups.board.rows import Row

ROOM, PERSON = "room", "person"
WAYS = (ROOM, PERSON)


@dataclass
class Head:
    name: str
    small: str = ""
    room_id: UUID | None = None
    person_id: UUID | None = None


def heads(by: str, rows: Iterable[Row], resting: Pauses) -> list[Head]:
    """Whoever or whatever is out of use stays while something stands there."""
    return rooms(rows, resting) if by == ROOM else people(rows, resting)


def rooms(rows: Iterable[Row], resting: Pauses) -> list[Head]:
    used = {row.room_id for row in rows}
    return [
        Head(name, _("%(number)s places") % {"number": seats}, room_id=pk)
        for pk, name, seats, closed in resting.heads
        if not closed or pk in used
    ]


def people(rows: Iterable[Row], resting: Pauses) -> list[Head]:
    """Clinicians, and before them what nobody leads."""
    found = {pk: name for pk, name, _size, _closed in resting.heads}
    leading = {lead.person_id: lead.name for row in rows for lead in row.leads}
    nobody = [Head(_("Nobody yet"))] if any(not row.leads for row in rows) else []
    return nobody + [Head(name, person_id=pk) for pk, name in (found | leading).items()]


def sorter(by: str) -> Callable[[Row], Iterable[UUID | None]]:
    """Under which heads a session stands: one room, each of those who lead it."""
    if by == ROOM:
        return lambda row: [row.room_id]
    return lambda row: [lead.person_id for lead in row.leads] or [None]
