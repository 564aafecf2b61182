"""What counts as a contact comes from every app, so the ladder of missed days is put together here (K6)."""

from datetime import datetime
from uuid import UUID

from checkins import ladder
from groups.last_seen import last_seen


def climb(now: datetime) -> int:
    return ladder.climb(now, last_seen())


def silences_of(clients: set[UUID], now: datetime) -> dict[UUID, ladder.Silence]:
    """How long nothing came from these, in one query."""
    return ladder.among(clients, now, last_seen())
