"""Closed groups: who is a member, who asks, and where members are expected (B6)."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from groups.models import Admission, Booking, Group, JoinRequest, Membership, Session
from groups.refusals import (
    AnsweredAlready,
    ComesAfter,
    GroupEnded,
    MemberAlready,
    NotOpen,
    NotStaying,
    OpenToAll,
    Unagreed,
    YouAreIn,
)
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
DAY = timedelta(days=1)


@pytest.fixture
def closed(seeking) -> Group:
    seeking.admission = Admission.CLOSED
    seeking.save()
    return seeking


def days_of(client, group: Group) -> list[int]:
    """On which days from today on they have a place in it."""
    rows = client.bookings.confirmed().filter(session__group=group).order_by("session__starts_at")
    return [(row.session.local_date - TODAY).days for row in rows.select_related("session")]


def kinds_told(person) -> list[str]:
    return sorted(Notification.objects.filter(recipient=person).values_list("kind", flat=True))


def test_b6_a_member_has_a_place_on_each_session_within_their_days(closed, make_session, sam, ana):
    for n in range(5):
        make_session(day=TODAY + n * DAY)
    membership = closed.add_member(sam, starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY, by=ana, now=NOW)
    assert days_of(sam, closed) == [1, 2, 3]
    assert (membership.added_by, membership.added_at) == (ana, NOW)
    assert kinds_told(sam) == ["groups.member"]


def test_b6_what_is_laid_out_later_has_its_members_too_and_only_once(closed, make_session, sam, ana):
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    make_session(day=TODAY + DAY)
    assert Session.objects.expect_people(NOW) == 1
    assert Session.objects.expect_people(NOW) == 0
    assert days_of(sam, closed) == [1]


def test_b6_everybody_who_lives_here_is_expected_where_it_is_part_of_the_plan(seeking, make_session, luz):
    Group.objects.update(admission=Admission.MANDATORY)
    people = residents(3)
    people[2].stays.update(discharged_on=TODAY + 2 * DAY)
    near, far = make_session(day=TODAY + DAY), make_session(day=TODAY + 2 * DAY)
    assert Session.objects.expect_people(NOW) == 5
    found = [sorted(row.client.username for row in one.bookings.confirmed()) for one in (near, far)]
    assert found == [["c0", "c1", "c2"], ["c0", "c1"]]


def test_b6_nobody_is_expected_in_an_open_group(seeking, make_session, sam):
    make_session()
    assert Session.objects.expect_people(NOW) == 0
    assert not Booking.objects.exists()


@pytest.mark.parametrize("state", [State.CANCELLED, State.CANCELLED_LATE, State.DECLINED, State.EXPIRED])
def test_b2_who_left_is_not_brought_back(closed, make_session, sam, ana, state):
    session = make_session(day=TODAY + DAY)
    session.bookings.create(client=sam, state=state, joined_at=NOW, closed_at=NOW)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert days_of(sam, closed) == []


def test_b2_a_member_who_left_a_session_can_come_back_to_it(closed, make_session, sam, noor, ana):
    session = make_session(day=TODAY + DAY)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    session.bookings.get().cancel(by=sam, now=NOW)
    Session.objects.expect_people(NOW)
    assert days_of(sam, closed) == []
    assert session.join(by=sam, now=NOW).state == State.CONFIRMED
    with pytest.raises(NotOpen):
        session.join(by=noor, now=NOW)


def test_c3_who_is_elsewhere_is_left_out_until_they_are_free(closed, make_session, other_group, sam, ana):
    art = make_session(day=TODAY + DAY, **other_group("Art"))
    mine = art.join(by=sam, now=NOW)
    make_session(day=TODAY + DAY)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert days_of(sam, closed) == []
    mine.cancel(by=sam, now=NOW)
    assert Session.objects.expect_people(NOW) == 1


def test_c5_more_members_than_places_get_as_many_as_there_are(closed, make_session, ana):
    people = residents(5)
    make_session(day=TODAY + DAY)
    for number, person in enumerate(reversed(people)):
        closed.add_member(person, starts_on=TODAY, by=ana, now=NOW + number * timedelta(seconds=1))
    expected = sorted(row.client.username for row in Booking.objects.confirmed())
    assert expected == ["c2", "c3", "c4"]  # who became a member first
    assert Session.objects.expect_people(NOW) == 0


@pytest.mark.parametrize("how", ["cancelled", "rests", "begun"])
def test_b6_nobody_is_put_on_what_does_not_take_place_or_has_begun(
    closed, make_session, make_series, sam, dev, ana, mara, how
):
    session = make_session(day=TODAY, at=time(13))
    now = NOW
    if how == "cancelled":
        session.cancel(by=mara, now=NOW)
    elif how == "begun":
        now = session.starts_at
    else:
        session.delete()
        series = make_series()
        series.until = TODAY
        series.schedule(leads=[dev], by=mara, now=NOW)
        series.suspend(first=TODAY, last=TODAY, by=mara, now=NOW)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=now)
    assert days_of(sam, closed) == []


def test_b3_a_place_goes_to_who_waits_before_who_is_expected(closed, make_session, ana):
    first, second, third, fourth = residents(4)
    session = make_session(day=TODAY)
    for person in (first, second):
        session.bookings.create(client=person, state=State.CONFIRMED, joined_at=NOW)
    session.bookings.create(client=third, state=State.WAITLISTED, joined_at=NOW, adds_me=True)
    closed.add_member(fourth, starts_on=TODAY, by=ana, now=NOW)
    assert session.bookings.get(client=third).state == State.CONFIRMED
    assert not session.bookings.filter(client=fourth).exists()


def test_b6_after_the_last_day_places_end_and_go_on_to_who_waits(closed, make_session, ana, mara):
    sam_like, other = residents(2)
    Group.objects.update(capacity=1)
    sessions = [make_session(day=TODAY + n * DAY) for n in range(3)]
    membership = closed.add_member(sam_like, starts_on=TODAY, by=ana, now=NOW)
    sessions[2].bookings.create(client=other, state=State.WAITLISTED, joined_at=NOW)
    membership.end(on=TODAY + DAY, by=ana, now=NOW)
    membership.end(on=TODAY + DAY, by=mara, now=NOW + DAY)
    assert (membership.ends_on, membership.ended_by, membership.ended_at) == (TODAY + DAY, ana, NOW)
    assert days_of(sam_like, closed) == [0, 1]
    gone = sessions[2].bookings.get(client=sam_like)
    assert (gone.state, gone.closed_from, gone.closed_at) == (State.REMOVED, State.CONFIRMED, NOW)
    assert sessions[2].bookings.get(client=other).state in (State.OFFERED, State.CONFIRMED)
    assert kinds_told(sam_like) == ["groups.member", "groups.member_until"]
    assert Session.objects.expect_people(NOW) == 0


def test_b6_who_is_welcomed_again_is_expected_again(closed, make_session, sam, ana):
    make_session(day=TODAY + DAY)
    first = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    first.end(on=TODAY - DAY, by=ana, now=NOW)
    assert days_of(sam, closed) == []
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert days_of(sam, closed) == [1]
    assert Membership.objects.on(TODAY).count() == 1


def test_b6_a_later_last_day_brings_the_sessions_between(closed, make_session, sam, ana):
    for n in range(3):
        make_session(day=TODAY + n * DAY)
    membership = closed.add_member(sam, starts_on=TODAY, ends_on=TODAY, by=ana, now=NOW)
    membership.end(on=TODAY + DAY, by=ana, now=NOW)
    assert days_of(sam, closed) == [0, 1]


def test_b6_somebody_is_a_member_once_on_each_day(closed, sam, ana):
    closed.add_member(sam, starts_on=TODAY, ends_on=TODAY + 5 * DAY, by=ana, now=NOW)
    with pytest.raises(MemberAlready):
        closed.add_member(sam, starts_on=TODAY + 5 * DAY, by=ana, now=NOW)
    closed.add_member(sam, starts_on=TODAY + 6 * DAY, by=ana, now=NOW)
    with transaction.atomic(), pytest.raises(IntegrityError, match=r"one_open_membership|UNIQUE"):
        Membership.objects.create(group=closed, client=sam, starts_on=TODAY, added_by=ana, added_at=NOW)


def test_b6_only_a_closed_group_that_goes_on_has_members(seeking, sam, luz, ana, mara):
    with pytest.raises(OpenToAll):
        seeking.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    seeking.admission = Admission.CLOSED
    seeking.save()
    with pytest.raises(NotStaying):
        seeking.add_member(luz, starts_on=TODAY, by=ana, now=NOW)
    seeking.end(by=mara, now=NOW)
    with pytest.raises(GroupEnded):
        seeking.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert not Membership.objects.exists()
    assert not Notification.objects.exists()


# Asking


def test_b6_asking_twice_is_one_request_and_those_who_lead_hear_of_it(closed, make_series, noor, dev, mara):
    make_series().schedule(leads=[dev], by=mara, now=NOW)
    request = closed.ask_to_join(by=noor, now=NOW)
    assert closed.ask_to_join(by=noor, now=NOW + DAY) == request
    assert (JoinRequest.objects.get(), request.asked_at) == (request, NOW)
    assert "groups.request" in kinds_told(dev)
    assert "groups.request" not in kinds_told(mara)


def test_b6_where_nobody_leads_the_care_team_hears_of_it(closed, sam, ana, dev):
    closed.ask_to_join(by=sam, now=NOW)
    assert (kinds_told(ana), kinds_told(dev)) == (["groups.request"], [])


def test_b6_who_is_welcome_is_a_member_and_is_expected(closed, make_session, noor, ana, dev):
    make_session(day=TODAY + DAY)
    request = closed.ask_to_join(by=noor, now=NOW)
    request.welcome(starts_on=TODAY, by=ana, now=NOW)
    request.welcome(starts_on=TODAY, by=dev, now=NOW + DAY)
    assert (request.answer, request.answered_by, request.answered_at) == ("welcome", ana, NOW)
    assert days_of(noor, closed) == [1]
    assert Membership.objects.get().added_by == ana
    for act in (request.refuse, request.take_back):
        with pytest.raises(AnsweredAlready):
            act(by=ana, now=NOW)
    assert kinds_told(noor) == ["groups.member"]


def test_b6_who_is_not_welcome_now_is_told_and_can_ask_again(closed, noor, ana):
    request = closed.ask_to_join(by=noor, now=NOW)
    request.refuse(by=ana, now=NOW)
    request.refuse(by=ana, now=NOW + DAY)
    assert (request.answer, request.answered_at) == ("not_now", NOW)
    assert kinds_told(noor) == ["groups.not_now"]
    assert closed.ask_to_join(by=noor, now=NOW + DAY) != request


def test_b6_what_was_asked_can_be_taken_back(closed, noor, ana):
    request = closed.ask_to_join(by=noor, now=NOW)
    request.take_back(by=noor, now=NOW)
    assert (request.answer, request.answered_by) == ("taken_back", noor)
    with pytest.raises(AnsweredAlready):
        request.welcome(starts_on=TODAY, by=ana, now=NOW)
    assert not Membership.objects.exists()


def test_b6_who_is_added_while_they_ask_has_their_answer(closed, noor, ana):
    request = closed.ask_to_join(by=noor, now=NOW)
    closed.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == ("welcome", ana)
    with pytest.raises(YouAreIn):
        closed.ask_to_join(by=noor, now=NOW)


def test_b6_asking_takes_the_agreement_and_the_group_that_comes_first(closed, noor, luz, ana):
    closed.agreement = "What is said here stays here."
    closed.prerequisite = Group.objects.create(name="First", kind="circle", capacity=5)
    closed.save()
    with pytest.raises(ComesAfter):
        closed.ask_to_join(by=noor, now=NOW)
    with pytest.raises(NotStaying):
        closed.ask_to_join(by=luz, now=NOW)
    Group.objects.filter(pk=closed.pk).update(prerequisite=None)
    closed.refresh_from_db()
    for wrong in ("", "2"):
        with pytest.raises(Unagreed):
            closed.ask_to_join(by=noor, now=NOW, agreed=wrong)
    closed.ask_to_join(by=noor, now=NOW, agreed="1")
    assert closed.is_agreed_by(noor)


def test_c5_the_job_puts_nobody_beyond_the_places_and_asks_once_when_nobody_is_missing(
    seeking, make_session, django_assert_num_queries
):
    Group.objects.update(admission=Admission.MANDATORY)
    residents(5)
    sessions = [make_session(day=TODAY + n * DAY) for n in range(4)]
    assert Session.objects.expect_people(NOW) == 12
    assert [one.bookings.confirmed().count() for one in sessions] == [3] * 4
    with django_assert_num_queries(1):
        assert Session.objects.expect_people(NOW) == 0
