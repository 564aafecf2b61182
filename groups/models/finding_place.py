from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups import notices
from groups.refusals import Begun, CalledOff, NotTheirs, NotYet, Taken, Unpromised
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.booking import Booking
    from groups.models.session import Session


class FindingPlace:
    """A client lost a place by a change of the plan, and somebody finds them another (T8)."""

    needs_place_since: datetime | None

    def settle(self, *, by: User, now: datetime) -> None:
        """Nothing is left to find: another place is there, or they talked about it.

        Twice is once: who was first is kept.
        """
        booking = cast("Booking", self)
        waiting = type(booking).objects.filter(pk=booking.pk, needs_place_since__isnull=False)
        waiting.update(needs_place_since=None, place_settled_by=by, place_settled_at=now)
        self.needs_place_since = None

    def place_into(self, session: Session, *, by: User, now: datetime) -> Booking | None:
        """A confirmed place in that session, and the client is told. None where it is settled already.

        Whoever waits there comes first (B2). Raises Taken, NotTheirs (C3), NotYet, Unpromised (B6), CalledOff
        or Begun.
        """
        client = cast("Booking", self).client
        with transaction.atomic():
            held = session.locked()
            held.promote(now, client)
            if not self._is_waiting_under_lock():
                return None
            placed = held.bookings.active().filter(client=client).first()
            if placed is None or placed.state != placed.State.CONFIRMED:
                has_offer = placed is not None and placed.state == placed.State.OFFERED
                refuse_place(held, client, now, has_offer=has_offer)
                placed = placed or held.bookings.model(session=held, client=client, joined_at=now)
                placed._pass(Event.GIVE, now=now)
                notices.post_place(held, [placed], now)
            self.settle(by=by, now=now)
        return placed

    def _is_waiting_under_lock(self) -> bool:
        """Two clinicians who find a place in two sessions would give the client both."""
        booking = cast("Booking", self)
        rows = type(booking).objects.select_for_update(of=("self",), no_key=True)
        self.needs_place_since = rows.get(pk=booking.pk).needs_place_since
        return self.needs_place_since is not None


def refuse_place(session: Session, client: User, now: datetime, *, has_offer: bool) -> None:
    if session.cancelled_at or session.suspension_id:
        raise CalledOff
    if session.has_begun(now):
        raise Begun
    away = not client.stays.current(session.local_date).exists()
    if away or client.bookings.overlapping(session).exists():
        raise NotTheirs
    if session.group.too_early_for(client):
        raise NotYet
    if not has_offer and session.open_places(now, to=client) <= 0:
        raise Taken
    if not session.group.is_agreed_by(client):
        raise Unpromised
