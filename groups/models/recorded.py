"""What a plan was before each change, and who led it then.

Laying out a series writes no such rows, so that a year of sessions costs nothing; the first change of a
session writes how it was planned, and each change a row of its own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from simple_history.models import HistoricalRecords

from groups.models.facilitator import Facilitator

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.series import Series
    from groups.models.session import Session

People = dict[uuid.UUID, str]  # who led a plan, by its number


class Recorded(HistoricalRecords):
    """Who leads stands in rows of its own, which keep no history: each row here names them, by number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_change_reason_field=models.TextField(null=True), **options)  # noqa: DJ001

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: str) -> str:
        return who_leads([instance]).get(instance.pk, "")


def who_leads(rows: Collection[Session] | Collection[Series]) -> People:
    """For each of these sessions, or series: role and number of each person, the lead first. One query."""
    owner = next((type(row)._meta.model_name for row in rows), "session")
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    led = Facilitator.objects.filter(**{f"{owner}__in": [row.pk for row in rows]})
    for pk, role, person, beside in led.values_list(owner, "role", "person", "stands_in_for"):
        found[pk].append(":".join(str(part) for part in (role, person, beside) if part))
    return {pk: " ".join(people) for pk, people in found.items()}


def begin(rows: Collection[Session]) -> None:
    """How these were planned, for those that were never changed. Call it before anything changes."""
    if not rows:
        return
    history = type(next(iter(rows))).history
    known = set(history.filter(id__in=[row.pk for row in rows]).values_list("id", flat=True))
    add(rows=[row for row in rows if row.pk not in known], is_first=True)


def changed(rows: Collection[Session], *, by: User | None) -> None:
    """These stand otherwise from now on, or are led by somebody else, and it was this person who saw to it."""
    add(rows, by=by)


def add(rows: Iterable[Session], *, by: User | None = None, is_first: bool = False) -> None:
    rows = list(rows)
    people = who_leads(rows)
    for row in rows:
        # What simple_history reads of a row that it writes in bulk.
        row._change_reason = people.get(row.pk, "")  # type: ignore[attr-defined]
        row._history_user = None if is_first else by
        row._history_date = row.changed_at
    if rows:
        type(rows[0]).history.bulk_history_create(rows, batch_size=100, update=not is_first)
    for row in rows:
        del row._change_reason, row._history_date  # type: ignore[attr-defined]
