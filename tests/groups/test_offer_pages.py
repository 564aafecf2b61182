"""An offer on the pages of the client who has it, and what whoever waits may rely on (B4, B5)."""

from datetime import datetime, time, timedelta

import pytest

from groups import notices
from groups.models import Booking, Session
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
HTMX = {"HX-Request": "true"}


@pytest.fixture
def full(make_session, seeking) -> Session:
    """In two days, with three in and nobody waiting."""
    session = make_session(day=TODAY + timedelta(days=2))
    for person in residents(3):
        session.join(by=person, now=NOW)
    return session


@pytest.fixture
def offered(full, sam) -> Session:
    """The first of the three left, and Sam has an offer until 21:00 and three hours of the next morning."""
    waits(full, sam)
    leave(full)
    return full


def waits(session: Session, person, adds_me=False) -> Booking:
    return session.join(by=person, now=NOW, or_wait=True, adds_me=adds_me)


def leave(session: Session, now: datetime = NOW) -> None:
    first = session.bookings.confirmed().order_by("client__username").first()
    first.cancel(by=first.client, now=now)


def state_of(session: Session, person) -> str:
    return session.bookings.order_by("-joined_at").filter(client=person)[0].state


def test_b4_the_page_says_until_when_the_place_is_kept_and_a_button_takes_it(client_of, sam, offered):
    browser, path = client_of(sam), offered.get_absolute_url()
    text = words(browser.get(path))
    assert "Until tomorrow, 9 a.m. we keep this place for you." in text
    assert "Take the place" in text
    assert "No, thank you" in text
    response = browser.post(page("offer_acceptance", offered.pk))
    assert (response.status_code, response["Location"]) == (303, path)
    assert state_of(offered, sam) == State.CONFIRMED
    assert browser.post(page("offer_acceptance", offered.pk)).status_code == 303  # twice is once
    assert "we keep this place" not in words(browser.get(path))


def test_b4_no_gives_the_place_to_the_next_and_htmx_gets_the_fragment(client_of, sam, noor, offered):
    waits(offered, noor)
    response = client_of(sam).post(page("offer_refusal", offered.pk), headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert "Join the waitlist" in words(response)
    assert (state_of(offered, sam), state_of(offered, noor)) == (State.DECLINED, State.OFFERED)
    assert client_of(sam).post(page("offer_refusal", offered.pk)).status_code == 303


def test_b4_an_offer_that_is_over_is_refused_kindly_and_the_page_says_what_is_left(
    client_of, frozen, sam, noor, offered
):
    waits(offered, noor)
    frozen.move_to(offered.bookings.get(client=sam).held_until)
    browser = client_of(sam)
    text = words(browser.get(offered.get_absolute_url()))
    assert "The time for this offer is over." in text
    assert "Take the place" not in text
    response = browser.post(page("offer_acceptance", offered.pk))
    assert response.status_code == 422
    assert "Join the waitlist" in words(response)
    assert (state_of(offered, sam), state_of(offered, noor)) == (State.EXPIRED, State.OFFERED)


def test_b6_an_offer_is_taken_with_what_the_group_promises(client_of, sam, mara, offered, seeking):
    seeking.agreement = "Be kind."
    seeking.keep(by=mara, now=NOW)
    browser = client_of(sam)
    assert "Be kind." in words(browser.get(offered.get_absolute_url()))
    refused = browser.post(page("offer_acceptance", offered.pk))
    assert (refused.status_code, state_of(offered, sam)) == (422, State.OFFERED)
    assert browser.post(page("offer_acceptance", offered.pk), {"agreed": "2"}).status_code == 303
    assert state_of(offered, sam) == State.CONFIRMED


def test_c3_who_is_elsewhere_then_can_swap_for_the_offer(client_of, sam, offered, make_session, other_group):
    other = make_session(day=TODAY + timedelta(days=2), **other_group("Clay and color"))
    other.join(by=sam, now=NOW)
    browser = client_of(sam)
    refused = browser.post(page("offer_acceptance", offered.pk))
    assert refused.status_code == 422
    assert "Leave Clay and color and join here" in words(refused)
    browser.post(page("booking_swap", offered.pk), {"instead_of": other.pk})
    assert (state_of(offered, sam), state_of(other, sam)) == (State.CONFIRMED, State.CANCELLED)


@pytest.mark.parametrize(
    ("ahead", "adds_me", "said"),
    [
        (timedelta(days=2), False, "we offer it to you, and keep it for 12 hours. Your quiet hours do not"),
        (timedelta(days=2), True, "From tomorrow, 1 p.m. on it is yours at once."),
        (timedelta(hours=3), False, "we offer it to you, and until 11 a.m. it is kept for you."),
        (timedelta(hours=3), True, "it is yours at once, and we tell you."),
        (timedelta(hours=1), False, "free places are given by whoever leads it."),
    ],
)
def test_b4_who_waits_reads_what_a_free_place_would_mean(
    client_of, frozen, sam, make_session, ahead, adds_me, said
):
    session = make_session(day=TODAY + timedelta(days=2), at=time(13))
    for person in residents(3):
        session.join(by=person, now=NOW)
    waits(session, sam, adds_me)
    if ahead < timedelta(days=1):
        frozen.move_to(session.starts_at - ahead)
    text = words(client_of(sam).get(session.get_absolute_url()))
    assert said in text
    assert ("Add me automatically" in text or "Ask me first" in text) == (ahead > timedelta(hours=2))


def test_b4_who_waits_chooses_to_be_added_and_takes_it_back(client_of, sam, full):
    browser = client_of(sam)
    browser.post(page("booking", full.pk), {"or_wait": "1", "adds_me": "1"})
    assert full.bookings.get(client=sam).adds_me
    response = browser.post(page("booking_automatic", full.pk), headers=HTMX)
    assert "Add me automatically" in words(response)
    assert not full.bookings.get(client=sam).adds_me
    assert browser.post(page("booking_automatic", full.pk), {"adds_me": "1"}).status_code == 303
    assert full.bookings.get(client=sam).adds_me


def test_b2_a_place_that_is_kept_for_who_waits_is_not_free_for_who_arrives(
    client_of, frozen, sam, noor, full
):
    """At night nobody is asked, and the place waits until the morning."""
    waits(full, noor)
    night = NOW + timedelta(hours=12)
    frozen.move_to(night)
    leave(full, night)
    assert state_of(full, noor) == State.WAITLISTED
    text = words(client_of(sam).get(full.get_absolute_url()))
    assert "all taken" in text
    assert "Join the waitlist" in text
    assert "Take the place" in words(client_of(noor).get(full.get_absolute_url()))


def test_b4_nobody_answers_for_another(client_of, sam, noor, offered):
    assert client_of(noor).post(page("offer_acceptance", offered.pk)).status_code == 422
    client_of(noor).post(page("offer_refusal", offered.pk))
    assert state_of(offered, sam) == State.OFFERED


def test_b4_today_begins_with_what_is_kept_for_me_on_whichever_day(client_of, frozen, sam, noor, offered):
    text = words(client_of(sam).get("/today/"))
    assert "A place is kept for you" in text
    assert text.index("A place is kept for you") < text.index("Your day")
    assert "Seeking safety" not in words(client_of(noor).get("/today/"))
    frozen.move_to(offered.bookings.get(client=sam).held_until)
    assert "A place is kept for you" not in words(client_of(sam).get("/today/"))


@pytest.mark.parametrize("rows", [1, 30])
def test_t2_offers_cost_today_no_query(
    rows, client_of, sam, make_session, seeking, django_assert_num_queries
):
    for number in range(rows):
        session = make_session(day=TODAY + timedelta(days=2 + number))
        session.bookings.create(
            client=sam, state=State.OFFERED, joined_at=NOW, held_until=NOW + timedelta(hours=9)
        )
    browser = client_of(sam)
    browser.get("/today/")
    with django_assert_num_queries(7):
        assert words(browser.get("/today/")).count("Look and answer") == rows


def test_b4_the_fragment_takes_the_focus_and_says_the_new_standing_and_the_offer_calls_no_more(
    client_of, sam, offered
):
    calls = Notification.objects.filter(recipient=sam, kind=notices.OFFER).unread()
    assert calls.exists()
    browser = client_of(sam)
    taken = words(browser.post(page("offer_acceptance", offered.pk), headers=HTMX))
    assert "You&#x27;re in." in taken
    assert 'hx-swap-oob="true"' in taken
    assert 'tabindex="-1" autofocus' in taken
    assert not calls.exists()
    assert "You left." in words(browser.post(page("cancellation", offered.pk), headers=HTMX))
    assert "autofocus" not in words(browser.get(offered.get_absolute_url()))


@pytest.mark.parametrize("verb", ["decline", "cancel", "expire"])
def test_b4_an_offer_that_is_declined_left_or_over_calls_no_more(sam, offered, verb):
    mine, calls = sam.bookings.get(), Notification.objects.filter(recipient=sam, kind=notices.OFFER).unread()
    if verb == "expire":
        mine.expire(now=mine.held_until)
    else:
        getattr(mine, verb)(by=sam, now=NOW)
    assert not calls.exists()
