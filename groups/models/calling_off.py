from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups import clashes, notices
from groups.models.booking import Booking, BookingQuerySet, State
from groups.models.facilitator import Facilitator
from groups.models.group import Group
from groups.refusals import Begun, GroupEnded, RoomIsClosed, TakenOut
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.session import Session


class CallingOff:
    """A session that does not take place after all (B9), and one that does."""

    cancelled_at: datetime | None

    def can_be_cancelled_by(self, user: User, now: datetime) -> bool:
        session = cast("Session", self)
        return session.is_in_hands_of(user) and not (session.cancelled_at or session.has_begun(now))

    def can_be_reinstated_by(self, user: User, now: datetime) -> bool:
        session = cast("Session", self)
        off = session.cancelled_at and not session.withdrawn_by_id
        return bool(off) and session.is_in_hands_of(user) and not session.has_begun(now)

    def cancel(self, *, by: User, now: datetime) -> None:
        """Calls it off and tells everybody on it (B9). Twice is once. Raises Begun after the start."""
        with transaction.atomic():
            session = cast("Session", self).locked()
            if not session.cancelled_at:
                if session.has_begun(now):
                    raise Begun
                session._change(now, by, cancelled_at=now, cancelled_by=by)
                on_it = list(session.bookings.active().select_related("client"))
                session.bookings.pass_all(Event.CALL_OFF, now=now)
                notices.post_cancelled(session, on_it, now)
                session._tell_leads_of_change(by, now)
                marked = session.attendance.values_list("client", flat=True)
                session._look_after(list(marked), by, now)  # no mark of it counts any more (B8)
        session.promote_beside(now)
        cast("Session", self).refresh_from_db(fields=["cancelled_at", "cancelled_by"])

    def reinstate(self, *, by: User, now: datetime) -> None:
        """It takes place after all. Twice is once.

        Who was on it is on it again, where they are free then and in the house; the waitlist has its order
        (B2). They are told; the others have heard that it is off, which stays true for them. Raises Begun
        after the start, TakenOut for a day that an edit took out of its series, GroupEnded, RoomIsClosed, and
        Clashes when the room or somebody who leads it is taken meanwhile (C1, C2): then nothing is changed.
        """
        with transaction.atomic():
            session = cast("Session", self).locked_with_series()
            if session.cancelled_at is None:
                return
            session._refuse_to_return(now)
            session._hold_for_return()
            back = session.who_returns()
            rest = session._rest_on(session.local_date)
            with clashes.guarded([session]):
                session._change(now, by, cancelled_at=None, cancelled_by=None, suspension=rest)
            if found := clashes.find([session]):
                raise clashes.Clashes(found)
            Booking.objects.of(back).come_back(now=now)
            if rest:
                notices.post_rests(rest, back, now)
            else:
                notices.post_takes_place(session, back, now)
            session._tell_leads_of_change(by, now)
            session.promote(now)
        cast("Session", self).refresh_from_db(fields=["cancelled_at", "cancelled_by", "suspension"])

    def _refuse_to_return(self, now: datetime) -> None:
        session = cast("Session", self)
        if session.withdrawn_by_id:
            raise TakenOut
        if session.has_begun(now):
            raise Begun
        held = Group.objects.select_for_update(no_key=True)  # whoever ends it waits, or came before
        if held.get(pk=session.group_id).ended_at:
            raise GroupEnded
        if session.room.closed_at:
            raise RoomIsClosed

    def _closed_with_it(self) -> BookingQuerySet:
        """The places that ended when this session was called off."""
        rows = cast("Session", self).bookings.filter(state=State.SESSION_CANCELLED)
        return rows.filter(closed_at=self.cancelled_at).exclude(closed_from="")

    def _hold_for_return(self) -> None:
        """The room, then all who come back to it, then who leads it. Whoever led it and has left the house
        since leads it no more."""
        session = cast("Session", self)
        clients = self._closed_with_it().values_list("client", flat=True)
        clashes.hold([session.room], [], clients=clients)
        User.objects.hold(session.facilitators.values_list("person", flat=True))
        still_here = User.objects.active().clinicians()
        Facilitator.objects.filter(session=session).exclude(person__in=still_here).delete()

    def who_returns(self) -> list[Booking]:
        """A place needs a client who is nowhere else then; one may wait in two places (C3). Who had an offer
        is in the line again, where they were (B2). Who left a closed group meanwhile stays away (B6)."""
        closed = self._closed_with_it().belonging()
        places = closed.filter(closed_from=State.CONFIRMED).free_to_come()
        line = closed.filter(closed_from__in=[State.OFFERED, State.WAITLISTED]).in_the_house()
        return [*places.select_related("client"), *line.select_related("client")]
