"""Members whose time ends, changes or begins anew, and what becomes of their places (B3, B6)."""

from datetime import timedelta

import pytest

from groups.models import Admission, Attendance, Booking, Group, Session
from tests.groups.conftest import NOW, TODAY, put
from tests.groups.test_moving import move

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def closed(seeking) -> Group:
    seeking.admission = Admission.CLOSED
    seeking.save()
    return seeking


def test_b6_ending_one_time_in_a_group_leaves_the_places_of_a_later_one(closed, make_session, sam, noor, ana):
    Group.objects.update(capacity=1)
    later = make_session(day=TODAY + 10 * DAY)
    first = closed.add_member(sam, starts_on=TODAY, ends_on=TODAY + 5 * DAY, by=ana, now=NOW)
    closed.add_member(sam, starts_on=TODAY + 8 * DAY, by=ana, now=NOW)
    closed.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    Session.objects.get(pk=later.pk).join(by=noor, now=NOW, or_wait=True)
    row = later.bookings.get(client=sam)
    row.send_apology(by=sam, now=NOW)
    first.end(on=TODAY + 2 * DAY, by=ana, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.apology_at) == (State.CONFIRMED, NOW)


def test_t8_nobody_looks_for_a_place_of_a_group_that_they_left(
    closed, make_session, other_group, dev, ana, sam
):
    session = make_session(day=TODAY + 7 * DAY, lead=dev)
    membership = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    put(make_session(day=TODAY + 8 * DAY, **other_group("Art")), sam)
    move(session, dev, day=TODAY + 8 * DAY)
    assert Booking.objects.needing_a_place(NOW).count() == 1
    membership.end(on=TODAY, by=ana, now=NOW)
    assert not Booking.objects.needing_a_place(NOW).exists()


def test_b6_a_place_where_they_were_seen_already_stays(closed, make_session, dev, ana, sam):
    session = make_session(lead=dev)
    membership = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    Attendance.objects.create(session=session, client=sam, state="present", recorded_by=dev, recorded_at=NOW)
    membership.end(on=TODAY - DAY, by=ana, now=NOW)
    assert session.bookings.get().state == State.CONFIRMED


def test_b6_a_session_that_takes_place_after_all_brings_no_former_member_back(
    closed, make_session, sam, noor, ana
):
    session = make_session(day=TODAY + 10 * DAY, lead=ana)
    membership = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    closed.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    session.cancel(by=ana, now=NOW)
    membership.end(on=TODAY, by=ana, now=NOW + HOUR)
    session.reinstate(by=ana, now=NOW + 2 * HOUR)
    assert [row.client for row in session.bookings.active()] == [noor]


def test_b6_a_session_moved_past_the_last_day_of_a_member_costs_their_place(
    closed, make_session, sam, noor, ana, dev
):
    session = make_session(day=TODAY + DAY, lead=dev)
    closed.add_member(sam, starts_on=TODAY, ends_on=TODAY + 3 * DAY, by=ana, now=NOW)
    closed.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    move(session, dev, day=TODAY + 9 * DAY)
    assert [row.client for row in session.bookings.confirmed()] == [noor]
    gone = session.bookings.get(client=sam)
    assert (gone.state, gone.needs_place_since) == (State.REMOVED, None)


def test_b6_who_left_a_closed_group_sees_what_was_and_nothing_that_comes(
    closed, make_session, frozen, sam, noor, ana, client_of
):
    was, comes = make_session(day=TODAY), make_session(day=TODAY + 7 * DAY)
    membership = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    closed.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    comes.bookings.get(client=noor).cancel(by=noor, now=NOW)  # a member still
    membership.end(on=TODAY, by=ana, now=NOW)
    frozen.move_to(was.ends_at)
    pages = [
        [client_of(one).get(day.get_absolute_url()).status_code for day in (was, comes)]
        for one in (sam, noor)
    ]
    assert pages == [[200, 404], [200, 200]]


def test_b6_a_member_who_was_never_put_on_a_list_sees_it_too(closed, make_session, sam, ana):
    session = make_session(day=TODAY + DAY)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    session.bookings.all().delete()
    assert list(Session.objects.visible_to(sam)) == [session]
