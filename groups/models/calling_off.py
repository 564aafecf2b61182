from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import F

from accounts.models import User
from groups import notices
from groups.models.booking import State
from groups.refusals import Begun

if TYPE_CHECKING:
    from groups.models.session import Session


class CallingOff:
    """A session that does not take place after all (B9)."""

    cancelled_at: datetime | None

    def can_be_cancelled_by(self, user: User, now: datetime) -> bool:
        session = cast("Session", self)
        return session.is_in_hands_of(user) and not (session.cancelled_at or session.has_begun(now))

    def cancel(self, *, by: User, now: datetime) -> None:
        """Calls it off and tells everybody on it (B9). Twice is once. Raises Begun after the start."""
        with transaction.atomic():
            session = cast("Session", self).locked()
            if not session.cancelled_at:
                if session.has_begun(now):
                    raise Begun
                session._change(now, by, cancelled_at=now, cancelled_by=by)
                on_it = list(session.bookings.active().select_related("client"))
                session.bookings.active().update(
                    closed_from=F("state"), state=State.SESSION_CANCELLED, closed_at=now
                )
                notices.post_cancelled(session, on_it, now)
        cast("Session", self).promote_beside(now)
        cast("Session", self).refresh_from_db(fields=["cancelled_at", "cancelled_by"])
