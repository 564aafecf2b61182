"""The rooms and the people of the house, busy or free, as heads of columns and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _

from accounts.models import User
from groups.board.rows import Row
from groups.models.room import Room

ROOM, PERSON = "room", "person"
WAYS = (ROOM, PERSON)


@dataclass
class Head:
    name: str
    small: str = ""
    room_id: UUID | None = None
    person_id: UUID | None = None
    away: list[tuple[date, date]] = field(default_factory=list)  # first and last day of each leave

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def has(self, row: Row) -> bool:
        if self.room_id:
            return row.room_id == self.room_id
        if self.person_id:
            return any(lead.person_id == self.person_id for lead in row.leads)
        return not row.leads


def heads(by: str, rows: Iterable[Row], first: date, last: date) -> list[Head]:
    """One query. Whoever or whatever is out of use stays while something stands there."""
    return rooms(rows) if by == ROOM else people(rows, first, last)


def rooms(rows: Iterable[Row]) -> list[Head]:
    used = {row.room_id for row in rows}
    found = Room.objects.values_list("pk", "name", "capacity", "closed_at").order_by("name")
    return [
        Head(name, _("%(number)s places") % {"number": seats}, room_id=pk)
        for pk, name, seats, closed in found
        if closed is None or pk in used
    ]


def people(rows: Iterable[Row], first: date, last: date) -> list[Head]:
    """Clinicians, with their leave in these days, and before them what nobody leads."""
    leading = {lead.person_id: lead.name for row in rows for lead in row.leads}
    near = Q(leaves__ended_at=None, leaves__first__lte=last, leaves__last__gte=first)
    staff = User.objects.active().clinicians().annotate(leave=FilteredRelation("leaves", condition=near))
    found: dict[UUID, Head] = {}
    for pk, name, begins, ends in staff.order_by("chosen_name", "pk").values_list(
        "pk", "chosen_name", "leave__first", "leave__last"
    ):
        head = found.setdefault(pk, Head(name, person_id=pk))
        if begins:
            head.away.append((begins, ends))
    left = [Head(name, person_id=pk) for pk, name in leading.items() if pk not in found]
    nobody = [Head(_("Nobody yet"))] if any(not row.leads for row in rows) else []
    return [*nobody, *found.values(), *left]


def sorter(by: str) -> Callable[[Row], Iterable[UUID | None]]:
    """Under which heads a session stands: one room, each of those who lead it."""
    if by == ROOM:
        return lambda row: [row.room_id]
    return lambda row: [lead.person_id for lead in row.leads] or [None]
