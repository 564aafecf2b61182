"""A client whose place was lost gets another, or somebody talked with them (T8)."""

from datetime import date, time, timedelta

import pytest

from accounts.models import AccessRecord, Stay
from groups.models import AgreementAcceptance, Booking, Group, Kind, Room
from groups.other_places import fitting
from groups.refusals import Begun, CalledOff, NotTheirs, Taken, Unpromised
from groups.transitions import Event
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_attention import lose
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


@pytest.fixture
def circle(db) -> Group:
    return Group.objects.create(name="Circle", purpose="To talk.", kind=Kind.CIRCLE, capacity=5)


@pytest.fixture
def lost(sam, make_session) -> Booking:
    return lose(make_session(day=TODAY + DAY), sam)


def test_t8_put_there_they_have_the_place_and_are_told(client_of, lost, sam, ana, make_session):
    session = make_session(day=TODAY + 2 * DAY)
    browser = client_of(ana)
    assert f'value="{session.pk}"' in browser.get(page("place_finding", lost.pk)).content.decode()
    for _ in range(2):
        response = browser.post(page("place_finding", lost.pk), {"session": session.pk})
        assert (response.status_code, response.headers["Location"]) == (303, page("attention"))
    placed = session.bookings.get()
    assert (placed.client, placed.state) == (sam, Booking.State.CONFIRMED)
    told = Notification.objects.get(recipient=sam, kind="groups.place")
    assert told.about == placed.pk
    lost.refresh_from_db()
    assert lost.needs_place_since is None
    assert AccessRecord.objects.filter(actor=ana, subject_id=sam.pk).exists()


def test_t8_once_they_talked_it_is_settled(client_of, lost, ana):
    response = client_of(ana).post(page("place_finding", lost.pk), {"settled": "1"})
    assert response.status_code == 303
    lost.refresh_from_db()
    assert lost.needs_place_since is None
    assert client_of(ana).get(page("place_finding", lost.pk)).headers["Location"] == page("attention")


def test_t8_nothing_chosen_settles_nothing(client_of, lost, ana):
    for sent in ({}, {"session": "nonsense"}, {"session": str(lost.pk)}):
        assert client_of(ana).post(page("place_finding", lost.pk), sent).status_code == 422
    lost.refresh_from_db()
    assert lost.needs_place_since == NOW


def test_t8_only_who_may_see_the_booking_settles_it(client_of, lost, sam, noor, dev, mara):
    for somebody in (sam, noor, dev, mara):
        assert client_of(somebody).get(page("place_finding", lost.pk)).status_code == 404
        assert client_of(somebody).post(page("place_finding", lost.pk), {"settled": "1"}).status_code == 404


def test_t8_the_same_group_comes_first_and_only_what_they_can_come_to(lost, sam, circle, make_session):
    lost.session.cancel(by=sam, now=NOW)
    other = make_session(day=TODAY + DAY, at=time(9), group=circle)
    same = make_session(day=TODAY + 3 * DAY)
    full = make_session(day=TODAY + 4 * DAY)
    for resident in residents(3):
        full.join(by=resident, now=NOW)
    make_session(day=TODAY + 5 * DAY).cancel(by=sam, now=NOW)
    make_session(day=TODAY + 40 * DAY)
    busy = make_session(day=TODAY + 6 * DAY, group=circle)
    busy.join(by=sam, now=NOW)
    Stay.objects.filter(client=sam).update(discharged_on=date(2026, 12, 1))
    make_session(day=date(2026, 12, 2))
    assert [session for session, _promised in fitting(lost, NOW)] == [same, other]


def test_t8_c3_c5_b6_the_rules_hold_for_whoever_is_put_there(lost, sam, ana, circle, make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    full, begun, off = make_session(), make_session(at=time(9, 45)), make_session(day=TODAY + 5 * DAY)
    for resident in residents(3):
        full.join(by=resident, now=NOW)
    off.cancel(by=ana, now=NOW)
    circle.agreement = "We listen."
    circle.save()
    promise = make_session(day=TODAY + 2 * DAY, at=time(9), group=circle)
    busy = make_session(day=TODAY + 6 * DAY)
    later = make_session(day=TODAY + 30 * DAY)
    Stay.objects.filter(client=sam).update(discharged_on=TODAY + 20 * DAY)
    Booking.objects.create(
        session=make_session(day=TODAY + 6 * DAY, at=time(13, 30), minutes=10, room=studio),
        client=sam,
        joined_at=NOW,
        state="confirmed",
    )
    for session, refusal in (
        (full, Taken),
        (begun, Begun),
        (off, CalledOff),
        (promise, Unpromised),
        (busy, NotTheirs),
        (later, NotTheirs),
    ):
        with pytest.raises(refusal):
            lost.place_into(session, by=ana, now=NOW)
    lost.refresh_from_db()
    assert lost.needs_place_since == NOW
    AgreementAcceptance.objects.create(group=circle, client=sam, version=1, at=NOW)
    assert lost.place_into(promise, by=ana, now=NOW).state == "confirmed"


def test_b2_whoever_waits_comes_first(lost, ana, make_session):
    session = make_session(day=TODAY + 2 * DAY)
    for resident in residents(4):
        session.join(by=resident, now=NOW, or_wait=True)
    session.bookings.confirmed().first()._pass(Event.REMOVE, now=NOW)
    with pytest.raises(Taken):
        lost.place_into(session, by=ana, now=NOW)


def test_t8_a_promise_is_not_made_in_their_name(client_of, lost, ana, circle, make_session):
    circle.agreement = "We listen."
    circle.save()
    session = make_session(day=TODAY + 2 * DAY, group=circle)
    html = client_of(ana).get(page("place_finding", lost.pk)).content.decode()
    assert "once they have read its agreement" in html
    assert f'value="{session.pk}"' not in html


@pytest.mark.parametrize("rows", [1, 15])
def test_the_page_costs_the_same_for_one_and_for_many(
    rows, client_of, lost, ana, make_session, django_assert_num_queries
):
    for n in range(rows):
        make_session(day=TODAY + (n + 2) * DAY)
    browser = client_of(ana)
    browser.get(page("place_finding", lost.pk))
    with django_assert_num_queries(8):
        browser.get(page("place_finding", lost.pk))


@pytest.mark.parametrize("state", ["offered", "waitlisted"])
def test_b3_t8_a_place_that_is_kept_for_them_is_given_at_once(lost, ana, sam, make_session, state):
    session = make_session(day=TODAY + 4 * DAY)
    rows = [session.join(by=one, now=NOW, or_wait=True) for one in residents(3, name="k")]
    mine = session.join(by=sam, now=NOW, or_wait=True)
    at = NOW if state == "offered" else NOW + timedelta(hours=12)  # in quiet hours nothing is offered
    rows[0].cancel(by=rows[0].client, now=at)
    mine.refresh_from_db()
    assert mine.state == state
    assert lost.place_into(session, by=ana, now=at).pk == mine.pk
    mine.refresh_from_db()
    assert (mine.state, mine.held_until) == ("confirmed", None)
