from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups.models.attendance import EDITABLE_FOR, OPENS_BEFORE, Attendance
from groups.refusals import TooEarlyOrLate

if TYPE_CHECKING:
    from groups.models.session import Session


class Sheet:
    """The attendance sheet of a session (B7)."""

    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    blanks: int

    @property
    def sheet_opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    def can_be_recorded(self, now: datetime) -> bool:
        """Neither for a session that was called off nor for one that rested (T9)."""
        takes_place = self.cancelled_at is None and not cast("Session", self).rests
        return takes_place and self.sheet_opens_at <= now < self.ends_at + EDITABLE_FOR

    def is_left_to_record(self, now: datetime) -> bool:
        """Over, and its sheet has blanks; for rows that come `with_turnout`."""
        return self.blanks > 0 and self.ends_at <= now and self.can_be_recorded(now)

    @transaction.atomic
    def record(self, marks: Mapping[uuid.UUID, str], *, by: User, now: datetime) -> None:
        """Keeps these marks, client id to state; who is not among them stays as they were (B7).

        Raises TooEarlyOrLate outside the sheet's time. Marks of people who are not on the roster are dropped.
        """
        session = cast("Session", self).locked()  # an edit of its series leaves it alone from then on (T6)
        if not session.can_be_recorded(now):
            raise TooEarlyOrLate
        roster = set(session.bookings.confirmed().values_list("client", flat=True))
        known = dict(session.attendance.values_list("client", "state"))
        for client, state in marks.items():
            if client in roster and known.get(client) != state:
                Attendance.objects.update_or_create(
                    session=session,
                    client_id=client,
                    defaults={"state": state, "recorded_by": by, "recorded_at": now},
                )
