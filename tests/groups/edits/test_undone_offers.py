"""An offer that an edit took away is a place in line when the edit is taken back (B2, T7)."""

from datetime import timedelta

from groups import recurrence
from groups.models import Booking, Session
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_offers import HOUR, State, at, leave, line, state


def test_b2_t7_who_had_an_offer_waits_where_they_were_when_an_edit_is_undone(weekly, change, dev):
    session = Session.objects.get(series=weekly, local_date=TODAY + timedelta(days=7))
    rows = line(session, 5)
    leave(rows[0], NOW)
    edit = change(weekly, rule=recurrence.weekly([3]))
    assert [state(row) for row in rows[1:]] == [State.SESSION_CANCELLED] * 4
    edit.undo(by=dev, now=NOW + 2 * HOUR)  # both wait again, and the first of them is asked anew
    assert [state(row) for row in rows[1:3]] == [State.CONFIRMED] * 2
    assert [state(row) for row in rows[3:]] == [State.OFFERED, State.WAITLISTED]
    offer = Booking.objects.get(pk=rows[3].pk)
    assert (offer.held_until, offer.joined_at) == (at(25, 11), rows[3].joined_at)


def test_b3_c3_an_edit_to_an_hour_at_which_they_are_elsewhere_gives_the_offer_to_the_next(
    weekly, change, make_session, other_group
):
    session = Session.objects.get(series=weekly, local_date=TODAY + timedelta(days=7))
    rows, hour = line(session, 5), session.starts_at.astimezone().time().replace(hour=9)
    make_session(day=session.local_date, at=hour, **other_group("Art")).join(by=rows[3].client, now=NOW)
    leave(rows[0], NOW)
    assert [state(row) for row in rows[3:]] == [State.OFFERED, State.WAITLISTED]
    change(weekly, start_time=hour)
    assert [state(row) for row in rows[3:]] == [State.WAITLISTED, State.OFFERED]


def test_b4_an_offer_stands_while_its_session_stays_and_ends_with_its_new_hour(weekly, change):
    session = Session.objects.get(series=weekly, local_date=TODAY + timedelta(days=7))
    rows = line(session, 4)
    leave(rows[0], NOW)
    before = [row.pk for row in session.bookings.filter(state=State.OFFERED)]
    change(weekly, start_time=session.starts_at.astimezone().time().replace(hour=17))
    assert [row.pk for row in session.bookings.filter(state=State.OFFERED)] == before
