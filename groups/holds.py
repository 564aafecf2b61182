"""How long a place is kept for somebody to whom it was offered (B4, K5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notifications.models import quiet_end, quiet_hours

if TYPE_CHECKING:
    from accounts.models import User

OFFERED_BEFORE = timedelta(hours=24)  # nearer to the start, who asked for it is added at once
HELD_FOR = timedelta(hours=12)  # of the person's own hours: quiet ones do not count
STAFF_ONLY_WITHIN = timedelta(hours=2)  # of the start


def hold_end(person: User, now: datetime, starts_at: datetime) -> datetime:
    """Until when an offer of this moment is theirs: at the latest when staff alone give places, and within a
    day of the start always until then, however short the quiet hours are."""
    at, left, last = now.astimezone(UTC), HELD_FOR, last_moment(starts_at)
    if now >= starts_at - OFFERED_BEFORE:
        return last
    while left > timedelta(0) and at < last:
        quiet_until = quiet_end(person, at)
        if quiet_until and quiet_until.astimezone(UTC) > at:
            at = quiet_until.astimezone(UTC)
            continue
        awake = min(left, next_quiet(person, at) - at)
        at, left = at + awake, left - awake
    return min(at, last)


def last_moment(starts_at: datetime) -> datetime:
    return starts_at.astimezone(UTC) - STAFF_ONLY_WITHIN


def next_quiet(person: User, at: datetime) -> datetime:
    """When the person is next left in peace, by their own clock; the same day again counts as tomorrow."""
    start, end = quiet_hours(getattr(person, "reach", None))
    if start == end:
        return at + HELD_FOR  # no hour of theirs is quiet
    local = at.astimezone(person.zone)
    begins = datetime.combine(local.date(), start, tzinfo=person.zone).astimezone(UTC)
    if begins <= at:
        tomorrow = local.date() + timedelta(days=1)
        begins = datetime.combine(tomorrow, start, tzinfo=person.zone).astimezone(UTC)
    return begins


def is_quiet(person: User, now: datetime) -> bool:
    return quiet_end(person, now) is not None
