"""A page of the journal goes to a session: a reminder for oneself, which opens nothing (J2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Bringing
from journal.models import Entry, Page
from recovery_site import actions
from tests.home.conftest import NOW, TODAY

SAYS = "You wanted to bring a page of your journal."


@pytest.fixture
def entry(sam, frozen):
    words = Page("Sentinel title", "Sentinel words")
    return Entry.objects.write(by=sam, client_token=sam.pk, page=words, on=TODAY, now=NOW)[0]


@pytest.fixture
def session(make_session, book, sam, dev):
    session = make_session(day=TODAY + timedelta(days=1), lead=dev)
    book(session, sam)
    return session


def page_of(entry):
    return f"/journal/{entry.pk}/session/"


def test_j2_a_page_is_brought_to_one_of_the_next_sessions(sam, dev, client_of, entry, session, make_session):
    elsewhere = make_session(day=TODAY + timedelta(days=2), lead=dev)
    browser = client_of(sam)
    choices = browser.get(page_of(entry)).text
    assert str(session.pk) in choices
    assert str(elsewhere.pk) not in choices  # no place on it
    for _twice in range(2):
        answer = browser.post(page_of(entry), {"session": session.pk})
        assert (answer.status_code, answer["Location"]) == (303, session.get_absolute_url())
    page = browser.get(session.get_absolute_url()).text
    assert page.count(SAYS) == 1
    assert entry.get_absolute_url() in page
    assert "Sentinel" not in page
    theirs = client_of(dev).get(session.get_absolute_url()).text
    assert SAYS not in theirs
    assert str(entry.pk) not in theirs
    row = Bringing.objects.get()
    answer = browser.post(f"/bringings/{row.pk}/withdrawal/")
    assert (answer.status_code, answer["Location"]) == (303, page_of(entry))
    assert SAYS not in browser.get(session.get_absolute_url()).text


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_j2_a_session_that_is_none_of_theirs_is_refused_in_words(sam, client_of, entry, session, chosen):
    answer = client_of(sam).post(page_of(entry), {"session": chosen})
    assert answer.status_code == 422
    assert "Choose one of your sessions." in answer.text
    assert not Bringing.objects.exists()


def test_j2_what_was_deleted_or_left_meanwhile_is_not_brought(sam, entry, session):
    now = timezone.now()
    session.bookings.get().cancel(by=sam, now=now)
    assert not actions.bring(entry, session, by=sam, now=now)
    session.join(by=sam, now=now)
    entry.discard(by=sam, now=now)
    assert not actions.bring(entry, session, by=sam, now=now)
    assert not Bringing.objects.exists()


def test_j2_a_reminder_goes_with_its_page(sam, client_of, entry, session):
    actions.bring(entry, session, by=sam, now=timezone.now())
    browser = client_of(sam)
    assert SAYS in browser.get(session.get_absolute_url()).text
    browser.post(f"/journal/{entry.pk}/deletion/")
    assert SAYS not in browser.get(session.get_absolute_url()).text
    assert browser.get(page_of(entry)).status_code == 404


@pytest.mark.parametrize("other", ["noor", "ana", "mara"])
def test_j2_nobody_else_sees_or_ends_it(cast, client_of, entry, session, other):
    actions.bring(entry, session, by=cast["sam"], now=timezone.now())
    browser = client_of(cast[other])
    assert browser.get(page_of(entry)).status_code == 404
    assert browser.post(f"/bringings/{Bringing.objects.get().pk}/withdrawal/").status_code == 404
    assert SAYS not in browser.get(session.get_absolute_url()).text
    assert Bringing.objects.exists()


@pytest.mark.parametrize("number", [1, 12])
def test_j2_choosing_takes_the_same_queries_however_many_sessions(
    sam, dev, client_of, entry, make_session, book, django_assert_num_queries, number
):
    for day in range(1, number + 1):
        book(make_session(day=TODAY + timedelta(days=day), lead=dev), sam)
    browser = client_of(sam)
    with django_assert_num_queries(6):  # session, person, page, sessions, reminders, key
        assert browser.get(page_of(entry)).text.count("Bring it here") == number
