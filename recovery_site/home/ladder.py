"""What counts as a contact comes from every app, so the ladder of missed days is put together here (K6)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery

from accounts.models import User
from checkins import ladder
from groups.models import Attendance


def last_seen() -> Subquery:
    """When the client of the outer query was last in a group, by its start. A late sheet counts as well."""
    there = [state for state, _words in Attendance.WAS_THERE]
    marks = Attendance.objects.filter(client=OuterRef("pk"), state__in=there, session__cancelled_at=None)
    last = marks.order_by().values("client").annotate(last=Max("session__starts_at"))
    return Subquery(last.values("last"))


def climb(now: datetime) -> int:
    return ladder.climb(now, last_seen())


def silences_of(clients: set[UUID], now: datetime) -> dict[UUID, ladder.Silence]:
    """How long nothing came from these, in one query."""
    rows = ladder.silences(User.objects.filter(pk__in=clients), now, last_seen())
    return {row.client.pk: row for row in rows}
