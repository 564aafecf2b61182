"""Word ahead of not coming (B6): the place stays, and everybody who needs to know can see it."""

import uuid
from datetime import date, timedelta

import pytest

from groups.models import Admission, Booking, Suspension
from groups.refusals import Begun, NobodyWaitsForYou
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def expected(make_session, seeking, sam):
    """Sam's place in a group of this kind, tomorrow."""

    def make(admission=Admission.MANDATORY, day=TOMORROW) -> Booking:
        seeking.admission = admission
        seeking.save()
        return make_session(day=day).bookings.create(client=sam, state=State.CONFIRMED, joined_at=NOW)

    return make


def stored(booking: Booking) -> tuple:
    return Booking.objects.values_list("state", "apology_at").get(pk=booking.pk)


@pytest.mark.parametrize("admission", [Admission.CLOSED, Admission.MANDATORY])
def test_b6_who_says_ahead_that_they_cannot_come_keeps_the_place(expected, sam, admission):
    booking = expected(admission)
    booking.send_apology(by=sam, now=NOW)
    booking.send_apology(by=sam, now=NOW + timedelta(hours=1))
    assert stored(booking) == (State.CONFIRMED, NOW)
    assert booking.session.places_left() == 2
    booking.take_apology_back(by=sam, now=NOW + timedelta(hours=2))
    booking.take_apology_back(by=sam, now=NOW + timedelta(hours=3))
    assert stored(booking) == (State.CONFIRMED, None)


def test_b6_word_is_sent_and_taken_back_until_the_start_and_no_later(expected, sam):
    booking = expected()
    start = booking.session.starts_at
    with pytest.raises(Begun):
        booking.send_apology(by=sam, now=start)
    booking.send_apology(by=sam, now=start - timedelta(seconds=1))
    with pytest.raises(Begun):
        booking.take_apology_back(by=sam, now=start)
    assert stored(booking)[1] == start - timedelta(seconds=1)


def test_b6_an_open_group_is_left_and_a_line_needs_no_apology(expected, sam):
    booking = expected(Admission.OPEN)
    with pytest.raises(NobodyWaitsForYou):
        booking.send_apology(by=sam, now=NOW)
    waiting = expected(Admission.CLOSED, day=TOMORROW + timedelta(days=1))
    Booking.objects.filter(pk=waiting.pk).update(state=State.WAITLISTED)
    with pytest.raises(NobodyWaitsForYou):
        waiting.send_apology(by=sam, now=NOW)


def test_t9_nobody_is_expected_in_what_rests_or_was_called_off(expected, sam, mara, make_series, dev):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    rest = Suspension.objects.create(
        series=series, first=TODAY, last=date(2026, 12, 31), suspended_by=mara, suspended_at=NOW
    )
    resting, off = expected(), expected(day=TOMORROW + timedelta(days=1))
    resting.session.suspension = rest
    resting.session.save()
    off.session.cancelled_at, off.session.cancelled_by = NOW, mara
    off.session.save()
    for booking in (resting, off):
        with pytest.raises(NobodyWaitsForYou):
            booking.send_apology(by=sam, now=NOW)


def test_b6_the_page_takes_word_of_not_coming_and_takes_it_back(client_of, sam, expected):
    session, browser = expected().session, client_of(sam)
    html = browser.get(session.get_absolute_url()).content.decode()
    assert "I cannot come this time" in html
    assert "Leave this session" not in html
    response = browser.post(page("apology", session.pk))
    assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    for path in (session.get_absolute_url(), "/schedule/week/", "/groups/", "/today/"):
        assert ("Not coming this time" in browser.get(path).content.decode()) == (path != "/today/"), path
    response = browser.post(page("apology_withdrawal", session.pk), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.strip().startswith('<div class="stack loose" id="booking">')
    assert "I cannot come this time" in html
    assert "Not coming" not in html


def test_b6_an_apology_for_an_open_group_is_refused_in_words(client_of, sam, make_session):
    session = make_session(day=TOMORROW)
    session.join(by=sam, now=NOW)
    browser = client_of(sam)
    assert "I cannot come this time" not in browser.get(session.get_absolute_url()).content.decode()
    response = browser.post(page("apology", session.pk))
    assert response.status_code == 422
    assert "Nobody waits for you in this session" in response.content.decode()


def test_b6_nobody_says_so_in_the_name_of_another(client_of, noor, ana, expected):
    booking = expected()
    for person, status in ((noor, 404), (ana, 404)):
        assert client_of(person).post(page("apology", booking.session_id)).status_code == status
    assert stored(booking) == (State.CONFIRMED, None)
    assert client_of(noor).post(page("apology", uuid.uuid4())).status_code == 404


def test_b6_after_the_start_the_page_says_that_it_is_too_late(client_of, sam, expected, frozen):
    session = expected().session
    frozen.move_to(session.starts_at)
    response = client_of(sam).post(page("apology", session.pk))
    assert response.status_code == 422
    assert "This session has begun" in response.content.decode()
