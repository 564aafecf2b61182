"""What the page of one session tells staff beside its list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from groups.models import Booking, Edit, Leave, Session, SessionNote
from groups.roster import on_its_list

JUST_NOW = timedelta(minutes=15)


def told(session: Session) -> int:
    """How many were on it when it was called off."""
    return Booking.objects.filter(on_its_list(session)).count() if session.cancelled_at else 0


def kept(session: Session, reader: User, now: datetime) -> dict[str, Any]:
    """Whether they keep its note (B6, B9), and that there is one, not its words."""
    keeps, notes = session.is_noted_by(reader, now), SessionNote.objects.visible_to(reader)
    mine = notes.filter(session=session).defer("sealed").select_related("written_by")
    return {"keeps_note": keeps, "note": mine.first() if keeps else None}


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
