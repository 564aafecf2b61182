"""Offers when the plan changes (T7, T9, B9), and places that staff give (B4)."""

import pytest

from groups.models import Booking, Room, Session
from groups.refusals import Begun, CalledOff, NotTheirs, Rests, Taken
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_moving import move
from tests.groups.test_offers import HOUR, NEXT_WEEK, State, at, leave, line, state, told


def test_b2_b9_an_offer_of_a_cancelled_session_is_a_place_in_line_when_it_takes_place_after_all(
    make_session, ana
):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 5)
    leave(rows[0], NOW)
    Booking.objects.filter(pk=rows[4].pk).update(joined_at=NOW + HOUR)
    session.cancel(by=ana, now=NOW + HOUR)
    assert [state(row) for row in rows[3:]] == [State.SESSION_CANCELLED] * 2
    session.reinstate(by=ana, now=at(24, 22))
    assert [state(row) for row in rows[3:]] == [State.WAITLISTED] * 2
    assert Booking.objects.get(pk=rows[3].pk).held_until is None
    Session.objects.turn_waitlists(at(25, 8))
    assert [state(row) for row in rows[3:]] == [State.OFFERED, State.WAITLISTED]
    assert len(told("offer")) == 1  # the first one is over, and this one is said anew
    assert Notification.objects.get(kind="groups.offer").not_after == at(25, 20)


def test_t9_offers_wait_while_a_series_rests_and_are_made_again_when_it_meets(make_series, dev, mara):
    series = make_series(start_date=NEXT_WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW)
    session = series.sessions.order_by("starts_at").first()
    rows = line(session, 4)
    leave(rows[0], NOW)
    assert state(rows[3]) == State.OFFERED
    rest = series.suspend(first=NEXT_WEEK, last=NEXT_WEEK, by=mara, now=NOW)
    assert state(rows[3]) == State.WAITLISTED
    with pytest.raises(Rests):
        rows[3].accept(by=rows[3].client, now=NOW)
    Session.objects.turn_waitlists(NOW)
    assert state(rows[3]) == State.WAITLISTED
    rest.lift(by=mara, now=NOW + HOUR)
    assert state(rows[3]) == State.OFFERED


def test_b4_an_offer_ends_no_later_than_the_new_hour_of_a_moved_session_lets_it(make_session):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    Session.objects.filter(pk=session.pk).update(starts_at=at(24, 20), ends_at=at(24, 21), local_date=TODAY)
    Session.objects.filter(pk=session.pk).promote(NOW)
    session.turn_waitlist(NOW)
    assert Booking.objects.get(pk=rows[3].pk).held_until == at(24, 18)
    assert Notification.objects.get(kind="groups.offer").not_after == at(24, 18)  # read no longer (K5)
    Session.objects.filter(pk=session.pk).update(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    session.turn_waitlist(NOW)
    assert state(rows[3]) == State.WAITLISTED  # they lost no turn: the hour is another, and staff decide


def test_b3_c3_an_offer_of_who_is_elsewhere_at_the_new_hour_goes_to_the_next(make_session, other_group, dev):
    session = make_session(day=NEXT_WEEK, lead=dev)
    rows, later = line(session, 5), NEXT_WEEK + 24 * HOUR
    make_session(day=later, **other_group("Art")).join(by=rows[3].client, now=NOW)
    leave(rows[0], NOW)
    assert [state(row) for row in rows[3:]] == [State.OFFERED, State.WAITLISTED]
    move(session, dev, day=later)
    assert [state(row) for row in rows[3:]] == [State.WAITLISTED, State.OFFERED]


class TestStaff:
    def test_b4_under_two_hours_nothing_moves_by_itself_and_staff_give_the_place(self, make_session, dev):
        session = make_session()
        rows, soon = line(session, 5), session.starts_at - HOUR
        leave(rows[0], soon)
        Session.objects.turn_waitlists(soon)
        assert [state(row) for row in rows[3:]] == [State.WAITLISTED] * 2
        assert session.open_places(soon) == 0
        for _ in range(2):
            session.give_place(rows[4], by=dev, now=soon)
        assert [state(row) for row in rows[3:]] == [State.WAITLISTED, State.CONFIRMED]
        assert told("place") == [(rows[4].client_id, rows[4].pk)]
        with pytest.raises(Taken):
            session.give_place(rows[3], by=dev, now=soon)

    @pytest.mark.parametrize("turned", [True, False])
    def test_b3_b4_at_the_start_and_after_it_staff_give_no_place_either(self, make_session, dev, turned):
        session = make_session()
        rows = line(session, 5)
        leave(rows[0], session.starts_at - HOUR)
        if turned:
            Session.objects.turn_waitlists(session.starts_at)
        for now in (session.starts_at, session.starts_at + HOUR, session.ends_at):
            with pytest.raises(Begun):
                session.give_place(rows[3], by=dev, now=now)
        assert state(rows[3]) == (State.EXPIRED if turned else State.WAITLISTED)
        assert told("place") == []

    def test_b4_staff_do_not_bring_back_who_left_or_is_elsewhere(self, make_session, dev, ana):
        session = make_session(day=NEXT_WEEK)
        other = make_session(day=NEXT_WEEK, room=Room.objects.create(name="Studio", capacity=5))
        rows = line(session, 5)
        other.join(by=rows[4].client, now=NOW)
        leave(rows[0], NOW)
        for row in (rows[0], rows[4]):
            with pytest.raises(NotTheirs):
                session.give_place(row, by=dev, now=NOW)
        session.give_place(rows[3], by=dev, now=NOW)  # an offer is taken for them
        assert state(rows[3]) == State.CONFIRMED
        session.cancel(by=ana, now=NOW)
        with pytest.raises(CalledOff):
            session.give_place(rows[4], by=dev, now=NOW)
