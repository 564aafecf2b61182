"""One session that gets another time, room or other people (T6, T7, T8, C1 to C5)."""

import uuid
from datetime import date, time, timedelta

import pytest

from groups.answers import Answer
from groups.clashes import Clashes
from groups.models import Attendance, Booking, Edit, Facilitator, Room, Session
from groups.models.moving import Move
from groups.refusals import Begun, CalledOff, HasMarks, MovedMeanwhile, NotAhead, Unmoved
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents

TOMORROW = TODAY + timedelta(days=1)


def wish(session: Session, **changes) -> Move:
    return Move(**{**vars(Move.of(session)), **changes})


def move(session: Session, by, now=NOW, seen=None, answer=None, token=None, **changes):
    return session.move(
        wish(session, **changes), by=by, now=now, token=token or uuid.uuid4(), seen=seen, answer=answer
    )


@pytest.fixture
def studio(db) -> Room:
    return Room.objects.create(name="Studio", capacity=2, turnover_minutes=10)


@pytest.fixture
def laid_out(make_series, dev) -> Session:
    series = make_series(count=3)
    series.schedule(leads=[dev], by=dev, now=NOW)
    return series.sessions.get(rule_date=TODAY + timedelta(weeks=1))


def told(kind: str) -> set[str]:
    found = Notification.objects.filter(kind=kind)
    return set(found.values_list("recipient__username", flat=True))


def test_t7_this_scope_moves_one_session_and_it_keeps_its_own_time(laid_out, dev):
    move(laid_out, dev, day=date(2026, 12, 3), at=time(10), minutes=45)
    assert (laid_out.local_date, laid_out.starts_at.isoformat()) == (
        date(2026, 12, 3),
        "2026-12-03T15:00:00+00:00",
    )
    assert (laid_out.rule_date, laid_out.minutes, laid_out.sequence) == (date(2026, 12, 1), 45, 1)
    assert (laid_out.room_free_at - laid_out.ends_at) == timedelta(minutes=15)
    assert (laid_out.own_time, laid_out.own_room, laid_out.own_people) == (True, False, False)
    others = laid_out.series.sessions.exclude(pk=laid_out.pk)
    assert not others.filter(own_time=True).exists()
    assert laid_out.series.lay_out(NOW) == 0  # T5: its day of the rule is not laid out once more


def test_t7_back_at_the_time_of_its_series_nothing_is_its_own(laid_out, studio, dev, ana):
    was = Move.of(laid_out)
    move(laid_out, dev, at=time(10), room=studio, leads=(ana,))
    assert (laid_out.own_time, laid_out.own_room, laid_out.own_people) == (True, True, True)
    laid_out.move(was, by=dev, now=NOW, token=uuid.uuid4())
    assert (laid_out.own_time, laid_out.own_room, laid_out.own_people) == (False, False, False)
    assert (laid_out.sequence, Move.of(Session.objects.get(pk=laid_out.pk))) == (2, was)


def test_t6_what_has_begun_is_cancelled_or_has_marks_stays(make_session, dev, sam):
    begun, off, seen = make_session(at=time(9)), make_session(at=time(15)), make_session(at=time(17))
    off.cancel(by=dev, now=NOW)
    Attendance.objects.create(session=seen, client=sam, state="present", recorded_by=dev, recorded_at=NOW)
    for session, refusal in ((begun, Begun), (off, CalledOff), (seen, HasMarks)):
        with pytest.raises(refusal):
            move(session, dev, at=time(20))
        assert not session.can_be_moved_by(dev, NOW)


def test_t6_nothing_is_moved_into_the_past_or_to_where_it_is(make_session, dev):
    session = make_session(lead=dev)
    with pytest.raises(NotAhead):
        move(session, dev, at=time(9))
    with pytest.raises(Unmoved):
        move(session, dev)
    with pytest.raises(MovedMeanwhile):
        move(session, dev, at=time(16), seen="before")
    assert Session.objects.get(pk=session.pk).sequence == 0


def test_the_same_move_sent_twice_is_one(make_session, dev):
    session, token = make_session(lead=dev), uuid.uuid4()
    first, second = (move(session, dev, at=time(16), token=token) for _ in range(2))
    assert (first, session.sequence) == (second, 1)


def test_t8_places_are_kept_and_people_are_told(make_session, dev, sam):
    session = make_session(lead=dev)
    session.join(by=sam, now=NOW)
    move(session, dev, at=time(16))
    assert session.bookings.confirmed().count() == 1
    assert told("groups.moved") == {"sam"}
    assert "Seeking" not in Notification.objects.get(kind="groups.moved").notice  # K5


def test_t8_c3_who_is_elsewhere_or_gone_by_then_keeps_nothing_silently(make_session, studio, dev, seeking):
    seeking.capacity = 8
    seeking.save()
    stays, busy, gone = residents(3)
    session, other = make_session(lead=dev), make_session(day=TOMORROW, at=time(14), room=studio)
    for person in (stays, busy, gone):
        session.join(by=person, now=NOW)
    other.join(by=busy, now=NOW)
    gone.stays.update(discharged_on=TODAY)
    to = wish(session, day=TOMORROW)
    assert set(session.whom_it_costs(to).values_list("client__username", flat=True)) == {"c1", "c2"}
    move(session, dev, day=TOMORROW)
    lost = Booking.objects.filter(session=session, needs_place_since=NOW)
    assert set(lost.values_list("client__username", "closed_from")) == {
        ("c1", "confirmed"),
        ("c2", "confirmed"),
    }
    assert (told("groups.moved"), told("groups.needs_place")) == ({"c0"}, {"c1", "c2"})


def test_t8_a_place_that_is_lost_goes_to_the_next_in_line(make_session, studio, dev):
    people = residents(4)
    session, other = make_session(lead=dev), make_session(day=TOMORROW, at=time(14), room=studio)
    for person in people:
        session.join(by=person, now=NOW, or_wait=True)
    other.join(by=people[0], now=NOW)
    move(session, dev, day=TOMORROW)
    now_in = session.bookings.taking_a_place().values_list("client__username", "state")
    assert set(now_in) == {("c1", "confirmed"), ("c2", "confirmed"), ("c3", "offered")}


def test_c5_a_smaller_room_evicts_nobody_and_a_larger_one_lets_people_in(make_session, studio, dev):
    people = residents(4)
    session = make_session(lead=dev)
    for person in people:
        session.join(by=person, now=NOW, or_wait=True)
    move(session, dev, room=studio)
    assert (session.capacity, session.bookings.confirmed().count()) == (2, 3)
    session.group.capacity = 8
    session.group.save()
    move(session, dev, room=Room.objects.create(name="Hall", capacity=30))
    assert session.bookings.confirmed().count() == 3
    assert session.bookings.taking_a_place().count() == 4  # one of them is asked first (B4)


def test_c1_c2_a_move_that_clashes_saves_nothing(make_session, studio, dev, ana):
    session = make_session(lead=dev)
    make_session(at=time(16), lead=ana)
    make_session(day=TOMORROW, lead=dev, room=studio)
    for changes, who in (({"at": time(15, 50)}, "Oak room"), ({"day": TOMORROW}, "Dev Patel")):
        with pytest.raises(Clashes) as raised:
            move(session, dev, **changes)
        assert [str(clash.who) for clash in raised.value.found] == [who]
    assert Session.objects.get(pk=session.pk).starts_at == session.starts_at


def test_c4_another_room_is_the_answer_to_a_clash(make_session, studio, dev, ana):
    session = make_session(lead=dev)
    make_session(at=time(16), lead=ana)
    move(session, dev, at=time(16), answer=Answer(rooms={TODAY: studio}))
    assert (session.room, session.starts_at.hour) == (studio, 21)
    assert session.room_free_at - session.ends_at == timedelta(minutes=10)


def test_c2_a_manager_writes_why_somebody_is_in_two_places(make_session, studio, dev, mara):
    session = make_session(lead=dev)
    make_session(day=TOMORROW, lead=dev, room=studio)
    answer = Answer(twice=frozenset({TODAY, TOMORROW}), reason="Both are in one hall")
    with pytest.raises(Clashes):
        move(session, dev, day=TOMORROW, answer=answer)  # a clinician cannot
    move(session, mara, day=TOMORROW, answer=answer)
    row = Facilitator.objects.get(session=session)
    assert (row.overlap_allowed_by, row.overlap_reason) == (mara, "Both are in one hall")
    move(
        session, dev, room=Room.objects.create(name="Hall", capacity=30)
    )  # the time stays, so does the leave
    move(session, dev, day=TODAY)
    assert Facilitator.objects.get(session=session).overlap_reason == ""


def test_an_undone_move_is_as_it_was(make_session, studio, dev, ana, sam):
    session = make_session(lead=dev)
    session.join(by=sam, now=NOW)
    sam.stays.update(discharged_on=TODAY)
    was = Move.of(session)
    move(session, dev, day=TOMORROW, room=studio, leads=(ana,))
    edit = Edit.objects.get()
    assert session.bookings.confirmed().count() == 0
    assert edit.can_be_undone(NOW)
    sam.stays.update(discharged_on=None)
    edit.undo(by=dev, now=NOW)
    assert Move.of(Session.objects.with_faces().get(pk=session.pk)) == was
    assert session.bookings.confirmed().count() == 1


def test_who_stands_in_goes_on_standing_in(make_session, dev, ana, mara):
    session = make_session(lead=dev)
    session.substitute(ana, instead_of=dev, by=mara, now=NOW)
    move(session, ana, at=time(16), leads=(ana, dev))
    rows = session.facilitators.values_list("person__username", "role")
    assert set(rows) == {("ana", "sub"), ("dev", "co")}


def test_b9_people_are_told_who_will_be_in_the_room(make_session, dev, ana, sam):
    session = make_session(lead=dev)
    session.join(by=sam, now=NOW)
    move(session, dev, leads=(ana,))
    assert (told("groups.leads"), told("groups.stood_in"), told("groups.moved")) == (
        {"sam"},
        {"ana"},
        set(),
    )


def test_t7_whether_an_edit_can_be_undone_is_known_before_it_is_read_anew(make_session, dev):
    session, other = make_session(lead=dev), make_session(at=time(18))
    edit = move(session, dev, at=time(16))
    assert edit.can_be_undone(NOW)
    edit.remember([other])
    assert not edit.can_be_undone(NOW)


def test_t9_a_session_moved_to_a_day_of_a_rest_rests(laid_out, dev, sam):
    laid_out.join(by=sam, now=NOW)
    day = TODAY + timedelta(weeks=3)
    laid_out.series.suspend(first=day, last=day + timedelta(days=6), by=dev, now=NOW)
    move(laid_out, dev, day=day)
    assert laid_out.suspension == laid_out.series.rests_ahead[0]
    assert (told("groups.rests"), told("groups.moved")) == ({"sam"}, set())


def test_t9_a_session_moved_away_before_its_days_rest_takes_place(laid_out, dev):
    day = laid_out.local_date
    move(laid_out, dev, day=day + timedelta(days=2))
    laid_out.series.suspend(first=day, last=day + timedelta(days=1), by=dev, now=NOW)
    move(laid_out, dev, day=day + timedelta(days=3))
    assert laid_out.suspension is None
