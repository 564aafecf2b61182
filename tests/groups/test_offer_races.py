"""Two hundred at once want three places, and everybody is told the truth, on either database (B2, B4, C5)."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from threading import Barrier, BoundedSemaphore

import pytest
from django.db import connection

from groups.models import Booking, Session
from groups.refusals import Full, Refused
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents

State = Booking.State
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]
AT_ONCE, PLACES = 200, 3
CONNECTIONS = 60  # of PostgreSQL, which other tests use meanwhile; SQLite has as many as there are threads


def at_once[One, Answer](work: Callable[[One], Answer], rows: Iterable[One]) -> list[Answer | Refused]:
    """What `work` gave or was refused for each row, a thread for each, all of them starting together."""
    each = list(rows)
    start = Barrier(len(each))
    door = BoundedSemaphore(CONNECTIONS) if connection.vendor == "postgresql" else nullcontext()

    def run(one: One) -> Answer | Refused:
        start.wait(timeout=60)
        with door:
            try:
                return work(one)
            except Refused as refusal:
                return refusal
            finally:
                connection.close()

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(run, each))


def counts(session: Session) -> dict[str, int]:
    return dict(Counter(session.bookings.values_list("state", flat=True)))


def test_c5_b4_two_hundred_for_three_places_then_three_leave_and_the_first_three_are_asked(make_session):
    session = make_session(day=TODAY + timedelta(days=3))
    people = residents(AT_ONCE)

    answers = at_once(lambda person: session.join(by=person, now=NOW), people)
    told = Counter(type(answer) for answer in answers)
    assert told == {Booking: PLACES, Full: AT_ONCE - PLACES}
    assert counts(session) == {State.CONFIRMED: PLACES}

    refused = [person for person, answer in zip(people, answers, strict=True) if isinstance(answer, Full)]
    waiting = at_once(lambda person: session.join(by=person, now=NOW, or_wait=True), refused)
    assert {type(answer) for answer in waiting} == {Booking}
    assert counts(session) == {State.CONFIRMED: PLACES, State.WAITLISTED: AT_ONCE - PLACES}
    assert session.bookings.values("client").distinct().count() == AT_ONCE
    assert session.places_left() == 0

    line = list(session.bookings.waiting())
    later = NOW + timedelta(minutes=1)
    leaving = [answer for answer in answers if isinstance(answer, Booking)]
    assert at_once(lambda booking: booking.cancel(by=booking.client, now=later), leaving) == [None] * PLACES
    asked = session.bookings.filter(state=State.OFFERED)
    assert set(asked.values_list("pk", flat=True)) == {row.pk for row in line[:PLACES]}
    assert session.places_left() == 0
    assert list(session.bookings.waiting()) == line[PLACES:]
    messages = Notification.objects.filter(kind="groups.offer")
    assert Counter(messages.values_list("recipient", flat=True)) == {
        row.client_id: 1 for row in line[:PLACES]
    }


def test_b4_an_offer_is_taken_declined_and_ended_at_once_and_one_of_these_happens(make_session, seeking):
    """And whichever it was, the place is somebody's: theirs, or the next one's."""
    for turn in range(8):
        session, offered, behind = with_an_offer(make_session, turn)
        at_once(lambda act: act(), ways_to_end(offered))
        mine, next_one = (Booking.objects.get(pk=row.pk) for row in (offered, behind))
        assert mine.state in (State.CONFIRMED, State.DECLINED, State.EXPIRED)
        kept = mine.state == State.CONFIRMED
        assert next_one.state == (State.WAITLISTED if kept else State.OFFERED)
        assert session.places_left() == 0


def ways_to_end(offered: Booking) -> list[Callable[[], object]]:
    """Each by a process of its own, which has read the row before: in time, or as soon as time is over."""
    rows = Booking.objects.select_related("client", "session")
    taking, declining, ending = (rows.get(pk=offered.pk) for _process in range(3))
    client, over = offered.client, offered.held_until
    in_time = over - timedelta(seconds=1)
    return [
        partial(taking.accept, by=client, now=in_time),
        partial(declining.decline, by=client, now=in_time),
        partial(ending.expire, now=over),
        partial(Session.objects.turn_waitlists, over),
    ]


def with_an_offer(make_session, turn: int) -> tuple[Session, Booking, Booking]:
    """A full session whose first in line has an offer, and who is behind them."""
    session = make_session(day=TODAY + timedelta(days=3 + turn))
    people = residents(PLACES + 2, name=f"t{turn}x")
    rows = [
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
        for n, person in enumerate(people)
    ]
    rows[0].cancel(by=people[0], now=NOW + timedelta(minutes=1))
    offered, behind = (Booking.objects.select_related("client").get(pk=row.pk) for row in rows[PLACES:])
    assert (offered.state, behind.state) == (State.OFFERED, State.WAITLISTED)
    return session, offered, behind


def test_b4_two_workers_turn_one_line_and_each_promotion_is_told_once(make_session, seeking):
    session = make_session(day=TODAY + timedelta(days=3))
    people = residents(PLACES + 4)
    for n, person in enumerate(people):
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
    seeking.capacity = PLACES + 2
    seeking.save()
    later = NOW + timedelta(minutes=1)
    at_once(lambda _worker: Session.objects.turn_waitlists(later), range(6))
    assert counts(session) == {State.CONFIRMED: PLACES, State.OFFERED: 2, State.WAITLISTED: 2}
    messages = Notification.objects.filter(kind="groups.offer")
    told = Counter(messages.values_list("recipient", flat=True))
    assert told == {person.pk: 1 for person in people[PLACES : PLACES + 2]}
