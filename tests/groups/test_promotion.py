"""A place that comes free goes to the first who can take it (B2, B3, C3, C5)."""

from datetime import date, time, timedelta
from functools import partial

import pytest

from groups.models import Booking, Group, Kind, Room, Session
from groups.refusals import Overlaps
from notifications.models import Notification
from tests.groups.conftest import NOW, residents
from tests.groups.test_joining import at_once, states

State = Booking.State
PRIORITY = {"priority": 1, "priority_at": NOW, "priority_sealed": b"sealed"}


@pytest.mark.django_db(transaction=True)
def test_b3_three_who_leave_at_once_make_room_for_the_first_three(make_session):
    session = make_session()
    people = residents(9)
    bookings = [
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True, adds_me=True)
        for n, person in enumerate(people)
    ]
    results = at_once(lambda booking: booking.cancel(by=booking.client, now=NOW), bookings[:3])
    assert results == [None] * 3
    confirmed = session.bookings.confirmed().order_by("joined_at")
    assert list(confirmed.values_list("client", flat=True)) == [person.pk for person in people[3:6]]
    told = Notification.objects.filter(kind="groups.place")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(person.pk for person in people[3:6])


def test_b2_priority_comes_before_time(make_session, ana):
    session = make_session()
    people = residents(5)
    for n, person in enumerate(people):
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True, adds_me=True)
    session.bookings.filter(client=people[4]).update(priority_by=ana, **PRIORITY)
    session.bookings.get(client=people[0]).cancel(by=people[0], now=NOW + timedelta(minutes=1))
    assert session.bookings.get(client=people[4]).state == State.CONFIRMED
    assert session.bookings.get(client=people[3]).state == State.WAITLISTED


def test_b3_promotion_passes_over_who_is_elsewhere_then_and_who_has_left_the_house(make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    session, other = make_session(), make_session(room=studio)
    people = residents(6)
    bookings = [
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True, adds_me=True)
        for n, person in enumerate(people)
    ]
    other.join(by=people[3], now=NOW)
    people[4].stays.update(discharged_on=date(2026, 11, 23))
    bookings[0].cancel(by=people[0], now=NOW + timedelta(minutes=1))
    assert session.bookings.get(client=people[3]).state == State.WAITLISTED
    assert session.bookings.get(client=people[4]).state == State.WAITLISTED
    assert session.bookings.get(client=people[5]).state == State.CONFIRMED


@pytest.fixture
def waiting(make_session, sam, noor) -> Session:
    """A session with a free place, for which Noor waits: she is elsewhere at its time."""
    art = Group.objects.create(name="Clay and color", purpose="Hands.", kind=Kind.ART, capacity=5)
    other = make_session(group=art, room=Room.objects.create(name="Studio", capacity=5))
    session = make_session(at=time(12, 30))
    first, *_others = [session.join(by=person, now=NOW) for person in (sam, *residents(2))]
    session.join(by=noor, now=NOW, or_wait=True, adds_me=True)
    other.join(by=noor, now=NOW)
    first.cancel(by=sam, now=NOW)
    assert session.bookings.get(client=noor).state == State.WAITLISTED
    return session


def test_b3_who_leaves_the_other_session_gets_the_place_that_is_free(waiting, noor):
    noor.bookings.confirmed().get().cancel(by=noor, now=NOW)
    assert waiting.bookings.get(client=noor).state == State.CONFIRMED
    assert Notification.objects.filter(kind="groups.place", recipient=noor).count() == 1


def test_b3_who_was_in_a_cancelled_session_gets_the_place_that_is_free(waiting, noor, ana):
    noor.bookings.confirmed().get().session.cancel(by=ana, now=NOW)
    assert waiting.bookings.get(client=noor).state == State.CONFIRMED


def test_c3_who_waits_and_asks_for_the_free_place_is_told_where_they_are_then(waiting, noor):
    with pytest.raises(Overlaps, match="Clay and color"):
        waiting.join(by=noor, now=NOW)
    noor.bookings.confirmed().update(state=State.REMOVED, closed_at=NOW)
    assert waiting.join(by=noor, now=NOW).state == State.CONFIRMED


def test_c5_raising_the_capacity_gives_the_new_places_at_once_and_lowering_it_takes_none(
    make_session, seeking, mara
):
    sessions = [make_session(), make_session(day=date(2026, 12, 1))]  # within a day, and not (B4)
    people = residents(6)
    for session in sessions:
        for n, person in enumerate(people):
            session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True, adds_me=True)
    for capacity in (5, 1):
        seeking.capacity = capacity
        seeking.keep(by=mara, now=NOW)
        for session in sessions:
            waiting = session.bookings.waiting().values_list("client", flat=True)
            assert list(waiting) == [people[5].pk]
    for kind in ("groups.place", "groups.offer"):
        assert Notification.objects.filter(kind=kind).count() == 2


@pytest.mark.django_db(transaction=True)
def test_c5_who_joins_while_the_capacity_is_raised_never_waits_beside_a_free_place(
    make_session, seeking, dev
):
    first, second = residents(2)
    for day in range(15):
        Group.objects.update(capacity=1)
        session = make_session(day=date(2026, 11, 25) + timedelta(days=day))
        session.join(by=first, now=NOW)
        seeking.capacity = 2
        works = [partial(session.join, by=second, or_wait=True), partial(seeking.keep, by=dev)]
        at_once(lambda work: work(now=NOW), works)
        assert states(session) in ([State.CONFIRMED] * 2, [State.CONFIRMED, State.OFFERED])


def test_b3_nobody_is_promoted_into_a_cancelled_session(make_session, ana):
    session = make_session()
    people = residents(4)
    bookings = [session.join(by=person, now=NOW, or_wait=True) for person in people]
    session.cancel(by=ana, now=NOW)
    for booking in bookings:
        booking.cancel(by=booking.client, now=NOW)
    assert states(session) == [State.SESSION_CANCELLED] * 4
