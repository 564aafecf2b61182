from datetime import time, timedelta

import pytest

from groups import notices, recurrence
from groups.models import (
    Attendance,
    Edit,
    Facilitator,
    Room,
    Scope,
    Series,
    Session,
)
from groups.refusals import SomethingHappened
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import book, on, picture, told

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
ALL, FOLLOWING = Scope.ALL, Scope.FOLLOWING


def test_undo_puts_everything_back_and_tells_again(weekly, change, elm, sam, noor, dev, ana):
    mine, other = book(on(weekly, TODAY + WEEK), sam), book(on(weekly, TODAY + 3 * WEEK), noor)
    before, led = (
        picture(),
        list(
            Facilitator.objects.order_by("session", "person").values_list(
                "session", "series", "person", "role"
            )
        ),
    )
    edit = change(weekly, FOLLOWING, TODAY + WEEK, rule=recurrence.weekly([1], 2), room=elm, leads=(ana,))
    assert picture() != before
    Notification.objects.all().delete()
    edit.undo(by=dev, now=NOW)
    edit.undo(by=dev, now=NOW)
    assert picture() == before
    assert (
        list(
            Facilitator.objects.order_by("session", "person").values_list(
                "session", "series", "person", "role"
            )
        )
        == led
    )
    mine.refresh_from_db()
    other.refresh_from_db()
    for booking in (mine, other):
        assert (booking.state, booking.closed_from, booking.needs_place_since) == ("confirmed", "", None)
    weekly.refresh_from_db()
    assert (weekly.until, Series.objects.count(), edit.undone_by) == (None, 1, dev)
    assert told(notices.MOVED) == sorted([sam.pk, noor.pk])


def test_undo_gives_lost_places_back(weekly, change, sam, dev):
    booking = book(on(weekly, TODAY + WEEK), sam)
    edit = change(weekly, rule=recurrence.weekly([3]))
    edit.undo(by=dev, now=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.closed_at, booking.needs_place_since) == ("confirmed", None, None)
    assert told(notices.PLACE) == [sam.pk]
    assert told(notices.NEEDS_PLACE) == []
    assert set(Session.objects.filter(series=weekly).values_list("cancelled_at", flat=True)) == {None}
    assert not Session.objects.filter(rule_date=TODAY + timedelta(days=2)).exists()


@pytest.mark.parametrize(
    "what", ["edit", "booking", "left", "attendance", "substitute", "begun", "taken", "settled"]
)
def test_undo_is_refused_when_something_happened(
    weekly, change, elm, sam, noor, dev, ana, make_session, what
):
    first, second = on(weekly, TODAY + WEEK), on(weekly, TODAY + 2 * WEEK)
    gone = book(second, noor)
    booking = book(first, sam)
    edit = change(weekly, rule=recurrence.weekly([1], 2), room=elm, since=TODAY + WEEK, scope=FOLLOWING)
    now = NOW
    if what == "edit":
        change(Series.objects.get(follows=weekly), minutes=45)
    if what == "booking":
        book(first, noor)
    if what == "left":
        booking.cancel(by=sam, now=NOW)
    if what == "attendance":
        Attendance.objects.create(
            session=first, client=sam, state="present", recorded_by=dev, recorded_at=NOW
        )
    if what == "substitute":
        Facilitator.objects.filter(session=first).update(person=ana, role="sub", stands_in_for=dev)
    if what == "begun":
        now = NOW + WEEK + timedelta(hours=12)
    if what == "taken":
        make_session(day=second.local_date, at=time(18), lead=ana)
    if what == "settled":
        gone.refresh_from_db()
        gone.settle(by=dev, now=NOW)
    before = picture()
    with pytest.raises(SomethingHappened):
        edit.undo(by=dev, now=now)
    assert picture() == before
    edit.refresh_from_db()
    assert edit.undone_at is None


def test_b7_a_session_whose_sheet_was_marked_and_cleared_does_not_just_go(weekly, change, sam, dev):
    edit = change(weekly, rule=recurrence.weekly([3]))
    new = Session.objects.get(rule_date=TODAY + timedelta(days=2))
    new.attendance_changes.create(client=sam, old="late", changed_by=dev, changed_at=NOW)
    before = picture()
    with pytest.raises(SomethingHappened):
        edit.undo(by=dev, now=NOW)
    assert picture() == before


def test_what_is_kept_of_an_edit_holds_no_words(weekly, change, elm, sam):
    book(on(weekly, TODAY + WEEK), sam)
    edit = change(weekly, room=elm)
    edit.refresh_from_db()
    for word in ("Sam", "Oak", "Elm", "Seeking", str(sam.pk)):
        assert word not in str(edit.before)


def test_the_questions_asked_do_not_grow_with_the_sessions(
    make_series, dev, elm, frozen, django_assert_max_num_queries, change
):
    """Thirty dates cost what one does; rows are written by the hundred."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for number, room in ((1, elm), (30, Room.objects.create(name="Ash", capacity=9))):
        series = make_series(count=number, start_date=TODAY + WEEK)
        series.schedule(leads=[dev], by=dev, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            change(series, room=room, start_time=time(9))
        with CaptureQueriesContext(connection) as undone:
            Edit.objects.get(series=series).undo(by=dev, now=NOW)
        asked.append((len(queries), len(undone)))
        series.sessions.update(cancelled_at=NOW, cancelled_by=dev)
    assert asked[0] == asked[1]
