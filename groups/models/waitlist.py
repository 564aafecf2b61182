from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from accounts.models import User
from groups import notices
from groups.models.booking import TAKING_A_PLACE, Booking, State

if TYPE_CHECKING:
    from groups.models.session import Session


class Waitlist:
    """How a place that comes free in a session finds the next person (B2, B3)."""

    def places_left(self) -> int:
        session = cast("Session", self)
        return session.capacity - session.bookings.taking_a_place().count()

    def promote(self, now: datetime, *beside: User) -> list[Booking]:
        """Gives the free places to the first in line. Only on a `locked` session.

        Two sessions that would place one person take turns: those who wait are held, together with `beside`,
        in one order, so that none blocks another.
        """
        session = cast("Session", self)
        rows = session.bookings.active().order_by().values_list("client_id", "state")
        standing, waiting = [*rows], set[UUID]()
        left = session.capacity - sum(state in TAKING_A_PLACE for _client, state in standing)
        if left > 0 and not (session.cancelled_at or session.rests or session.has_begun(now)):
            waiting = {client for client, state in standing if state == State.WAITLISTED}
        User.objects.hold({*waiting, *(person.pk for person in beside)})
        if not waiting:
            return []
        promoted = self.first_in_line(left)
        Booking.objects.filter(pk__in=[row.pk for row in promoted]).update(state=State.CONFIRMED)
        notices.post_place(session, promoted, now)
        return promoted

    def first_in_line(self, places: int) -> list[Booking]:
        """Who gets so many places: the first who wait, are in the house, and have no other place then."""
        session = cast("Session", self)
        return list(session.bookings.waiting().free_to_come().select_related("client")[:places])

    def promote_beside(self, now: datetime) -> None:
        """Who was here may be waiting elsewhere for this time, and is free for it now (B3)."""
        session = cast("Session", self)
        type(session).objects.overlapping(session).promote(now)
