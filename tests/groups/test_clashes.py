"""A room and a facilitator are in one place at a time (C1, C2, C4)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from groups.clashes import Clashes, in_few_lines
from groups.models import Facilitator, Group, Kind, Room, Series, Session
from groups.models.moving import Move
from tests.groups.conftest import NOW, TODAY


def clashes_of(series: Series, leads) -> list[str]:
    with pytest.raises(Clashes) as raised:
        series.schedule(leads=leads, by=leads[0], now=NOW)
    return [str(line) for line in in_few_lines(raised.value.found)]


def test_c4_lists_each_date_and_saves_nothing(make_session, make_series, ana, dev):
    make_session(day=TODAY + timedelta(weeks=1), at=time(17, 30), lead=ana)
    make_session(day=TODAY + timedelta(weeks=3), at=time(18, 30), lead=ana)
    fresh = Group(name="Grief circle", purpose="Room for loss.", kind=Kind.CIRCLE, capacity=8)
    with pytest.raises(Clashes) as raised:
        make_series(group=fresh).schedule(leads=[dev], by=dev, now=NOW)
    [line] = in_few_lines(raised.value.found)
    assert str(line) == "2 dates: Oak room is taken by Seeking safety"
    assert line.dates == [
        "Tue 1 Dec 2026, 5:30 p.m. to 6:45 p.m.",
        "Tue 15 Dec 2026, 6:30 p.m. to 7:45 p.m.",
    ]
    assert (Series.objects.count(), Session.objects.count()) == (0, 2)
    assert not Group.objects.filter(name="Grief circle").exists()


def test_c2_a_co_facilitator_cannot_be_in_two_rooms(make_session, make_series, ana, dev):
    make_session(at=time(17, 30), lead=dev)
    studio = Room.objects.create(name="Studio", capacity=5)
    [clash] = clashes_of(make_series(room=studio), [ana, dev])
    assert clash == "Tue 24 Nov 2026: Dev Patel is taken by Seeking safety, 5:30 p.m. to 6:45 p.m."


def test_c4_equal_clashes_stand_in_one_line(make_session, make_series, seeking, dev):
    circle = Group.objects.create(name="Circle", purpose="p", kind=Kind.CIRCLE, capacity=5)
    for week in range(3):
        make_session(day=TODAY + timedelta(weeks=week), at=time(18), lead=dev, group=circle)
    make_session(day=TODAY + timedelta(weeks=4), at=time(18))
    assert clashes_of(make_series(), [dev]) == [
        "3 dates: Oak room and Dev Patel are taken by Circle",
        "Tue 22 Dec 2026: Oak room is taken by Seeking safety, 6:00 p.m. to 7:15 p.m.",
    ]


def test_c1_turnover_keeps_the_room(make_session, make_series, ana, dev):
    make_session(at=time(16, 30), minutes=75, lead=ana)  # over at 17:45, and 15 minutes of turnover
    assert len(clashes_of(make_series(start_time=time(17, 59), count=1), [dev])) == 1
    assert make_series(start_time=time(18), count=1).schedule(leads=[dev], by=dev, now=NOW) == 1


def test_c1_turnover_keeps_nobody_busy(make_session, make_series, dev):
    make_session(at=time(16, 30), minutes=75, lead=dev)
    studio = Room.objects.create(name="Studio", capacity=5)
    series = make_series(room=studio, start_time=time(17, 45), count=1)
    assert series.schedule(leads=[dev], by=dev, now=NOW) == 1


def test_t4_half_open_intervals_touch_without_a_clash(make_session, make_series, dev):
    make_session(at=time(16, 45), minutes=75, lead=dev)
    studio = Room.objects.create(name="Studio", capacity=5)
    assert make_series(room=studio, count=1).schedule(leads=[dev], by=dev, now=NOW) == 1


def test_a_cancelled_session_takes_no_room(make_session, make_series, dev):
    make_session(at=time(18), lead=dev).cancel(by=dev, now=NOW)
    assert make_series(count=1).schedule(leads=[dev], by=dev, now=NOW) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wanted", ["room", "person"])
def test_c1_c2_twelve_threads_want_one_room_or_one_person_and_one_has_it(make_series, dev, wanted):
    names = [f"r{n}" for n in range(12)]
    rooms = [Room.objects.create(name=name, capacity=5) for name in names]
    people = [User.objects.create(username=name, role=Role.CLINICIAN, chosen_name=name) for name in names]
    start = Barrier(12)

    def schedule(number):
        # All want the same of one thing, and each another of the other.
        fields = {} if wanted == "room" else {"room": rooms[number]}
        lead = people[number] if wanted == "room" else dev
        try:
            start.wait(timeout=30)
            make_series(start_time=time(18, number), count=3, **fields).schedule(
                leads=[lead], by=dev, now=NOW
            )
            return "scheduled"
        except Clashes as error:
            return f"{len(error.found)} clashes"
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        results = sorted(threads.map(schedule, range(12)))
    assert results == ["3 clashes"] * 11 + ["scheduled"]
    assert Session.objects.count() == 3


def test_c1_postgresql_refuses_an_overlap_that_nobody_looked_for(make_session):
    """SQLite has no exclusion constraints: there the lock and the second look are all that holds."""
    refused = pytest.raises(IntegrityError, match="one_session_in_a_room")
    make_session(at=time(13), minutes=60)
    with refused if connection.vendor == "postgresql" else nullcontext(), transaction.atomic():
        make_session(at=time(14, 14), minutes=60)
    make_session(at=time(14, 15), minutes=60)


@pytest.fixture
def allowed(make_session, dev, mara) -> Session:
    """Dev leads two at six, the second of them with a manager's word."""
    studio = Room.objects.create(name="Studio", capacity=5)
    session = make_session(at=time(18), room=studio)
    word = {"overlap_allowed_by": mara, "overlap_reason": "One hall"}
    Facilitator.objects.create(session=session, person=dev, **word)
    return session


def test_c2_whom_a_manager_let_be_in_two_places_is_not_free_for_a_third(
    make_session, make_series, dev, allowed
):
    first = make_session(at=time(18), lead=dev)
    first.cancel(by=dev, now=NOW)
    [line] = clashes_of(make_series(count=1), [dev])
    assert "Dev Patel is taken by Seeking safety" in line


def test_c2_nor_for_one_that_is_moved_there(make_session, dev, allowed):
    later = make_session(at=time(20), lead=dev)
    to = Move(TODAY, time(18), 60, later.room, (dev,))
    with pytest.raises(Clashes):
        later.move(to, by=dev, now=NOW, token=uuid.uuid4())


def test_c2_what_a_manager_allowed_stays_allowed_while_the_times_stay(make_session, dev, allowed):
    first = make_session(at=time(18), lead=dev)
    elm = Room.objects.create(name="Elm room", capacity=5)
    first.move(Move(TODAY, time(18), 75, elm, (dev,)), by=dev, now=NOW, token=uuid.uuid4())
    first.refresh_from_db()
    assert first.room == elm
    first.cancel(by=dev, now=NOW)
    first.reinstate(by=dev, now=NOW)
    assert first.cancelled_at is None
