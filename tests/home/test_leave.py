"""H2: one plain GET and everything is gone."""

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client

from tests.home.test_help import no_database


@pytest.fixture
def leaver(sam, client_of):
    client = client_of(sam)
    client.cookies["known"] = "seen"
    assert client.get("/me/").status_code == 200
    return client


def test_leaving_ends_the_session_and_lands_elsewhere(leaver, settings):
    response = leaver.get("/leave/")
    assert (response.status_code, response.url) == (302, settings.NEUTRAL_URL)
    assert Session.objects.count() == 0
    assert leaver.get("/me/").status_code == 302


def test_leaving_clears_what_the_browser_keeps(leaver):
    sent = set(leaver.cookies)
    response = leaver.get("/leave/")
    assert {"sessionid", "known"} <= sent
    for name in sent:
        assert response.cookies[name]["max-age"] == 0
        assert response.cookies[name].value == ""
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in response.headers["Cache-Control"]


def test_h2_a_cookie_of_somebody_else_keeps_nobody_here(leaver, settings):
    """Another site of this domain may set one whose name cannot be written."""
    leaver.cookies["a-b"] = "theirs"
    header = "; ".join(f"{name}={cookie.value}" for name, cookie in leaver.cookies.items())
    response = Client().get("/leave/", headers={"cookie": f"{header}; a[b]=1"})
    assert (response.status_code, response.url) == (302, settings.NEUTRAL_URL)
    assert response.cookies["sessionid"]["max-age"] == 0
    assert "a-b" not in response.cookies
    assert Session.objects.count() == 0


def test_leaving_works_signed_out_too(client, db, settings):
    response = client.get("/leave/")
    assert (response.status_code, response.url) == (302, settings.NEUTRAL_URL)


@pytest.mark.parametrize(
    "look_ahead",
    [
        {"method": "HEAD"},
        {"headers": {"Sec-Purpose": "prefetch"}},
        {"headers": {"Sec-Purpose": "prefetch;prerender"}},
        {"headers": {"Purpose": "prefetch"}},
    ],
)
def test_a_browser_that_only_looks_ahead_ends_nothing(leaver, look_ahead):
    response = leaver.generic(
        look_ahead.get("method", "GET"), "/leave/", headers=look_ahead.get("headers", {})
    )
    assert response.status_code in (204, 302)
    assert "Clear-Site-Data" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]
    assert leaver.get("/me/").status_code == 200


def test_leaving_is_a_get_and_nothing_else(leaver):
    assert leaver.post("/leave/").status_code == 405
    assert leaver.get("/me/").status_code == 200


def test_leaving_works_while_the_database_is_down(leaver, settings):
    with no_database():
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        response = leaver.get("/leave/")
    assert (response.status_code, response.url) == (302, settings.NEUTRAL_URL)
    assert response.cookies["sessionid"]["max-age"] == 0
