"""Who comes without asking is neither lost by an edit nor in the way of its undoing (B6, T7, T8)."""

from datetime import time, timedelta

import pytest

from accounts.models import Stay
from groups import notices, recurrence
from groups.edits import undoing
from groups.models import Admission, Booking, Group, Room, Series, Session
from groups.refusals import SomethingHappened
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import FOLLOWING, WEEK, on, told
from tests.groups.test_offers import HOUR, State, at, leave, line, state

pytestmark = pytest.mark.usefixtures("frozen")
SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(minutes=10)
THURSDAY = recurrence.weekly([3])


@pytest.fixture(params=[Admission.MANDATORY, Admission.CLOSED])
def expected(request, weekly, sam, noor, ana):
    """Sam and Noor are on each list without asking."""
    Group.objects.update(admission=request.param)
    if request.param == Admission.CLOSED:
        for client in (sam, noor):
            weekly.group.refresh_from_db()
            weekly.group.add_member(client, starts_on=TODAY, by=ana, now=NOW)
    Session.objects.expect_people(NOW)
    return weekly


def confirmed() -> set[tuple]:
    rows = Booking.objects.confirmed().filter(session__starts_at__gt=NOW)
    return set(rows.values_list("client", "session__starts_at"))


def test_t7_an_edit_can_be_undone_once_people_are_expected_on_the_new_days(expected, change, dev, sam):
    before = confirmed()
    edit = change(expected, rule=THURSDAY)
    assert Session.objects.expect_people(SOON) > 20
    assert edit.can_be_undone(LATER)
    edit.undo(by=dev, now=LATER)
    assert confirmed() == before
    assert not Session.objects.filter(local_date=TODAY + timedelta(days=2)).exists()
    assert Session.objects.expect_people(LATER) == 0


def test_t7_so_can_one_that_the_nightly_layout_went_on_from(expected, change, settings, dev):
    edit = change(expected, rule=THURSDAY)
    settings.WEEKS_LAID_OUT += 2
    Series.objects.get(pk=expected.pk).lay_out(SOON)
    assert undoing.laid_out_since(edit)
    Session.objects.expect_people(SOON)
    edit.undo(by=dev, now=LATER)
    assert set(Session.objects.values_list("cancelled_at", flat=True)) == {None}


@pytest.mark.parametrize("what", ["word", "left", "somebody else"])
def test_t7_what_somebody_did_there_still_counts(expected, change, dev, sam, what):
    edit = change(expected, rule=THURSDAY)
    Session.objects.expect_people(SOON)
    place = sam.bookings.confirmed().filter(session__starts_at__gt=NOW + WEEK).first()
    if what == "word":
        place.send_apology(by=sam, now=SOON)
    if what == "left":
        place.cancel(by=dev, now=SOON)
    if what == "somebody else":
        Group.objects.update(admission=Admission.OPEN)
    with pytest.raises(SomethingHappened):
        edit.undo(by=dev, now=LATER)


def test_t8_who_is_expected_on_the_new_days_needs_no_other_place(expected, change, sam, noor):
    had = {client for client, _at in confirmed()}
    change(expected, rule=THURSDAY)
    assert not Booking.objects.needing_a_place(SOON).exists()
    assert (told(notices.CANCELLED), told(notices.NEEDS_PLACE)) == (sorted([sam.pk, noor.pk]), [])
    Session.objects.expect_people(SOON)
    assert {client for client, _at in confirmed()} == had


def test_t8_none_vanishes(expected, change, make_session, other_group, sam, noor):
    """Each is on the day of that week or on the list: Sam goes home before some, Noor is elsewhere on one."""
    Stay.objects.filter(client=sam).update(discharged_on=TODAY + 20 * timedelta(days=1))
    Booking.objects.filter(client=sam, session__local_date__gte=TODAY + 3 * WEEK).delete()
    away = make_session(day=TODAY + WEEK + timedelta(days=2), at=time(18), **other_group("Art"))
    away.join(by=noor, now=NOW)
    had = Booking.objects.confirmed().filter(session__series=expected, session__starts_at__gt=NOW)
    had = list(had.select_related("session"))
    change(expected, rule=THURSDAY)
    Session.objects.expect_people(SOON)
    listed = set(Booking.objects.needing_a_place(SOON).values_list("pk", flat=True))
    for row in had:
        near = [row.session.local_date + timedelta(days=number) for number in range(-6, 7)]
        there = Booking.objects.confirmed().filter(session__series=expected, client=row.client_id)
        assert row.pk in listed or there.filter(session__local_date__in=near).exists()
    assert len(listed) < len(had) / 2


def test_t8_where_more_are_expected_than_it_holds_each_is_looked_after(expected, change, sam):
    change(expected, rule=THURSDAY, room=Room.objects.create(name="Tiny", capacity=1))
    assert sam.bookings.filter(needs_place_since__isnull=False).count() > 10


def test_t8_days_without_another_that_week_are_looked_after(expected, change, sam):
    change(expected, rule=recurrence.weekly([1], 2))
    assert sam.bookings.filter(needs_place_since__isnull=False).count() > 4


def test_b6_a_day_that_is_back_has_its_people_back(expected, change, sam, noor):
    before = confirmed()
    change(expected, rule=THURSDAY)
    expected.refresh_from_db()
    change(expected, rule=recurrence.weekly([1]), since=TODAY)
    Session.objects.expect_people(SOON)
    assert {when for client, when in confirmed() if client == sam.pk} >= {
        when for client, when in before if client == sam.pk
    }


def test_t7_what_the_clock_alone_does_keeps_nothing_from_being_undone(weekly, change):
    rows = line(on(weekly, TODAY + WEEK), 5)
    leave(rows[0], at(25, 1))
    edit = change(weekly, FOLLOWING, TODAY + WEEK, start_time=time(17))
    assert edit.can_be_undone(NOW)
    Session.objects.turn_waitlists(NOW + 30 * HOUR)
    assert state(rows[3]) == State.EXPIRED
    assert edit.can_be_undone(NOW + 30 * HOUR)
    Booking.objects.get(state=State.OFFERED).decline(by=rows[4].client, now=NOW + 30 * HOUR)
    assert not edit.can_be_undone(NOW + 30 * HOUR)
