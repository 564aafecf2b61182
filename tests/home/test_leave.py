"""H2: one plain GET and everything is gone."""

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from tests.home.test_help import no_database


@pytest.fixture
def leaver(sam, client_of):
    client = client_of(sam)
    client.cookies["messages"] = "seen"
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
    assert {"sessionid", "messages"} <= sent
    for name in sent:
        assert response.cookies[name]["max-age"] == 0
        assert response.cookies[name].value == ""
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in response.headers["Cache-Control"]


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
