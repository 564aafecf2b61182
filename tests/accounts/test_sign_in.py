"""A2: by user name or e-mail in any case; and nobody learns whether an account exists."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import User
from notifications.models import Notification

PASSWORD = "maple kettle harbor seven"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(scope="module")
def encoded() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def sam(sam, encoded) -> User:
    sam.password = encoded
    sam.save()
    return sam


def sign_in(client, login: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def normal(response, login: str) -> tuple[int, bytes]:
    return response.status_code, TOKEN.sub(b"", response.content).replace(login.encode(), b"LOGIN")


@pytest.mark.parametrize("login", ["sam", "SAM", "Sam", "sam@people.example", "SAM@People.Example"])
def test_signing_in_by_name_or_mail_in_any_case(client, sam, login):
    response = sign_in(client, login)
    assert (response.status_code, response.url) == (302, reverse("home:today"))
    assert client.session["_auth_user_id"] == str(sam.pk)


@pytest.mark.parametrize("kind", ["known", "known by mail", "unknown", "unknown mail", "closed"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, sam, noor, kind):
    logins = {
        "known": "sam",
        "known by mail": "sam@people.example",
        "unknown": "zed",
        "unknown mail": "zed@people.example",
        "closed": "noor",
    }
    User.objects.filter(pk=noor.pk).update(is_active=False)
    expected = normal(sign_in(client, "nobody-here", "wrong wrong wrong"), "nobody-here")
    found = normal(sign_in(client, logins[kind], "wrong wrong wrong"), logins[kind])
    assert found == expected
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_off_cannot_sign_in(client, sam):
    User.objects.filter(pk=sam.pk).update(is_active=False)
    sign_in(client, "sam")
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_turned_off_is_out_on_the_next_request(client_of, sam):
    client = client_of(sam)
    assert client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_signs_up(client, sam):
    answers = {"username": "zed", "email": "zed@people.example", "password1": PASSWORD}
    page = client.post(reverse("account_signup"), answers)
    taken = client.post(reverse("account_signup"), answers | {"username": "sam", "email": sam.email})
    assert (page.status_code, page.content) == (taken.status_code, taken.content)
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["zed@people.example", "sam@people.example", "SAM@people.example"])
def test_asking_for_a_new_password_looks_the_same_for_everybody(client, sam, email):
    response = client.post(reverse("account_reset_password"), {"email": email})
    assert (response.status_code, response.url) == (302, reverse("account_reset_password_done"))
    wanted = Notification.objects.filter(kind="accounts.password_reset", recipient=sam)
    assert wanted.count() == (email.lower() == sam.email)


@pytest.mark.parametrize("login", ["", "x" * 5000, "sam\0", "\u202esam", "🌱", "' OR 1=1 --", "sam\r\nX: y"])
def test_bad_input_is_a_message(client, sam, login):
    response = sign_in(client, login)
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session


def test_what_was_not_accepted_answers_422_on_allauths_pages_too(client, sam):
    assert sign_in(client, "sam", "wrong wrong wrong").status_code == 422
    assert client.get(reverse("account_login")).status_code == 200
    assert client.post(reverse("account_reset_password"), {"email": "none"}).status_code == 422
    client.force_login(sam)
    pages = {
        "account_reauthenticate": {"password": "wrong wrong wrong"},
        "account_change_password": {"oldpassword": "wrong", "password1": "x", "password2": "y"},
        "mfa_reauthenticate": {"code": "000000"},
    }
    TOTP.activate(sam, generate_totp_secret())
    for name, answers in pages.items():
        assert client.post(reverse(name), answers).status_code == 422


def test_the_next_page_is_on_this_host(client, sam):
    for wrong in (
        "https://elsewhere.example/",
        "//elsewhere.example",
        "javascript:alert(1)",
        "\\\\elsewhere",
    ):
        client.logout()
        response = client.post(
            reverse("account_login"), {"login": "sam", "password": PASSWORD, "next": wrong}
        )
        assert "elsewhere" not in response.headers.get("Location", "")
        assert "javascript" not in response.headers.get("Location", "")


def test_signing_in_changes_the_key_of_the_session(client, sam):
    """Whoever planted a key before has nothing afterwards."""
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, "sam")
    assert client.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_a_new_password_ends_every_other_session(client, client_of, sam):
    sign_in(client, "sam")
    elsewhere = client_of(sam)
    sam.set_password("another kettle harbor nine")
    sam.save()
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_closed_account_with_its_password_gets_the_page_of_a_wrong_one(client, sam):
    expected = normal(sign_in(client, "sam", "wrong wrong wrong"), "sam")
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert normal(sign_in(client, "sam"), "sam") == expected
