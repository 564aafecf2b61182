"""What an edit of a closed group's series does to its members (B6, T8)."""

from datetime import time, timedelta

import pytest

from groups import recurrence
from groups.models import Admission, Booking, Group
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import WEEK, on

pytestmark = pytest.mark.usefixtures("frozen")
State, DAY = Booking.State, timedelta(days=1)


@pytest.fixture
def member(weekly, ana, sam):
    """Of a closed group, until next Tuesday."""
    Group.objects.update(admission=Admission.CLOSED)
    group = Group.objects.get(pk=weekly.group_id)
    return group.add_member(sam, starts_on=TODAY, ends_on=TODAY + WEEK, by=ana, now=NOW)


def test_b6_days_that_are_back_bring_no_former_member_back(weekly, change, member, ana, sam, noor):
    member.group.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    change(weekly, rule=recurrence.weekly([3]))
    member.end(on=TODAY, by=ana, now=NOW)
    change(weekly, rule=recurrence.weekly([1]))
    assert sam.bookings.confirmed().filter(session__local_date__gt=TODAY).count() == 0


def test_b6_a_new_hour_leaves_members_where_they_are(weekly, change, member, sam):
    change(weekly, start_time=time(17))
    days = sam.bookings.confirmed().values_list("session__local_date", flat=True)
    assert sorted(days) == [TODAY, TODAY + WEEK]


def test_b6_a_new_hour_takes_a_place_of_somebody_who_is_no_member_then(weekly, change, member, sam):
    later = on(weekly, TODAY + 3 * WEEK)
    row = later.bookings.create(client=sam, state=State.CONFIRMED, joined_at=NOW)
    change(weekly, start_time=time(17))
    row.refresh_from_db()
    assert (row.state, row.needs_place_since) == (State.REMOVED, None)
