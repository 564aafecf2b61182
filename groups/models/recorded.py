"""What a plan was before each change, and who led it then.

Laying out a series writes no such rows, so that a year of sessions costs nothing; the first change of a
session writes how it was planned, and each change a row of its own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import models
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from groups.models.facilitator import Facilitator

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.series import Series
    from groups.models.session import Session

UNKNOWN = "?"  # who led it before its people changed
WHY = "~"  # before the reason, which has neither blank nor colon (quoted)


class RecordedManager(HistoryManager):
    def bulk_history_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> Any:
        rows = list(objs)
        people = {} if options.get("default_change_reason") == UNKNOWN else who_leads(rows)
        for row in rows:
            row._change_reason = people.get(row.pk)
        return super().bulk_history_create(rows, *args, **options)


class Recorded(HistoricalRecords):
    """Who leads stands in rows of its own, which keep no history: each row here names them, by number."""

    def __init__(self, **options: Any) -> None:
        reason = models.TextField(null=True)
        super().__init__(history_change_reason_field=reason, history_manager=RecordedManager, **options)

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: str) -> str:
        return who_leads([instance]).get(instance.pk, "")


def who_leads(rows: Collection[Any]) -> dict[uuid.UUID, str]:
    """For each of these sessions, or series: role and number of each person, the lead first, and why one may
    be in two places, which their row forgets with the next change (C2). One query."""
    owner = str(next((row._meta.model_name for row in rows), "session"))
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    led = Facilitator.objects.filter(**{f"{owner}__in": [row.pk for row in rows]})
    columns = ("role", "person", "stands_in_for", "overlap_reason")
    for pk, role, person, beside, why in led.values_list(owner, *columns):
        keys = ":".join(str(part) for part in (role, person, beside) if part)
        found[pk].append(f"{keys}{WHY}{quote(why, safe='')}" if why else keys)
    return {pk: " ".join(people) for pk, people in found.items()}


def begin(rows: Iterable[Any], *, people_changed: bool = False) -> None:
    """How these stand in the database, for those that were never changed. Call it before anything is saved.

    With `people_changed` it comes too late to know who led. Of rooms and groups that were made before there
    was a history, nobody knows when.
    """
    rows = list(rows)
    if not rows:
        return
    model, ids = type(rows[0]), {row.pk for row in rows}
    known = set(model.history.filter(id__in=ids).values_list("id", flat=True))
    new = list(model.objects.filter(pk__in=ids - known))
    for row in new:
        row._history_user = getattr(row, "created_by", None)
        row._history_date = getattr(row, "changed_at", None) or getattr(row, "created_at", timezone.now())
    why = UNKNOWN if people_changed or not hasattr(model, "facilitators") else ""
    model.history.bulk_history_create(new, batch_size=100, default_change_reason=why)


def changed(rows: Iterable[Session | Series], *, by: User | None, now: object) -> None:
    """These are led by others from now on, and it was this person who saw to it."""
    rows = list(rows)
    if rows:
        history = type(rows[0]).history
        history.bulk_history_create(rows, batch_size=100, update=True, default_user=by, default_date=now)
