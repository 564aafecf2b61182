from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups import holds
from groups.models.answering import elsewhere
from groups.models.booking import Booking, State
from groups.models.group import Admission
from groups.models.membership import Membership
from groups.refusals import (
    Begun,
    CalledOff,
    Full,
    NotHereThen,
    NotOpen,
    Refused,
    Rests,
    Unagreed,
)
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.session import Session


class Joining:
    """A client takes a place, or waits for one."""

    def is_joinable(self, now: datetime, client: User) -> bool:
        session = cast("Session", self)
        closed = session.cancelled_at or session.rests or session.has_begun(now)
        return not closed and session.is_open_to(client)

    def is_open_to(self, client: User) -> bool:
        """Open groups to everybody; closed ones to their members, who can come back to a place that they
        left (B6)."""
        session = cast("Session", self)
        if session.group.admission != Admission.CLOSED:
            return session.group.admission == Admission.OPEN
        return (
            Membership.objects.on(session.local_date).filter(group=session.group_id, client=client).exists()
        )

    def is_leavable(self, now: datetime) -> bool:
        session = cast("Session", self)
        is_free = session.group.admission != Admission.MANDATORY or session.my_state == State.WAITLISTED
        return is_free and not (session.cancelled_at or session.has_begun(now))

    def join(
        self, *, by: User, now: datetime, or_wait: bool = False, adds_me: bool = False, agreed: str = ""
    ) -> Booking:
        """A place for this client, or with `or_wait` one on the waitlist; again gives the same booking. What
        is kept for them is theirs when they ask for it; whoever asks to wait answers no offer by that.

        `agreed` is the version of the group's agreement that the client read, `adds_me` whether a place that
        comes free within a day of the start is theirs without asking (B4). Raises Refused, which says why:
        Full when the last place is gone and nobody asked to wait (C5), Overlaps for two at one time (C3).
        """
        with transaction.atomic():
            session = cast("Session", self).locked()
            session.promote(now, by)  # whoever waits comes before whoever arrives
            booking = session.bookings.active().filter(client=by).first()
            refusal: Refused | None = None
            if booking is None:
                is_open = session.open_places(now) > 0
                refusal = session._refusal(by, now, is_open or or_wait, agreed)
                if refusal is None:
                    booking = session._book(Event.JOIN if is_open else Event.WAIT, by, now, adds_me)
            elif booking.state != State.CONFIRMED and not (or_wait and booking.state == State.OFFERED):
                refusal = session._refusal_of_kept(booking, by, now, agreed)
        if refusal is not None:
            raise refusal
        assert booking is not None  # noqa: S101  # for the type checker: there is one or a refusal
        return booking

    def _refusal_of_kept(self, booking: Booking, by: User, now: datetime, agreed: str) -> Refused | None:
        """Who waits or holds an offer asks for the place that is kept for them, and has it, unless something
        forbids it. Near the start, staff alone give places to who waits (B4)."""
        session = cast("Session", self)
        if booking.state == State.OFFERED:
            refusal = booking._refusal_to_take(session, by, now, agreed)
            if refusal is None:
                booking._take(Event.ACCEPT, session, by, now)
            return refusal
        if now >= holds.last_moment(session.starts_at) or session.open_places(now, to=by) <= 0:
            return None
        refusal = session._refusal(by, now, may_come=True, agreed=agreed)
        if refusal is None:
            booking._take(Event.TAKE, session, by, now)
        return refusal

    def _refusal(self, client: User, now: datetime, may_come: bool, agreed: str) -> Refused | None:
        session = cast("Session", self)
        if session.cancelled_at:
            return CalledOff()
        if session.has_begun(now):
            return Begun()
        if session.suspension:
            return Rests(session.suspension.last_words)
        # Read while the session is held: what came with its row may be from before the wait for it.
        session.group.refresh_from_db(fields=["admission"])
        if not session.is_open_to(client):
            return NotOpen()
        if not client.stays.current(session.local_date).exists():
            return NotHereThen()
        if too_early := session.group.too_early_for(client):
            return too_early
        if agreed != str(session.group.agreement_version) and not session.group.is_agreed_by(client):
            return Unagreed()
        return session._overlap(client, now) if may_come else Full()

    def _overlap(self, client: User, now: datetime) -> Refused | None:
        """Keeps a client from a free place while they are elsewhere (C3); waiting in two is allowed."""
        return elsewhere(client, cast("Session", self)) if self._is_open(client, now) else None

    def _is_open(self, client: User, now: datetime) -> bool:
        return cast("Session", self).open_places(now, to=client) > 0

    def _book(self, event: Event, client: User, now: datetime, adds_me: bool = False) -> Booking:
        session = cast("Session", self)
        if session.group.agreement:
            session.group.agree(by=client, now=now)
        booking = Booking(session=session, client=client, joined_at=now, adds_me=adds_me)
        booking._pass(event, now=now)
        return booking
