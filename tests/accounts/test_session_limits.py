"""A4: a session ends with nobody there, after the longest day in any case, and sooner where others pass."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.sign_in import session_limits

# A page of every role that writes nothing.
PAGE = "/me/"
IDLE = {"sam": 15, "ana": 15, "eli": 10, "mara": 10}  # minutes
LONGEST = {"sam": 12, "ana": 10, "eli": 8, "mara": 8}  # hours
SECOND = timedelta(seconds=1)
WORDS = "You were signed out because nobody used this page for a while."


@pytest.fixture
def browser_of(frozen, cast, client_of):
    return lambda name: client_of(cast[name])


@pytest.fixture
def shared(frozen, cast, client_of):
    """A browser of Sam's on a device that others use too."""
    browser = client_of(cast["sam"])
    session = browser.session
    session[session_limits.SHARED] = True
    session.save()
    browser.cookies["shared"] = "1"
    return browser


@pytest.mark.parametrize("name", IDLE)
def test_an_idle_session_ends_to_the_second(browser_of, frozen, name):
    browser = browser_of(name)
    for _turn in range(2):
        frozen.shift(timedelta(minutes=IDLE[name]) - SECOND)
        assert browser.get(PAGE).status_code == 200
    frozen.shift(timedelta(minutes=IDLE[name]))
    assert browser.get(PAGE).status_code == 302


@pytest.mark.parametrize("name", LONGEST)
def test_a_day_has_an_end_in_any_case(browser_of, frozen, name):
    browser = browser_of(name)
    step = timedelta(minutes=5)
    for _turn in range(int(timedelta(hours=LONGEST[name]) / step) - 1):
        frozen.shift(step)
        browser.post(reverse("accounts:staying"))
    frozen.shift(step - SECOND)
    assert browser.get(PAGE).status_code == 200
    frozen.shift(SECOND)
    assert browser.get(PAGE).status_code == 302


def test_the_cookie_and_the_row_are_gone_and_the_words_are_plain(browser_of, frozen):
    browser = browser_of("sam")
    frozen.shift(timedelta(minutes=15))
    response = browser.get(PAGE)
    assert response.url == "/accounts/login/?ended=1&next=/me/"
    assert response.cookies["sessionid"]["max-age"] == 0
    assert "no-store" in response.headers["Cache-Control"]
    assert Session.objects.count() == 0
    page = browser.get(response.url).content.decode()
    assert WORDS in page
    assert "Sam" not in page
    assert WORDS not in browser.get(reverse("account_login")).content.decode()


def test_a_fragment_sends_the_whole_page_to_sign_in(browser_of, frozen):
    browser = browser_of("sam")
    frozen.shift(timedelta(minutes=15))
    response = browser.get(PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/today/"})
    assert response.headers["HX-Redirect"] == "/accounts/login/?ended=1&next=/today/"
    assert response.content == b""


@pytest.mark.parametrize("path", ["/", "/no/such/page/", "/accounts/login/", "/me/", "/help/"])
def test_past_the_limit_no_page_knows_who_it_was(browser_of, frozen, path):
    browser = browser_of("sam")
    frozen.shift(timedelta(minutes=15))
    assert "Sam" not in browser.get(path, follow=True).content.decode()


def test_polling_in_the_background_keeps_nothing_alive(browser_of, frozen):
    browser = browser_of("sam")
    for _turn in range(29):
        frozen.shift(30)
        assert browser.get(PAGE, headers={"X-Background": "1"}).status_code == 200
    frozen.shift(30)
    assert browser.get(PAGE, headers={"X-Background": "1"}).status_code == 302


def test_writing_keeps_the_session_alive(browser_of, frozen):
    browser = browser_of("sam")
    for _turn in range(6):
        frozen.shift(timedelta(minutes=10))
        assert browser.post(reverse("accounts:staying")).json() == {"left": 15 * 60}
    assert browser.get(PAGE).status_code == 200


def test_asking_how_long_is_left_changes_nothing(browser_of, frozen):
    browser = browser_of("mara")
    frozen.shift(timedelta(minutes=4))
    for _turn in range(2):
        asked = browser.get(reverse("accounts:staying"), headers={"X-Background": "1"})
        assert asked.json() == {"left": 6 * 60}


def test_reading_writes_the_session_once_a_minute(browser_of, frozen, django_assert_num_queries):
    browser = browser_of("eli")
    with django_assert_num_queries(2):  # session, person
        browser.get(reverse("accounts:staying"))
    frozen.shift(59)
    with django_assert_num_queries(2):
        browser.get(reverse("accounts:staying"))
    frozen.shift(1)
    with django_assert_num_queries(5):  # and the row, in a savepoint
        browser.get(reverse("accounts:staying"))
    with django_assert_num_queries(2):
        browser.get(reverse("accounts:staying"))


def test_a_public_page_keeps_nothing_alive_and_asks_nobody(browser_of, frozen):
    browser = browser_of("sam")
    frozen.shift(timedelta(minutes=14))
    assert browser.get("/about/").status_code == 200
    frozen.shift(timedelta(minutes=1))
    assert browser.get("/about/").status_code == 200
    assert browser.get(PAGE).status_code == 302


def test_a_session_without_marks_begins_now(browser_of, frozen):
    browser = browser_of("sam")
    session = browser.session
    for mark in (session_limits.STARTED_AT, session_limits.SEEN_AT, session_limits.SHARED):
        del session[mark]
    session.save()
    frozen.shift(timedelta(hours=2))
    assert browser.get(PAGE).status_code == 200
    frozen.shift(timedelta(minutes=15))
    assert browser.get(PAGE).status_code == 302


def test_a_clock_that_was_put_back_prolongs_nothing(browser_of, frozen):
    browser = browser_of("sam")
    frozen.shift(timedelta(hours=-1))
    assert browser.get(reverse("accounts:staying")).json() == {"left": 15 * 60}
    frozen.shift(timedelta(minutes=15))
    assert browser.get(PAGE).status_code == 302


def test_a_shared_device_waits_five_minutes(shared, frozen):
    frozen.shift(timedelta(minutes=5) - SECOND)
    assert shared.get(PAGE).status_code == 200
    frozen.shift(timedelta(minutes=5))
    response = shared.get(PAGE)
    # Whoever is next does not learn where the last one was.
    assert (response.status_code, response.url) == (302, "/accounts/login/?ended=1")


def test_a_shared_device_says_who_is_signed_in(shared, browser_of):
    assert "Not you? Switch person" in shared.get(PAGE).content.decode()
    assert "Switch person" not in browser_of("sam").get(PAGE).content.decode()
    assert "Switch person" not in shared.get("/about/").content.decode()


def test_signing_out_leaves_nothing_in_the_browser(browser_of):
    browser = browser_of("sam")
    response = browser.post(reverse("account_logout"))
    assert (response.status_code, response.url) == (302, reverse("account_login"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["sessionid"]["max-age"] == 0
    assert Session.objects.count() == 0
    assert "Clear-Site-Data" not in browser.get(reverse("account_logout")).headers


def test_the_idle_script_knows_when_and_where_to(browser_of, frozen):
    browser = browser_of("sam")
    frozen.shift(30)
    page = browser.get("/me/access/").content.decode()
    assert 'data-left="870"' in page
    assert 'data-ended="/accounts/login/?ended=1&amp;next=/me/access/"' in page
    assert "idle.js" not in browser.get("/about/").content.decode()


def test_a_role_that_may_do_more_ends_sooner_from_the_next_request_on(browser_of, frozen, cast):
    browser = browser_of("ana")
    frozen.shift(timedelta(minutes=11))
    cast["ana"].role = "manager"
    cast["ana"].save()
    assert browser.get(PAGE).status_code == 302
