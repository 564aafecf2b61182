"""Places are held under load, and everybody is told the truth (B1 to B3, C3, C5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from groups.models import Admission, AgreementAcceptance, Booking, Group, Kind, Room, Session
from groups.refusals import Begun, Full, NotHereThen, NotOpen, Overlaps, PartOfThePlan, Unagreed
from notifications.models import Notification
from tests.groups.conftest import NOW, residents

State = Booking.State


def at_once(work, people):
    """What `work` gave or raised for each person, all of them starting together."""
    start = Barrier(len(people))

    def run(person):
        try:
            start.wait(timeout=30)
            return work(person)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(run, people))


def states(session: Session) -> list[str]:
    return sorted(session.bookings.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_c5_twenty_threads_join_three_places_and_three_are_in(make_session):
    session = make_session()
    results = at_once(lambda person: session.join(by=person, now=NOW), residents(20))
    assert [type(result) for result in results if not isinstance(result, Booking)] == [Full] * 17
    assert states(session) == [State.CONFIRMED] * 3


@pytest.mark.django_db(transaction=True)
def test_c5_seventeen_of_twenty_threads_wait_in_one_order(make_session):
    session = make_session()
    results = at_once(lambda person: session.join(by=person, now=NOW, or_wait=True), residents(20))
    assert [type(result) for result in results] == [Booking] * 20
    assert states(session) == [State.CONFIRMED] * 3 + [State.WAITLISTED] * 17


@pytest.mark.django_db(transaction=True)
def test_b1_one_person_in_ten_tabs_has_one_booking(make_session):
    session = make_session()
    [sam] = residents(1)
    results = at_once(lambda person: session.join(by=person, now=NOW), [sam] * 10)
    assert len({result.pk for result in results}) == 1
    assert states(session) == [State.CONFIRMED]


@pytest.mark.django_db(transaction=True)
def test_c3_two_sessions_at_one_time_joined_at_once_give_one_place(make_session):
    art = Group.objects.create(name="Clay and color", purpose="Hands.", kind=Kind.ART, capacity=5)
    studio = Room.objects.create(name="Studio", capacity=5)
    [sam] = residents(1)
    for day in (date(2026, 11, 25) + timedelta(days=n) for n in range(12)):
        sessions = [make_session(day=day), make_session(day=day, group=art, room=studio)]
        results = at_once(lambda session: session.join(by=sam, now=NOW), sessions)
        assert sorted(type(result).__name__ for result in results) == ["Booking", "Overlaps"]


def test_b1_the_database_refuses_a_second_active_booking(make_session, sam):
    session = make_session()
    session.join(by=sam, now=NOW)
    with pytest.raises(IntegrityError):
        Booking.objects.create(session=session, client=sam, state=State.WAITLISTED, joined_at=NOW)


def test_c3_refuses_two_places_at_one_time_and_names_the_other(make_session, sam):
    art = Group.objects.create(name="Clay and color", purpose="Hands.", kind=Kind.ART, capacity=5)
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(12), minutes=75, group=art, room=studio).join(by=sam, now=NOW)
    with pytest.raises(Overlaps, match=r"Clay and color at that time \(Tuesday, 24 November, 12:00 p\.m\.\)"):
        make_session().join(by=sam, now=NOW)


def test_t4_a_session_that_begins_as_another_ends_is_no_overlap(make_session, sam, oak):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(12), minutes=60, room=studio).join(by=sam, now=NOW)
    assert make_session().join(by=sam, now=NOW).state == State.CONFIRMED


def test_c5_the_smaller_of_group_and_room_counts(make_session, sam, noor, oak):
    oak.capacity = 1
    oak.save()
    session = make_session()
    session.join(by=noor, now=NOW)
    with pytest.raises(Full):
        session.join(by=sam, now=NOW)


def test_nobody_joins_or_leaves_after_the_start(make_session, sam, noor):
    session = make_session()
    booking = session.join(by=noor, now=NOW)
    with pytest.raises(Begun):
        session.join(by=sam, now=session.starts_at)
    with pytest.raises(Begun):
        booking.cancel(by=noor, now=session.starts_at)
    assert states(session) == [State.CONFIRMED]


def test_leaving_twice_is_leaving_once(make_session, sam):
    session = make_session(day=date(2026, 11, 26))
    booking = session.join(by=sam, now=NOW)
    booking.cancel(by=sam, now=NOW)
    booking.cancel(by=sam, now=NOW + timedelta(hours=1))
    assert (booking.state, booking.closed_at) == (State.CANCELLED, NOW)


def test_leaving_within_a_day_is_kept_as_late(make_session, sam):
    booking = make_session().join(by=sam, now=NOW)
    booking.cancel(by=sam, now=NOW)
    assert booking.state == State.CANCELLED_LATE


def test_b2_who_leaves_and_returns_goes_to_the_end(make_session):
    session = make_session()
    people = residents(6)
    first, *_others = [
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
        for n, person in enumerate(people)
        if n >= 0
    ][3:]
    first.cancel(by=people[3], now=NOW + timedelta(minutes=1))
    session.join(by=people[3], now=NOW + timedelta(minutes=2), or_wait=True)
    order = list(session.bookings.waiting().values_list("client", flat=True))
    assert order == [people[4].pk, people[5].pk, people[3].pk]


def test_who_waits_comes_before_who_arrives(make_session, seeking):
    session = make_session()
    people = residents(5)
    for n, person in enumerate(people[:4]):
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
    seeking.capacity = 4
    seeking.save()
    with pytest.raises(Full):
        session.join(by=people[4], now=NOW + timedelta(minutes=1))
    assert session.join(by=people[3], now=NOW + timedelta(minutes=2)).state == State.CONFIRMED


def test_b6_closed_groups_are_not_joined_and_mandatory_ones_not_left(make_session, seeking, sam):
    seeking.admission = Admission.CLOSED
    seeking.save()
    session = make_session()
    with pytest.raises(NotOpen):
        session.join(by=sam, now=NOW)
    seeking.admission = Admission.MANDATORY
    seeking.save()
    booking = Booking.objects.create(session=session, client=sam, state=State.CONFIRMED, joined_at=NOW)
    with pytest.raises(PartOfThePlan):
        booking.cancel(by=sam, now=NOW)


def test_b6_joining_takes_the_current_agreement_once(make_session, seeking, sam):
    seeking.agreement = "What is said here stays here."
    seeking.save()
    session = make_session()
    with pytest.raises(Unagreed):
        session.join(by=sam, now=NOW)
    session.join(by=sam, now=NOW, agreed="1")
    make_session(day=date(2026, 12, 1)).join(by=sam, now=NOW)
    assert AgreementAcceptance.objects.values_list("version", flat=True).get(client=sam) == 1


def test_a_client_without_a_stay_on_that_day_is_refused(make_session, sam):
    sam.stays.update(discharged_on=date(2026, 11, 30))
    with pytest.raises(NotHereThen):
        make_session(day=date(2026, 12, 1)).join(by=sam, now=NOW)


def test_b9_a_cancelled_session_closes_its_bookings_and_tells_everybody_once(make_session, ana, sam, noor):
    session = make_session()
    session.join(by=sam, now=NOW)
    session.join(by=noor, now=NOW).cancel(by=noor, now=NOW)
    session.cancel(by=ana, now=NOW)
    session.cancel(by=ana, now=NOW + timedelta(hours=1))
    assert (session.cancelled_by, session.cancelled_at) == (ana, NOW)
    assert states(session) == [State.CANCELLED_LATE, State.SESSION_CANCELLED]
    [notice] = Notification.objects.filter(kind="groups.cancelled")
    assert (notice.recipient, notice.about) == (sam, session.pk)


def test_totals_of_a_day_in_one_query(make_session, dev, sam, django_assert_num_queries):
    studio = Room.objects.create(name="Studio", capacity=1)
    people = residents(3)
    first = make_session(lead=dev)
    for person in people:
        first.join(by=person, now=NOW)
    first.join(by=sam, now=NOW, or_wait=True)
    make_session(at=time(18), room=studio)
    make_session(at=time(9), room=studio, lead=dev).cancel(by=dev, now=NOW - timedelta(days=1))
    with django_assert_num_queries(1):
        counts = Session.objects.on(first.local_date).counts(NOW)
    assert counts == {"sessions": 2, "cancelled": 1, "confirmed": 3, "waiting": 1, "full": 1, "unled": 1}
    assert Session.objects.on(first.local_date).counts(first.ends_at)["waiting"] == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_join_where_the_other_waits_do_not_block_each_other(make_session, seeking):
    seeking.capacity = 5
    seeking.save()
    people = residents(2)
    for day in range(12):
        sessions = [
            make_session(day=date(2026, 11, 25) + timedelta(days=day), at=time(hour)) for hour in (9, 13)
        ]
        for session, waits in zip(sessions, reversed(people), strict=True):
            session.bookings.create(client=waits, state=State.WAITLISTED, joined_at=NOW)
        pairs = list(zip(sessions, people, strict=True))
        results = at_once(lambda pair: pair[0].join(by=pair[1], now=NOW), pairs)
        assert [type(result) for result in results] == [Booking, Booking]
