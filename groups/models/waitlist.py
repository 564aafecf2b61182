from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Stay, User
from groups import holds, notices
from groups.models.booking import TAKING_A_PLACE, Booking, State
from groups.models.group import Admission, AgreementAcceptance
from groups.refusals import Begun, CalledOff, NotTheirs, Taken, Unpromised
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.session import Session


class Waitlist:
    """How a place that comes free in a session finds the next person (B2, B3, B4)."""

    def places_left(self) -> int:
        session = cast("Session", self)
        return session.capacity - session.bookings.taking_a_place().count()

    def open_places(self, now: datetime, *, to: User | None = None) -> int:
        """What is left for whoever arrives: not the places of those who are first in line. What is kept for
        `to` is open to them."""
        session, left = cast("Session", self), self.places_left()
        if left <= 0 or session.cancelled_at or session.rests or session.has_begun(now):
            return 0
        return left - sum(to is None or row.client_id != to.pk for row in self.first_in_line(left))

    def first_in_line(self, places: int) -> list[Booking]:
        """Whose so many places are: the first who wait, are in the house, and have no other place then."""
        rows = cast("Session", self).bookings.waiting().free_to_come()
        return list(rows.select_related("client__reach")[:places])

    def promote(self, now: datetime, *beside: User) -> list[Booking]:
        """Gives the free places to the first in line: offers them, or adds whoever asked for that. Only on a
        `locked` session.

        Two sessions that would place one person take turns: those who wait are held, together with `beside`,
        in one order, so that none blocks another.
        """
        session = cast("Session", self)
        if self.is_closed(now):
            if session.rests and not session.has_begun(now):
                session.bookings.pass_all(Event.PUT_BACK, now=now)  # offered anew when it meets again (T9)
            User.objects.hold(person.pk for person in beside)
            return []
        session._end_offers(now)
        rows = session.bookings.active().order_by().values_list("client_id", "state")
        standing, waiting = [*rows], set[UUID]()
        left = session.capacity - sum(state in TAKING_A_PLACE for _client, state in standing)
        if left > 0 and now < holds.last_moment(session.starts_at):
            waiting = {client for client, state in standing if state == State.WAITLISTED}
        User.objects.hold({*waiting, *(person.pk for person in beside)})
        return session._give_on(self.first_in_line(left), now) if waiting else []

    def is_closed(self, now: datetime) -> bool:
        """Nobody moves up in what is off, rests or has begun (B3)."""
        session = cast("Session", self)
        return bool(session.cancelled_at or session.rests or session.has_begun(now))

    def _give_on(self, first: list[Booking], now: datetime) -> list[Booking]:
        """Whoever is left in peace now keeps the place until the morning, when it is offered (B4, K5)."""
        session = cast("Session", self)
        added = session._added_at_once(first, now)
        offers = defaultdict[datetime, list[Booking]](list)
        for row in first:
            if row not in added and not holds.is_quiet(row.client, now):
                row.held_until = holds.hold_end(row.client, now, session.starts_at)
                offers[row.held_until].append(row)
        if added:
            Booking.objects.of(added).pass_all(Event.ADD, now=now)
            notices.post_place(session, added, now)
        for held_until, rows in offers.items():
            Booking.objects.of(rows).pass_all(Event.OFFER, now=now, held_until=held_until)
            notices.post_offers(rows, now)
        return [*added, *(row for rows in offers.values() for row in rows)]

    def _added_at_once(self, first: list[Booking], now: datetime) -> list[Booking]:
        """Within a day of the start, those who chose it and agreed to what the group promises now (B6)."""
        session = cast("Session", self)
        if now < session.starts_at - holds.OFFERED_BEFORE:
            return []
        ready = [row for row in first if row.adds_me]
        if not ready or not session.group.agreement:
            return ready
        agreed = AgreementAcceptance.objects.filter(
            group=session.group_id,
            version=session.group.agreement_version,
            client__in=[row.client_id for row in ready],
        )
        promised = set(agreed.values_list("client", flat=True))
        return [row for row in ready if row.client_id in promised]

    def _end_offers(self, now: datetime) -> None:
        """Those whose time is over end (B4). Those that a change of the plan made pointless go back to the
        line, where they are first again; the others end no later than the new hour lets them."""
        session = cast("Session", self)
        offers, last = session.bookings.filter(state=State.OFFERED), holds.last_moment(session.starts_at)
        standing = list(offers.select_related("client"))
        if not standing:
            return
        over = [row for row in standing if row.held_until and row.held_until <= now]
        if over:
            Booking.objects.of(over).pass_all(Event.EXPIRE, now=now)
            notices.post_offers_ended(session, over, now)
        stays = Stay.objects.current(session.local_date).filter(client=OuterRef("client"))
        pointless = offers.filter(~Exists(stays)) if now < last else offers
        pointless.pass_all(Event.PUT_BACK, now=now)
        late = list(offers.filter(held_until__gt=last))
        if late:
            offers.filter(held_until__gt=last).update(held_until=last)
            notices.shorten_offers(late, last)

    def promote_anew(self, now: datetime) -> None:
        """The hour is another: whoever holds an offer and is elsewhere at it waits again, so that the next
        have the place (B3, C3). An offer that met its hour stays theirs to swap for."""
        session = cast("Session", self)
        busy = session.bookings.filter(state=State.OFFERED)
        busy.exclude(pk__in=busy.free_to_come().values("pk")).pass_all(Event.PUT_BACK, now=now)
        session.promote(now)

    def close_line(self, now: datetime) -> None:
        """The session begins: nobody waits any more (B3). Only on a `locked` session."""
        session = cast("Session", self)
        if session.has_begun(now):
            session.bookings.pass_all(Event.EXPIRE, now=now)

    def end_line(self, now: datetime) -> None:
        """The group takes people in another way now, and whoever waited is told (B6). Who belongs to it is
        expected as everybody else is. Only on a `locked` session."""
        session = cast("Session", self)
        if session.group.admission == Admission.OPEN or session.has_begun(now):
            return  # changed once more meanwhile
        rows = list(session.bookings.in_line().select_related("client"))
        Booking.objects.of(rows).pass_all(Event.REMOVE, now=now)
        notices.post_line_ended(session, rows, now)

    def give_place(self, booking: Booking, *, by: User, now: datetime) -> None:
        """Staff let in who waits, also in the last hours before the start (B4). Twice is once.

        Raises Taken, NotTheirs (C3, or who does not wait), Unpromised (B6), CalledOff or Begun: nobody moves
        up then, and whoever comes all the same is a walk-in on the sheet (B3).
        """
        with transaction.atomic():
            session = cast("Session", self).locked()
            User.objects.hold([booking.client_id])
            row = session.bookings.select_related("client").get(pk=booking.pk)
            if row.state != State.CONFIRMED:
                session._refuse_to_give(row, now)
                row._pass(Event.GIVE, now=now)
                notices.post_place(session, [row], now)
        booking.refresh_from_db()

    def _refuse_to_give(self, row: Booking, now: datetime) -> None:
        session = cast("Session", self)
        if session.cancelled_at or session.rests:
            raise CalledOff
        if session.has_begun(now):
            raise Begun
        if row.state not in (State.WAITLISTED, State.OFFERED):
            raise NotTheirs
        away = not row.client.stays.current(session.local_date).exists()
        if away or row.client.bookings.overlapping(session).exists():
            raise NotTheirs
        if row.state != State.OFFERED and session.places_left() <= 0:
            raise Taken
        if not session.group.is_agreed_by(row.client):
            raise Unpromised

    def turn_waitlist(self, now: datetime) -> None:
        """What time alone does to the line: offers end, the next are made, and the start closes it (B4)."""
        with transaction.atomic():
            session = cast("Session", self).locked()
            session.close_line(now)
            session.promote(now)

    def promote_beside(self, now: datetime) -> None:
        """Who was here may be waiting elsewhere for this time, and is free for it now (B3)."""
        session = cast("Session", self)
        type(session).objects.overlapping(session).promote(now)
