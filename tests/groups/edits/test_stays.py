"""What an edit closed for somebody who left meanwhile (A6, T8)."""

from datetime import timedelta

import pytest

from groups import recurrence
from groups.refusals import SomethingHappened
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import book, on

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def move_out_and_in(client, by) -> None:
    actions.discharge(client=client, on=TODAY, by=by, now=NOW)
    actions.readmit(client=client, on=TODAY, bed="", by=by, now=NOW)


@pytest.mark.parametrize("state", ["confirmed", "waitlisted"])
def test_a6_an_edit_undone_gives_back_nothing_of_an_earlier_stay(weekly, change, sam, dev, mara, state):
    booking = book(on(weekly, TODAY + WEEK), sam, state)
    edit = change(weekly, rule=recurrence.weekly([3]))
    move_out_and_in(sam, mara)
    try:
        edit.undo(by=dev, now=NOW)
    except SomethingHappened:
        assert state == "confirmed"  # that nobody looks for another place any more is something
    booking.refresh_from_db()
    assert (booking.state, booking.closed_from, booking.needs_place_since) == ("session_cancelled", "", None)


def test_a6_who_stayed_gets_theirs_back(weekly, change, sam, noor, dev, mara):
    waits, stayed = book(on(weekly, TODAY + WEEK), sam, "waitlisted"), book(on(weekly, TODAY + WEEK), noor)
    edit = change(weekly, rule=recurrence.weekly([3]))
    move_out_and_in(sam, mara)
    edit.undo(by=dev, now=NOW)
    for booking in (waits, stayed):
        booking.refresh_from_db()
    assert (waits.state, stayed.state) == ("session_cancelled", "confirmed")
