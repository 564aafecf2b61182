"""What rests in these days: the house on a holiday, and people who are away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, IntegerField, QuerySet, UUIDField, Value, When

from accounts.models import User
from groups.models.holiday import Holiday
from groups.models.leave import Leave
from groups.models.room import Room

NOBODY = Value(None, output_field=UUIDField())
NEVER = Value(None, output_field=DateField())
ZERO = Value(0, output_field=IntegerField())


@dataclass
class Pauses:
    holidays: list[tuple[str, date, date]] = field(default_factory=list)  # first and last day, both included
    leaves: dict[UUID, list[tuple[date, date]]] = field(default_factory=dict)
    heads: list[tuple[UUID, str, int, bool]] = field(default_factory=list)  # by name; places, out of use

    def names(self, day: date) -> list[str]:
        return [name for name, first, last in self.holidays if first <= day <= last]

    def is_away(self, person: UUID | None, day: date) -> bool:
        leaves = self.leaves.get(person, ()) if person else ()
        return any(first <= day <= last for first, last in leaves)


def pauses(first: date, last: date, by: str = "") -> Pauses:
    """Both kinds in one query, and in the same one the rooms or the people, `by` which the board is read."""
    near = {"first__lte": last, "last__gte": first}
    holidays = (
        Holiday.objects.filter(**near).order_by().annotate(who=NOBODY, kind=Value("holiday"), size=ZERO)
    )
    leaves = Leave.objects.standing().filter(**near).order_by()
    leaves = leaves.annotate(called=Value(""), kind=Value("leave"), size=ZERO)
    rows = holidays.values_list("name", "first", "last", "who", "kind", "size").union(
        leaves.values_list("called", "first", "last", "person_id", "kind", "size"), *HEADS.get(by, list)()
    )
    found = Pauses()
    for name, begins, ends, pk, kind, size in rows.order_by("name", "who") if by else rows:
        if kind == "holiday":
            found.holidays.append((name, begins, ends))
        elif kind == "leave":
            found.leaves.setdefault(pk, []).append((begins, ends))
        else:
            found.heads.append((pk, name, size, kind == "closed"))
    return found


def rooms() -> list[QuerySet[Any, Any]]:
    kind = Case(When(closed_at=None, then=Value("room")), default=Value("closed"))
    found = Room.objects.order_by().annotate(begins=NEVER, ends=NEVER, kind=kind)
    return [found.values_list("name", "begins", "ends", "pk", "kind", "capacity")]


def people() -> list[QuerySet[Any, Any]]:
    found = User.objects.active().clinicians().order_by()
    found = found.annotate(begins=NEVER, ends=NEVER, kind=Value("person"), size=ZERO)
    return [found.values_list("chosen_name", "begins", "ends", "pk", "kind", "size")]


HEADS: dict[str, Callable[[], list[QuerySet[Any, Any]]]] = {"room": rooms, "person": people}
