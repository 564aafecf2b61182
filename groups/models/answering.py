from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups import holds
from groups.refusals import Begun, CalledOff, NotHereThen, OfferEnded, Overlaps, Refused, Rests, Unagreed
from groups.transitions import Event, State

if TYPE_CHECKING:
    from groups.models.booking import Booking
    from groups.models.session import Session


class Answering:
    """A client answers the offer of a place, or lets the offer pass (B4)."""

    held_until: datetime | None
    adds_me: bool

    def waits_for_the_morning(self, now: datetime) -> bool:
        """They are left in peace: an offer is kept for later (K5), what they asked for is not (B4)."""
        booking = cast("Booking", self)
        at_once = self.adds_me and now >= booking.session.starts_at - holds.OFFERED_BEFORE
        return not at_once and holds.is_quiet(booking.client, now)

    def accept(self, *, by: User, now: datetime, agreed: str = "") -> None:
        """Takes the place that is kept. Twice is once.

        `agreed` is the version of the agreement that the client read. Raises OfferEnded once the time is
        over, Overlaps for who is elsewhere then (C3), Unagreed (B6), NotHereThen, CalledOff, Rests or Begun:
        then the offer stands as long as it did.
        """
        with transaction.atomic():
            session = cast("Booking", self).session.locked()
            session.promote(now, by)  # whose time is over has no offer any more
            booking = session.bookings.get(pk=cast("Booking", self).pk)
            refusal = None
            if booking.state != State.CONFIRMED:
                refusal = booking._refusal_to_take(session, by, now, agreed)
                if refusal is None:
                    booking._take(Event.ACCEPT, session, by, now)
        cast("Booking", self).refresh_from_db()
        if refusal is not None:  # said when what ended is kept
            raise refusal

    def _refusal_to_take(self, session: Session, by: User, now: datetime, agreed: str) -> Refused | None:
        if session.cancelled_at:
            return CalledOff()
        if session.has_begun(now):
            return Begun()
        if session.suspension:
            return Rests(session.suspension.last_words)
        if cast("Booking", self).state != State.OFFERED:
            return OfferEnded()
        if not by.stays.current(session.local_date).exists():
            return NotHereThen()
        if agreed != str(session.group.agreement_version) and not session.group.is_agreed_by(by):
            return Unagreed()
        return elsewhere(by, session)

    def _take(self, event: Event, session: Session, by: User, now: datetime) -> None:
        if session.group.agreement:
            session.group.agree(by=by, now=now)
        cast("Booking", self)._pass(event, now=now)

    def decline(self, *, by: User, now: datetime) -> None:
        """Says no; the next in line gets the offer at once (B3). Twice is once, and what is over is over."""
        with transaction.atomic():
            session = cast("Booking", self).session.locked()
            session._end_offers(now)
            booking = session.bookings.get(pk=cast("Booking", self).pk)
            if booking.state == State.OFFERED and not session.has_begun(now):
                booking._pass(Event.DECLINE, now=now)
            session.promote(now)
        cast("Booking", self).refresh_from_db()

    def expire(self, *, now: datetime) -> None:
        """The time of the offer is over. Before that, nothing happens."""
        with transaction.atomic():
            cast("Booking", self).session.locked().promote(now)
        cast("Booking", self).refresh_from_db()

    def set_adds_me(self, wish: bool, *, by: User, now: datetime) -> None:
        """Whether a place within a day of the start is theirs without asking (B4); one may be free now."""
        with transaction.atomic():
            session = cast("Booking", self).session.locked()
            mine = session.bookings.active().filter(pk=cast("Booking", self).pk)
            if mine.exclude(adds_me=wish).update(adds_me=wish):
                session.promote(now, by)
        cast("Booking", self).refresh_from_db()


def elsewhere(client: User, session: Session) -> Overlaps | None:
    """The first session in which the client has a place then (C3)."""
    others = client.bookings.overlapping(session).select_related("session__group")
    found = [row.session for row in others.order_by("session__starts_at")[:2]]
    return Overlaps(found[0], is_one=len(found) == 1) if found else None
