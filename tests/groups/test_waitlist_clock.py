"""What the clock does to waitlists (B3, B4): it may run twice, late or in two places, and idles cheaply."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups import holds
from groups.models import Booking, Session, places
from groups.tasks import turn_waitlists
from notifications.models import Notification, Preference
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_joining import at_once
from tests.groups.test_offers import HOUR, NEXT_WEEK, State, at, leave, line, state, told


def test_b4_with_nothing_to_do_the_clock_asks_three_questions(make_session):
    make_session().join(by=line(make_session(day=NEXT_WEEK), 5)[4].client, now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert Session.objects.turn_waitlists(NOW) == 0
    assert len(asked) <= 3


def test_b4_the_clock_is_idle_where_whoever_waits_cannot_come(make_session):
    for number in range(4):
        session = make_session(day=NEXT_WEEK + timedelta(days=number))
        rows = line(session, 4)
        rows[3].client.stays.update(admitted_on=date(2026, 12, 31))
        leave(rows[0], NOW)
    with CaptureQueriesContext(connection) as asked:
        assert Session.objects.turn_waitlists(NOW + HOUR) == 0
    assert len(asked) <= 3


@pytest.mark.parametrize("adds_me", [True, False])
def test_b4_k5_the_clock_is_idle_while_places_are_kept_for_the_morning(make_session, adds_me):
    for number in range(4):
        rows = line(make_session(day=NEXT_WEEK + timedelta(days=number)), 4, adds_me=adds_me)
        leave(rows[0], at(24, 22))
    with CaptureQueriesContext(connection) as asked:
        assert Session.objects.turn_waitlists(at(25, 3)) == 0
    assert len(asked) <= 3
    assert Session.objects.turn_waitlists(at(25, 8)) == 4
    assert len(told("offer")) == 4


def test_b4_at_night_the_clock_adds_who_asked_for_it_once_the_start_is_a_day_ahead(make_session):
    session = make_session(day=date(2026, 11, 26), at=time(2))
    rows = line(session, 4, adds_me=True)
    leave(rows[0], at(24, 22))
    assert Session.objects.turn_waitlists(at(25, 1, 59)) == 0
    assert Session.objects.turn_waitlists(at(25, 2)) == 1
    assert state(rows[3]) == State.CONFIRMED


def test_b3_the_start_closes_the_line_and_each_reads_that_no_place_came_free(make_session, frozen):
    session = make_session(at=time(13))
    rows = line(session, 5)
    leave(rows[0], NOW)
    Booking.objects.filter(pk=rows[3].pk).update(held_until=session.starts_at)  # the clock stood still
    frozen.move_to(session.starts_at)
    assert turn_waitlists() == 1
    assert turn_waitlists() == 0
    for row, before in ((rows[3], State.OFFERED), (rows[4], State.WAITLISTED)):
        row.refresh_from_db()
        assert (row.state, row.closed_from, row.closed_at) == (State.EXPIRED, before, session.starts_at)
        shown = Session.objects.get(pk=session.pk)
        places.count([shown], row.client)
        assert shown.standing == "No place came free"
    assert Session.objects.booked(rows[4].client).get() == session
    assert told("offer_ended") == []
    assert session.bookings.confirmed().count() == 2


def test_b4_an_offer_that_ended_before_leaves_the_session_open_to_come_back(make_session, frozen):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    shown = Session.objects.get(pk=session.pk)
    places.count([shown], rows[3].client)
    assert shown.standing == "Yours to take until Wednesday, 9:00 a.m."
    frozen.move_to(at(25, 9))
    assert shown.standing == "An offer ended"
    Session.objects.turn_waitlists(at(25, 9))
    shown = Session.objects.get(pk=session.pk)
    places.count([shown], rows[3].client)
    assert (shown.my_state, shown.standing) == (None, "")
    assert session.join(by=rows[3].client, now=at(25, 9)).state == State.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_b3_two_workers_at_once_end_an_offer_and_make_the_next_one_once(make_session):
    sessions = [make_session(day=NEXT_WEEK), make_session(day=NEXT_WEEK, at=time(16))]
    lines = [line(session, 6) for session in sessions]
    for rows in lines:
        leave(rows[0], NOW)
        leave(rows[1], NOW)
    results = at_once(Session.objects.turn_waitlists, [at(25, 9)] * 4)
    assert all(isinstance(result, int) for result in results)
    for rows in lines:
        assert [state(row) for row in rows[2:]] == [State.CONFIRMED, *[State.EXPIRED] * 2, State.OFFERED]
    assert len(told("offer")) == 6
    assert len(told("offer_ended")) == 4


@pytest.mark.django_db(transaction=True)
def test_b3_accepting_and_the_clock_agree_on_who_has_the_place(make_session):
    for number in range(6):
        rows = line(make_session(day=NEXT_WEEK + timedelta(days=number)), 5)
        leave(rows[0], NOW)
        offer, late = rows[3], at(25, 9) - timedelta(seconds=number % 2)
        works = [
            lambda offer=offer, late=late: offer.accept(by=offer.client, now=late),
            lambda late=late: Session.objects.turn_waitlists(late),
            lambda: Session.objects.turn_waitlists(at(25, 9)),
        ]
        at_once(lambda work: work(), works)
        kept = [state(rows[3]), state(rows[4])]
        assert kept in ([State.CONFIRMED, State.WAITLISTED], [State.EXPIRED, State.OFFERED])
        assert rows[0].session.bookings.taking_a_place().count() == 3


def test_b4_a_session_that_fails_keeps_no_other_from_its_turn(make_session, monkeypatch, caplog):
    lines = [line(make_session(day=NEXT_WEEK, at=time(hour)), 4) for hour in (13, 16)]
    for rows in lines:
        leave(rows[0], NOW)
    broken, turn = min(rows[0].session_id for rows in lines), Session.turn_waitlist

    def fails(self, now):
        if self.pk == broken:
            raise ValueError("Client 3 of Seeking safety")
        turn(self, now)

    monkeypatch.setattr(Session, "turn_waitlist", fails)
    assert Session.objects.turn_waitlists(at(25, 9)) == 2
    ended = Booking.objects.filter(state=State.EXPIRED).values_list("session", flat=True)
    assert broken not in ended
    assert len(ended) == 1
    assert "ValueError" in caplog.text
    assert "Client" not in caplog.text
    monkeypatch.undo()
    assert Session.objects.turn_waitlists(at(25, 9)) == 1


def test_k5_a_mail_of_an_offer_goes_only_while_it_stands(make_session):
    from notifications import kinds

    rows = line(make_session(day=NEXT_WEEK), 4)
    leave(rows[0], NOW)
    notice = Notification.objects.get(kind="groups.offer")
    wanted = kinds.get("groups.offer").wanted
    assert wanted(notice, NOW)
    assert not wanted(notice, at(25, 9))
    rows[3].accept(by=rows[3].client, now=NOW)
    assert not wanted(notice, NOW)


def test_b4_who_changes_their_mind_about_being_added_gets_the_place_that_is_kept(make_session):
    session = make_session(day=date(2026, 11, 25), at=time(13))
    rows, night = line(session, 4), at(24, 22)
    leave(rows[0], night)
    assert state(rows[3]) == State.WAITLISTED
    for wish in (False, True, True):
        rows[3].set_adds_me(wish, by=rows[3].client, now=night)
    assert (rows[3].state, rows[3].adds_me) == (State.CONFIRMED, True)
    assert len(told("place")) == 1


FAR = datetime(2027, 6, 1, tzinfo=UTC)


class TestHolds:
    """Twelve hours of the person's own day."""

    @pytest.mark.parametrize(
        ("now", "end"),
        [
            (at(24, 8), at(24, 20)),
            (at(24, 9), at(24, 21)),  # they begin as the hold ends
            (at(24, 9, 1), at(25, 8, 1)),
            (at(24, 20, 59), at(25, 19, 59)),
            (at(24, 23), at(25, 20)),
        ],
    )
    def test_b4_the_hold_does_not_run_in_quiet_hours(self, sam, now, end):
        assert holds.hold_end(sam, now, FAR) == end

    def test_b4_the_hold_follows_the_persons_own_clock(self, sam):
        sam.time_zone = "Asia/Tokyo"
        local = datetime(2026, 11, 25, 0, 0, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))  # nine there
        assert holds.hold_end(sam, local, FAR) == local + 12 * HOUR
        Preference.objects.create(person=sam, quiet_from=time(12), quiet_until=time(14))
        assert holds.hold_end(sam, local, FAR) == local + 14 * HOUR

    def test_b4_without_quiet_hours_it_runs_through(self, sam):
        Preference.objects.create(person=sam, quiet_from=time(0), quiet_until=time(0))
        assert holds.hold_end(sam, at(24, 22), FAR) == at(25, 10)

    @pytest.mark.parametrize("until", [time(1, 30), time(2, 30)])
    @pytest.mark.parametrize("day", [date(2026, 11, 1), date(2027, 3, 14)])
    def test_t3_the_hours_of_a_changing_clock_end_the_hold_too(self, sam, until, day):
        sam.time_zone = "America/New_York"
        Preference.objects.create(person=sam, quiet_from=time(0, 30), quiet_until=until)
        for minutes in range(0, 300, 20):
            now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(minutes=minutes)
            end = holds.hold_end(sam, now, FAR)
            assert now + 12 * HOUR <= end <= now + 15 * HOUR

    def test_b4_staff_alone_give_places_in_the_last_two_hours(self, sam):
        starts_at = at(TODAY.day, 18)
        assert holds.hold_end(sam, at(24, 10), starts_at) == at(24, 16)
