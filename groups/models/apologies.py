from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups.models.group import Admission
from groups.refusals import Begun, NobodyWaitsForYou

if TYPE_CHECKING:
    from groups.models.booking import Booking
    from groups.models.session import Session

EXPECTED_IN = (Admission.CLOSED, Admission.MANDATORY)  # where people are booked without asking (B6)


def may_be_sent(session: Session, state: str | None, now: datetime) -> bool:
    """Whether word of not coming makes sense there: a place in a group in which one is expected (B6), in a
    session that takes place and has not begun. An open group is simply left."""
    meets = not (session.cancelled_at or session.rests or session.has_begun(now))
    return meets and state == "confirmed" and session.group.admission in EXPECTED_IN


class Apologies:
    """A client says ahead that they cannot come. The place stays theirs (B6)."""

    apology_at: datetime | None

    def send_apology(self, *, by: User, now: datetime) -> None:
        """Twice is once, and the first time counts. Raises Begun, or NobodyWaitsForYou.

        Under the lock of the session, as everything that happens on its list: the sheet either sees it or
        was there first.
        """
        with transaction.atomic():
            booking = self._as_it_is_now(now)
            if not may_be_sent(booking.session, booking.state, now):
                raise NobodyWaitsForYou
            if booking.apology_at is None:
                booking.apology_at = now
                booking._save_word(by, now)
        self.apology_at = booking.apology_at

    def take_apology_back(self, *, by: User, now: datetime) -> None:
        """They come after all. Twice is once. Raises Begun."""
        with transaction.atomic():
            booking = self._as_it_is_now(now)
            if booking.apology_at is not None:
                booking.apology_at = None
                booking._save_word(by, now)
        self.apology_at = None

    def _save_word(self, by: User, now: datetime) -> None:
        """The sheet may have been begun: who sent word was not just missed (B8)."""
        booking = cast("Booking", self)
        booking.save(update_fields=["apology_at"])
        if booking.session.attendance.filter(client=booking.client_id).exists():
            booking.session._look_after({booking.client_id}, by, now)

    def _as_it_is_now(self, now: datetime) -> Booking:
        own = cast("Booking", self)
        session = own.session.locked()
        if session.has_begun(now):
            raise Begun
        booking = session.bookings.get(pk=own.pk)
        booking.session = session
        return booking
