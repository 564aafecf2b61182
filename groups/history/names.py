"""The rooms, groups and people that rows of a history name by number, read all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from groups.models import Group, Room
from groups.models.recorded import UNKNOWN, WHY

BY_COLUMN: dict[str, type[Model]] = {"room_id": Room, "group_id": Group, "prerequisite_id": Group}


@dataclass
class Names:
    known: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Names:
        """A query for each kind of thing, however many rows there are."""
        ids: dict[type[Model], set[UUID]] = {Room: set(), Group: set(), User: set()}
        for row in rows:
            for column, model in BY_COLUMN.items():
                if key := getattr(row, column, None):
                    ids[model].add(key)
            if row.history_user_id:
                ids[User].add(row.history_user_id)
            ids[User].update(person for part in leading(row) or () for person in part[1:])
        names = cls()
        for model, keys in ids.items():
            if keys:
                names.known |= {pk: str(found) for pk, found in model._default_manager.in_bulk(keys).items()}
        return names

    def of_key(self, key: UUID | None) -> str:
        return self.known.get(key, _("something that is gone")) if key else ""

    def of_person(self, key: UUID | None) -> str:
        return self.known.get(key, _("somebody")) if key else _("the product itself")


def leading(row: Any) -> list[tuple[Any, ...]] | None:
    """Role, person, for whom they stand in. None where nobody wrote down who led."""
    words = row.history_change_reason
    if words is None or words == UNKNOWN or not hasattr(row, "room_id"):
        return None
    parts = (part.partition(WHY)[0].split(":") for part in words.split())
    return [(role, *map(UUID, keys)) for role, *keys in parts]


def reasons(row: Any) -> list[str]:
    """Why each of them was let be in two places, in the same order; mostly nothing (C2)."""
    return [unquote(part.partition(WHY)[2]) for part in row.history_change_reason.split()]
