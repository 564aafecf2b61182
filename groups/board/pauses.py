"""What rests in these days: the house on a holiday, and people who are away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import UUIDField, Value

from groups.models.holiday import Holiday
from groups.models.leave import Leave


@dataclass
class Pauses:
    holidays: list[tuple[str, date, date]] = field(default_factory=list)  # first and last day, both included
    leaves: dict[UUID, list[tuple[date, date]]] = field(default_factory=dict)

    def names(self, day: date) -> list[str]:
        return [name for name, first, last in self.holidays if first <= day <= last]

    def is_away(self, person: UUID | None, day: date) -> bool:
        leaves = self.leaves.get(person, ()) if person else ()
        return any(first <= day <= last for first, last in leaves)


def pauses(first: date, last: date) -> Pauses:
    """Both kinds in one query."""
    near = {"first__lte": last, "last__gte": first}
    nobody = Value(None, output_field=UUIDField())
    holidays = Holiday.objects.filter(**near).order_by().annotate(who=nobody)
    leaves = Leave.objects.standing().filter(**near).order_by().annotate(called=Value(""))
    found = Pauses()
    rows = holidays.values_list("name", "first", "last", "who")
    for name, begins, ends, person in rows.union(leaves.values_list("called", "first", "last", "person_id")):
        if person:
            found.leaves.setdefault(person, []).append((begins, ends))
        else:
            found.holidays.append((name, begins, ends))
    return found
