"""Members who are added, ended and expected at the same moment (B6, C3, C5)."""

from datetime import time, timedelta

import pytest

from groups.models import Admission, Booking, Group, JoinRequest, Membership, Session
from groups.refusals import MemberAlready
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]
DAY = timedelta(days=1)


@pytest.fixture
def closed(seeking) -> Group:
    seeking.admission = Admission.CLOSED
    seeking.save()
    return seeking


def test_b6_two_who_add_one_person_make_one_member(closed, make_session, sam, ana, dev):
    make_session(day=TODAY + DAY)
    found = at_once(lambda by: closed.add_member(sam, starts_on=TODAY, by=by, now=NOW), [ana, dev, ana, dev])
    assert [type(one) for one in found if isinstance(one, Exception)] == [MemberAlready] * 3
    assert Membership.objects.count() == Booking.objects.count() == 1


def test_b6_asking_at_once_is_one_request(closed, sam):
    found = at_once(lambda by: closed.ask_to_join(by=by, now=NOW), [sam] * 4)
    assert {type(one) for one in found} == {JoinRequest}
    assert JoinRequest.objects.count() == 1


def test_b6_the_job_in_four_places_expects_everybody_once(seeking, make_session, other_group):
    """Two groups at one hour, so that each person has one place of the two (C3)."""
    Group.objects.update(admission=Admission.MANDATORY, capacity=8)
    twin = other_group("Art", admission=Admission.MANDATORY)
    Group.objects.filter(pk=twin["group"].pk).update(capacity=5)
    people = residents(6)
    for n in range(3):
        make_session(day=TODAY + n * DAY)
        make_session(day=TODAY + n * DAY, at=time(13, 30), **twin)
    found = at_once(lambda _turn: Session.objects.expect_people(NOW), range(4))
    assert sum(found) == 18
    for person in people:
        days = list(person.bookings.confirmed().values_list("session__local_date", flat=True))
        assert sorted(days) == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert Session.objects.expect_people(NOW) == 0


def test_b6_the_end_of_a_membership_leaves_no_place_behind_whatever_the_job_does(closed, make_session, ana):
    Group.objects.update(capacity=8)
    people = residents(3)
    members = [closed.add_member(one, starts_on=TODAY, by=ana, now=NOW) for one in people]
    for n in range(4):
        make_session(day=TODAY + n * DAY)

    def act(turn):
        if turn < 3:
            members[turn].end(on=TODAY, by=ana, now=NOW)
        else:
            Session.objects.expect_people(NOW)

    assert at_once(act, range(6)) == [None] * 6
    left = Booking.objects.confirmed().values_list("session__local_date", flat=True)
    assert set(left) <= {TODAY}
    Session.objects.expect_people(NOW)
    assert list(left) == [TODAY] * 3
