"""Two who lead one session mark the same person at once: one mark stands, and the other is told (B7)."""

from datetime import time

import pytest

from groups.models import Booking
from tests.groups.conftest import NOW, residents
from tests.groups.test_standing_in_races import at_once

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.django_db(transaction=True)]


def test_b7_of_two_marks_at_once_one_stands_and_no_change_is_lost(make_session, dev, ana, sam):
    session, stood = make_session(at=time(9), lead=dev), []
    session.bookings.create(client=sam, state=Booking.State.CONFIRMED, joined_at=NOW)
    marks = [(dev, "late"), (ana, "absent"), (dev, "present"), (ana, "excused")]

    def record(by, state):
        stood.append(session.record({sam.pk: state}, by=by, now=NOW, was={sam.pk: [""]}))

    assert at_once(*(lambda one=one: record(*one) for one in marks)) == [None] * 4
    assert sorted(map(len, stood)) == [0, 1, 1, 1]
    change = session.attendance_changes.get()
    assert (change.old, change.new) == ("", session.attendance.get().state)


def test_b7_who_came_without_a_place_is_put_on_the_sheet_once(make_session, dev, ana):
    session, (guest,) = make_session(at=time(9), lead=dev), residents(1)
    ended = at_once(
        *(lambda by=by: session.walk_in(guest, "present", by=by, now=NOW) for by in (dev, ana, dev))
    )
    assert ended.count(None) == 1
    assert (session.attendance.count(), session.attendance_changes.count()) == (1, 1)
