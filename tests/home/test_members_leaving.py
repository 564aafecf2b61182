"""What becomes of a client's time in closed groups when they leave the house (A6, A8)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.models import Admission, Booking, Group, JoinRequest, Kind, Membership, Session
from recovery_site.actions import discharge, record_death
from recovery_site.actions.departure import Changed, effects_of_leaving
from recovery_site.actions.erasure import take_away
from tests.home.conftest import NOW, TODAY

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_that_time(frozen):
    """Everything here happens on that Tuesday."""


def closed(name: str) -> Group:
    return Group.objects.create(name=name, kind=Kind.CIRCLE, capacity=1, admission=Admission.CLOSED)


@pytest.fixture
def belongs(sam, noor, ana, make_session) -> Membership:
    """Sam is a member of one group, in which Noor waits, and asks to come to another."""
    session = make_session("Circle", timezone.localtime(NOW + timedelta(hours=3)).time())
    Group.objects.filter(pk=session.group_id).update(admission=Admission.CLOSED, capacity=1)
    session.group.refresh_from_db()
    membership = session.group.add_member(sam, starts_on=TODAY - 9 * DAY, by=ana, now=NOW)
    session.bookings.create(client=noor, state="waitlisted", joined_at=NOW, adds_me=True)
    closed("Another").ask_to_join(by=sam, now=NOW)
    return membership


def test_a6_the_page_counts_what_ends_in_groups(belongs, sam):
    effects = effects_of_leaving(client=sam, on=TODAY, now=NOW)
    assert (effects.memberships, effects.requests, len(effects.places)) == (1, 1, 1)


def test_a6_a_membership_or_a_question_since_the_page_was_read_is_read_first(belongs, sam, ana, mara):
    seen = [effects_of_leaving(client=sam, on=TODAY, now=NOW).mark]
    third = closed("Third")
    asked = third.ask_to_join(by=sam, now=NOW)
    seen.append(effects_of_leaving(client=sam, on=TODAY, now=NOW).mark)
    asked.welcome(starts_on=TODAY, by=ana, now=NOW)
    for mark in seen:
        with pytest.raises(Changed):
            discharge(client=sam, on=TODAY, by=mara, now=NOW, seen=mark)
    assert len({*seen, effects_of_leaving(client=sam, on=TODAY, now=NOW).mark}) == 3


def test_a6_places_that_came_with_a_membership_meanwhile_are_no_change(belongs, make_session, sam, mara):
    seen = effects_of_leaving(client=sam, on=TODAY, now=NOW).mark
    later = make_session("Circle", timezone.localtime(NOW + timedelta(hours=6)).time())
    assert later.group_id == belongs.group_id
    assert Session.objects.expect_people(NOW) == 1
    discharge(client=sam, on=TODAY, by=mara, now=NOW, seen=seen)
    assert not Booking.objects.active().filter(client=sam).exists()


@pytest.mark.parametrize("act", [discharge, record_death])
def test_a6_memberships_and_requests_end_with_the_stay(belongs, sam, noor, mara, act):
    act(client=sam, on=TODAY, by=mara, now=NOW)
    act(client=sam, on=TODAY, by=mara, now=NOW + timedelta(hours=1))
    belongs.refresh_from_db()
    assert (belongs.ends_on, belongs.ended_by, belongs.ended_at) == (TODAY, mara, NOW)
    asked = JoinRequest.objects.get()
    assert (asked.answer, asked.answered_by, asked.answered_at) == ("taken_back", mara, NOW)
    assert Booking.objects.get(client=sam).state == Booking.State.REMOVED
    assert Booking.objects.get(client=noor).state == Booking.State.CONFIRMED
    assert Session.objects.expect_people(NOW) == 0
    assert not Booking.objects.active().filter(client=sam).exists()


def test_a8_nothing_of_it_is_left_of_an_erased_account(belongs, sam):
    take_away(sam, NOW)
    assert not Membership.objects.exists()
    assert not JoinRequest.objects.exists()
