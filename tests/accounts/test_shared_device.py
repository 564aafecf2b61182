"""A device that others use too: the browser remembers that, and nothing of anybody (A4)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sign_in import session_limits

PASSWORD = "maple kettle harbor seven"
LOGIN = reverse("account_login")


@pytest.fixture
def sam(sam, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    sam.set_password(PASSWORD)
    sam.save()
    return sam


def sign_in(browser: Client, **more: str):
    return browser.post(LOGIN, {"login": "sam", "password": PASSWORD, **more})


def test_nothing_is_ticked_or_remembered_at_first(client, sam):
    page = client.get(LOGIN).content.decode()
    assert "checked" not in page
    assert 'autocomplete="username"' in page
    response = sign_in(client)
    assert client.session[session_limits.SHARED] is False
    assert not response.cookies["shared"].value
    assert client.get(reverse("accounts:staying")).json() == {"left": 15 * 60}


def test_a_house_tablet_stays_one(client, sam):
    response = sign_in(client, shared_device="on")
    cookie = response.cookies["shared"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
    assert cookie["max-age"] > 300 * 24 * 3600
    assert client.session[session_limits.SHARED] is True
    assert client.get(reverse("accounts:staying")).json() == {"left": 5 * 60}
    client.post(reverse("account_logout"))
    page = client.get(LOGIN).content.decode()
    assert "checked" in page
    assert page.count('autocomplete="off"') == 2
    assert "current-password" not in page


def test_leaving_quickly_keeps_it_a_house_tablet(client, sam):
    sign_in(client, shared_device="on")
    client.get("/leave/")
    assert client.cookies["shared"].value == "1"
    assert not client.cookies["sessionid"].value


def test_it_can_be_taken_back(client, sam):
    sign_in(client, shared_device="on")
    client.post(reverse("account_logout"))
    sign_in(client)
    assert client.session[session_limits.SHARED] is False
    assert "checked" not in Client().get(LOGIN).content.decode()
    assert not client.cookies["shared"].value


def test_another_way_of_signing_in_finds_it_remembered(client, sam):
    """A passkey has no form with a box in it."""
    sign_in(client, shared_device="on")
    client.post(reverse("account_logout"))
    request = client.get(LOGIN).wsgi_request
    session_limits.begin(request=request)
    assert request.session[session_limits.SHARED] is True


def test_a_wrong_password_sets_no_cookie_and_keeps_the_tick(client, sam):
    response = client.post(LOGIN, {"login": "sam", "password": "wrong", "shared_device": "on"})
    assert "shared" not in response.cookies
    assert "checked" in response.content.decode()
