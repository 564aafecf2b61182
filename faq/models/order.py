"""The order in which readers meet topics, and questions within a topic."""

from typing import Any
from uuid import UUID

from django.db import models, transaction

from faq.models.edition import Edition


@transaction.atomic
def move(rows: models.QuerySet[Any], key: UUID, to: str) -> None:
    """Moves one of these rows `up`, `down`, to the `first` place, or behind the row with this key.

    Relative to how they stand when the lock is held: where two people move rows at once, both moves happen.
    """
    Edition.objects.renew()
    standing = {row.pk: row for row in rows}
    if key not in standing:
        return
    keys = rearranged(list(standing), key, to)
    changed = []
    for place, each in enumerate(keys, start=1):
        if standing[each].order != place:
            standing[each].order = place
            changed.append(standing[each])
    rows.model.objects.bulk_update(changed, ["order"])


def rearranged(keys: list[UUID], key: UUID, to: str) -> list[UUID]:
    """Beyond the ends, or behind a row that is gone, nothing moves."""
    at, rest = keys.index(key), [each for each in keys if each != key]
    places = {"first": 0, "up": max(at - 1, 0), "down": at + 1}
    places |= {str(each): place for place, each in enumerate(rest, start=1)}
    place = places.get(to, at)
    return [*rest[:place], key, *rest[place:]]
