"""What becomes of a client's places when the client leaves the house (A6, B3)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from groups import holds
from groups.models import Attendance, Booking, Session, places
from groups.models.booking import BookingQuerySet, State
from groups.transitions import Event


class Moved(Exception):
    """The client took one more place while the locks were awaited."""


def places_of(client: User, since: datetime) -> BookingQuerySet:
    """In sessions that begin then or later. Where a mark says that the client was there, it stays."""
    ahead = Booking.objects.active().filter(client=client, session__starts_at__gte=since)
    return ahead.filter(~Exists(Attendance.objects.filter(client=client, session=OuterRef("session"))))


def hold(client: User, since: datetime) -> list[Session]:
    """Holds those sessions, then the client and all who wait in them, until the transaction ends.

    Sessions come before people, as for whoever joins. A session that the client joined meanwhile must not be
    awaited with people in hand, for its holder may wait for one of them: so all is let go and begun anew.
    """
    while True:
        try:
            with transaction.atomic():
                return _hold(client, since)
        except Moved:
            continue


def _hold(client: User, since: datetime) -> list[Session]:
    ids = set(places_of(client, since).values_list("session", flat=True))
    sessions = Session.objects.filter(pk__in=ids).hold()
    waiting = Booking.objects.in_line().filter(session__in=ids).values_list("client", flat=True)
    User.objects.hold({client.pk, *waiting})
    if set(places_of(client, since).values_list("session", flat=True)) - ids:
        raise Moved
    return sessions


def release(client: User, sessions: list[Session], *, since: datetime, now: datetime) -> None:
    """Ends the places and gives each on to the first in line. `sessions` are those of `hold`."""
    places_of(client, since).pass_all(Event.REMOVE, now=now)
    end_for_good(client, since)
    for session in sessions:
        session.promote(now)


def end_for_good(client: User, since: datetime) -> None:
    """What they lost does not come back when they move in again (A6): neither with a session that takes place
    after all, nor with an edit taken back. Nor does anybody look for another place (T8)."""
    lost = Q(state=State.SESSION_CANCELLED) | Q(needs_place_since__isnull=False)
    Booking.objects.filter(lost, client=client, session__starts_at__gte=since).update(closed_from="")
    Booking.objects.filter(client=client, needs_place_since__isnull=False).update(needs_place_since=None)


def who_moves_up(bookings: list[Booking], now: datetime) -> int:
    """How many people would get a place, or the offer of one, if these were given up (B4)."""
    sessions = [row.session for row in bookings if row.state != State.WAITLISTED]
    places.total(sessions)
    lines = [
        session
        for session in sessions
        if session.waiting and not session.rests and now < holds.last_moment(session.starts_at)
    ]
    free = {session.pk: max(0, session.free + 1) for session in lines}
    first = Booking.objects.waiting().free_to_come().filter(session__in=free)
    coming = Counter(first.values_list("session", flat=True))
    return sum(min(number, free[pk]) for pk, number in coming.items())
