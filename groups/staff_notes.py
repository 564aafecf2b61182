"""What the page of one session tells staff beside its list."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from groups.models import Booking, Edit, Leave, Session
from groups.models.booking import ACTIVE

JUST_NOW = timedelta(minutes=15)


def on_its_list(session: Session) -> Q:
    """Who is on it; of one that was called off, who was on it until then and was told (B9)."""
    if session.cancelled_at is None:
        return Q(session=session, state__in=ACTIVE)
    return Q(session=session, state=Booking.State.SESSION_CANCELLED, closed_at=session.cancelled_at)


def told(session: Session) -> int:
    """How many were on it when it was called off."""
    return Booking.objects.filter(on_its_list(session)).count() if session.cancelled_at else 0


def away(session: Session, reader: User) -> set[UUID]:
    """Who should lead it and is away on that day (T9)."""
    if session.cancelled_at or session.is_over:
        return set()
    leaves = Leave.objects.visible_to(reader).on(session.local_date)
    return set(leaves.filter(person__in=session.people).values_list("person", flat=True))


def own_change(session: Session, by: User, now: datetime) -> Edit | None:
    """What this person changed a moment ago and can still take back (T7)."""
    if not by.has_perm("groups.schedule_session"):
        return None
    mine = Edit.objects.filter(session=session, edited_by=by, edited_at__gt=now - JUST_NOW, undone_at=None)
    last = mine.order_by("-edited_at", "-pk").first()
    return last if last and last.undoable_by(by) and last.can_be_undone(now) else None
