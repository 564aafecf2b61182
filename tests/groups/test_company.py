"""Seen by others: a name is read by those who show theirs, in the sessions where both have a place."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Stay
from groups.models import Attendance, Booking, Company
from groups.refusals import NamedFirst
from recovery_site import actions
from tests.groups.company import DAY, URL, book, choose, page_of, send
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def session(make_session, seeking):
    type(seeking).objects.filter(pk=seeking.pk).update(capacity=8)
    return make_session()


def test_nothing_is_shown_before_somebody_chooses(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "You show your name. No other names are shown here now." in page
    assert "One other person." in page


def test_whoever_does_not_show_their_name_reads_none(session, sam, noor, client_of):
    """Nobody looks without being seen."""
    book(session, sam, noor)
    choose(noor)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "You read no names here, and nobody reads yours." in page
    other_way = client_of(sam).get(reverse("groups:distance", args=[session.pk])).content.decode()
    assert "You read no names in this session now." in other_way
    assert "Noor" not in other_way


def test_both_having_chosen_each_reads_the_other_and_how_many_are_unnamed(session, sam, noor, client_of):
    book(session, sam, noor, *residents(4))
    choose(sam, noor)
    page = page_of(client_of(sam), session)
    assert "<bdi>Noor</bdi>" in page
    assert "and 4" in page
    assert "she, her" not in page
    assert "Client 1" not in page
    assert "<bdi>Sam</bdi>" in page_of(client_of(noor), session)


@pytest.mark.parametrize("state", ["waitlisted", "offered", "cancelled", "removed", None])
def test_b5_only_a_confirmed_place_reads_names(session, sam, noor, client_of, state):
    book(session, noor)
    choose(sam, noor)
    if state:
        book(session, sam, state=state)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "With you in this session" not in page
    assert client_of(sam).get(reverse("groups:encouragement", args=[session.pk])).status_code == 404


@pytest.mark.parametrize("state", ["waitlisted", "offered", "cancelled", "removed"])
def test_b5_only_a_confirmed_place_is_read(session, sam, noor, client_of, state):
    book(session, sam)
    book(session, noor, state=state)
    choose(sam, noor)
    assert "Noor" not in page_of(client_of(sam), session)


def test_b7_who_walked_in_is_not_named(session, sam, noor, ana, client_of):
    book(session, sam)
    choose(sam, noor)
    Attendance.objects.create(
        session=session, client=noor, state="present", walked_in=True, recorded_by=ana, recorded_at=NOW
    )
    assert "Noor" not in page_of(client_of(sam), session)


def test_staff_read_names_by_their_own_rules_alone(session, sam, noor, mara, client_of):
    book(session, sam, noor)
    choose(sam, noor)
    page = page_of(client_of(mara), session)
    assert "Noor" not in page
    assert "With you in this session" not in page


def test_the_list_comes_and_goes_with_the_place_on_the_fragment_too(session, sam, noor, client_of):
    book(session, noor)
    choose(sam, noor)
    browser, htmx = client_of(sam), {"HX-Request": "true"}
    joined = browser.post(reverse("groups:booking", args=[session.pk]), headers=htmx).content.decode()
    assert "<bdi>Noor</bdi>" in joined
    left = browser.post(reverse("groups:cancellation", args=[session.pk]), headers=htmx).content.decode()
    assert "Noor" not in left


def test_a_past_session_names_nobody_who_chose_it_later(make_session, sam, noor, client_of):
    past = make_session(day=TODAY - 3 * DAY)
    book(past, sam, noor)
    choose(sam, now=NOW - 10 * DAY)
    choose(noor, now=NOW)
    assert "Noor" not in page_of(client_of(sam), past)
    Company.objects.filter(client=noor).update(shows_name_since=NOW - 10 * DAY)
    assert "<bdi>Noor</bdi>" in page_of(client_of(sam), past)


@pytest.mark.parametrize(("early", "stands"), [(timedelta(seconds=1), False), (timedelta(), True)])
def test_b5_names_stand_from_the_day_before_and_the_number_always(
    make_session, sam, noor, client_of, frozen, early, stands
):
    """Nobody collects names by joining and leaving whatever is planned."""
    ahead = make_session(day=TODAY + 5 * DAY)
    book(ahead, noor)
    choose(sam, noor, encouraged=True)
    frozen.move_to(ahead.starts_at - DAY - early)
    browser = client_of(sam)
    before = page_of(browser, ahead)
    assert ("Others with a place here read your name too" in before) is stands
    assert ("From the day before, others with a place here read your name too" in before) is not stands
    book(ahead, sam)
    page = page_of(browser, ahead)
    assert "One other person." in page
    assert ("Names stand here from the day before." in page) is not stands
    ways = [reverse(f"groups:{way}", args=[ahead.pk]) for way in ("encouragement", "distance")]
    others = [browser.get(way).content.decode() for way in ways]
    typed = {"to": ahead.bookings.get(client=noor).pk, "sentence": "glad"}
    assert ["Noor" in html for html in (page, *others)] == [stands] * 3
    assert [browser.post(way, typed).status_code for way in ways] == [303 if stands else 422] * 2


def test_two_weeks_after_a_session_its_list_is_gone(make_session, sam, noor, client_of):
    for days, is_there in ((13, True), (15, False)):
        past = make_session(day=TODAY - days * DAY)
        book(past, sam, noor)
        choose(sam, noor, now=NOW - 30 * DAY)
        page = page_of(client_of(sam), past)
        assert ("Noor" in page) is is_there
        assert ("With you in this session" in page) is is_there
        assert bool(Company.objects.beside(sam, past, NOW)) is is_there


def test_the_page_says_who_reads_it_and_keeps_the_choice(sam, client_of):
    browser = client_of(sam)
    page = browser.get(URL).content.decode()
    assert "Only you can see this. Nobody else who lives here reads your name." in page
    assert "checked" not in page.split("<main")[1]
    assert browser.post(URL, {"shows_name": "on"}).status_code == 303
    page = browser.get(URL).content.decode()
    assert "Your name is read by those who have a place in a session with you and show theirs, except" in page
    assert page.count("checked") == 1
    since = Company.objects.get().shows_name_since
    Company.objects.choose(sam, shows_name=True, encouraged=True, now=NOW + DAY)
    assert Company.objects.get().shows_name_since == since


def test_hiding_ones_name_never_fails(sam, client_of):
    """Whoever is afraid takes out one tick and is gone, though the other one still stands."""
    choose(sam, encouraged=True)
    answer = client_of(sam).post(URL, {"encouraged": "on"}, follow=True)
    assert "Kept. It holds from now on." in answer.content.decode()
    assert not Company.objects.exists()


def test_the_first_steps_say_who_reads_the_name(sam, client_of):
    browser, steps = client_of(sam), reverse("home:first_steps")
    assert "Nobody else who lives here reads your name." in browser.get(steps).content.decode()
    choose(sam)
    assert "Nobody else who lives here" not in browser.get(steps).content.decode()


def test_who_cannot_be_seen_cannot_be_written_to(sam, client_of):
    answer = client_of(sam).post(URL, {"encouraged": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "People need to see your name before they can send you something." in page
    assert "checked" in page
    with pytest.raises(NamedFirst):
        Company.objects.choose(sam, shows_name=False, encouraged=True, now=NOW)
    with pytest.raises(IntegrityError, match="encouraged_by_name"), transaction.atomic():
        Company.objects.create(client=sam, encouraged_since=NOW)


def test_the_line_about_a_place_says_that_others_read_the_name(session, sam, noor, client_of):
    browser = client_of(sam)
    nobody, others = "Other people who live here cannot.", "Others with a place here read your name too"
    assert nobody in page_of(browser, session)
    choose(sam)
    assert f"If you join, only you can see it. {others}" in page_of(browser, session)
    book(session, sam)
    assert others in page_of(browser, session)
    assert "show their name read yours there" in browser.get("/schedule/week/").content.decode()
    Booking.objects.update(state="waitlisted")
    assert nobody in page_of(browser, session)


def test_a6_whoever_leaves_the_house_is_named_nowhere_and_comes_back_unseen(
    make_session, sam, noor, mara, client_of
):
    past = make_session(day=TODAY - DAY)
    book(past, sam, noor)
    choose(sam, noor, encouraged=True, now=NOW - 5 * DAY)
    send(past, noor, sam)
    actions.discharge(client=noor, on=TODAY, by=mara, now=NOW)
    assert "Noor" not in page_of(client_of(sam), past)
    assert "Noor" not in client_of(sam).get("/today/").content.decode()
    noor.refresh_from_db()
    Company.objects.choose(noor, shows_name=True, encouraged=True, now=NOW)
    assert not Company.objects.filter(client=noor).exists()
    actions.readmit(client=noor, on=TODAY, bed="", by=mara, now=NOW)
    assert not Company.objects.filter(client=noor).exists()


def test_a_stay_that_is_over_hides_the_name_whatever_the_row_says(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor)
    Stay.objects.filter(client=noor).update(discharged_on=TODAY)
    assert "Noor" not in page_of(client_of(sam), session)


def test_thirty_names_ask_no_more_than_one(session, sam, client_of):
    browser = client_of(sam)
    asked = []
    for others in (residents(1), residents(29, "d")):
        book(session, *others)
        choose(sam, *others, encouraged=True)
        book(session, *({sam} - {row.client for row in session.bookings.all()}))
        for path in (session.get_absolute_url(), reverse("groups:encouragement", args=[session.pk])):
            with CaptureQueriesContext(connection) as queries:
                page = browser.get(path).content.decode()
            assert page.count("Client ") == session.bookings.count() - 1
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
    assert asked[1] <= 6
