from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups.models.booking import Booking, State
from groups.refusals import Full

if TYPE_CHECKING:
    from groups.models.session import Session


class Swapping:
    """A place here for a place in another session at the same time (C3)."""

    def swap(self, *, by: User, instead_of: Session, now: datetime, agreed: str = "") -> Booking:
        """Leaves the other session and joins this one, both or neither. Twice is once.

        Raises Refused for all that forbids leaving there (B6, Begun) or joining here (Full): then the place
        there is kept. Who waits there comes in afterwards, so that people are held in one order here (B3).
        """
        session = cast("Session", self)
        with transaction.atomic():
            type(session).objects.filter(pk__in=[session.pk, instead_of.pk]).hold()
            for mine in by.bookings.overlapping(session).filter(session=instead_of):
                other = instead_of.locked()
                mine._refuse_to_leave(other, by, now)
                mine._pass(mine._left_as(other, now), now=now)
            booking = session.join(by=by, now=now, agreed=agreed)
            if booking.state != State.CONFIRMED:
                raise Full  # somebody who waited longer has the place
        type(session).objects.filter(pk=instead_of.pk).promote(now)
        instead_of.promote_beside(now)
        return booking
