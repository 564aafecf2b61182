from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from accounts.models import User
from groups import notices
from groups.models.booking import Booking, State

if TYPE_CHECKING:
    from groups.models.session import Session


class Waitlist:
    """How a place that comes free in a session finds the next person (B2, B3)."""

    def places_left(self) -> int:
        session = cast("Session", self)
        return session.capacity - session.bookings.taking_a_place().count()

    def hold_people(self, *more: User) -> None:
        """Two sessions that would place one person take turns, in one order, so that none blocks another."""
        session = cast("Session", self)
        free = self.places_left() > 0
        waiting = session.bookings.waiting().values_list("client", flat=True) if free else []
        User.objects.hold({*waiting, *(person.pk for person in more)})

    def promote(self, now: datetime) -> list[Booking]:
        """Gives the free places to the first in line. Only on a `locked` session."""
        session, left = cast("Session", self), self.places_left()
        if left <= 0 or session.cancelled_at or session.rests or session.has_begun(now):
            return []
        self.hold_people()
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
