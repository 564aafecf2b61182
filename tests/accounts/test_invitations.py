"""A1: an invitation works once, for some days, for one role, and tells nobody why it does not work."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, User
from accounts.models.invitation import InvitationSpent
from accounts.roles import Role

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # as the fixture `frozen`
WEEK = timedelta(days=7)
ANSWERS = {"address": "", "username": "Willa", "chosen_name": "Willa", "pronouns": ""}
PASSWORD = "maple kettle harbor seven"

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return reverse("accounts:invitation", args=[token])


@pytest.fixture
def invited(mara):
    return Invitation.objects.issue(role=Role.CLINICIAN, by=mara, now=NOW)


@pytest.fixture
def spent_page(client, frozen) -> bytes:
    return client.get(address("never-issued")).content


def test_the_token_is_stored_only_as_a_hash(invited):
    invitation, token = invited
    assert bytes(invitation.token_hash) == hashlib.sha256(token.encode()).digest()
    assert len(token) >= 43  # 256 bits in base64
    stored = Invitation.objects.values().get()
    assert token not in str(stored)


def test_accepting_makes_one_account_with_the_role_of_the_invitation(client, invited, frozen):
    invitation, token = invited
    response = client.post(address(token), ANSWERS | {"password": PASSWORD, "role": "manager"})
    assert (response.status_code, response.url) == (303, reverse("home:today"))
    willa = User.objects.get(chosen_name="Willa")
    assert (willa.username, willa.role, willa.is_active) == ("willa", Role.CLINICIAN, True)
    assert willa.check_password(PASSWORD)
    invitation.refresh_from_db()
    assert (invitation.used_by, invitation.used_at) == (willa, NOW)


def test_opening_the_page_uses_nothing_up(client, invited, frozen):
    invitation, token = invited
    for _turn in range(3):
        assert client.get(address(token)).status_code == 200
        assert client.head(address(token)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.used_at is None
    assert client.post(address(token), ANSWERS | {"password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"used_at": NOW - timedelta(hours=1)},
        {"revoked_at": NOW - timedelta(hours=1)},
        {"expires_at": NOW},
        {"expires_at": NOW - timedelta(seconds=1)},
    ],
    ids=["used", "revoked", "ends now", "ended a second ago"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_failure_is_the_same_page(client, invited, spent_page, change, method):
    _invitation, token = invited
    Invitation.objects.update(**change)
    data = ANSWERS | {"password": PASSWORD} if method == "post" else {}
    response = getattr(client, method)(address(token), data)
    assert (response.status_code, response.content) == (200, spent_page)
    assert not User.objects.filter(chosen_name="Willa").exists()


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%F0%9F%8C%B1", "..", "' OR 1=1 --", "null%0Abyte"])
def test_a_forged_token_is_the_same_page(client, spent_page, token):
    response = client.get(f"/invitations/{token}/")
    assert (response.status_code, response.content) in [(200, spent_page), (404, response.content)]


def test_a_second_before_its_end_it_still_works(client, invited, frozen):
    Invitation.objects.update(expires_at=NOW + timedelta(seconds=1))
    assert client.post(address(invited[1]), ANSWERS | {"password": PASSWORD}).status_code == 303


def test_it_lives_seven_days(invited):
    invitation, _token = invited
    assert invitation.expires_at == NOW + WEEK
    assert list(Invitation.objects.open(NOW + WEEK - timedelta(seconds=1))) == [invitation]
    assert list(Invitation.objects.open(NOW + WEEK)) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "password1234"}, "easy to guess"),
        ({"password": "willa-willa-willa", "username": "willa-willa-will"}, "looks too much like"),
        ({"username": "a b"}, "letters, numbers and hyphens"),
        ({"username": "SAM"}, "name is taken"),
        ({"username": ""}, "Please fill this in"),
        ({"chosen_name": "\u202e \u200f"}, "Write the name you go by"),
        ({"chosen_name": "W" * 61}, "room for 60 characters"),
        ({"chosen_name": "W\0"}, "cannot be kept"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(client, invited, sam, frozen, wrong, message):
    response = client.post(
        address(invited[1]), ANSWERS | {"password": PASSWORD, "pronouns": "ze, zir"} | wrong
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert message in page
    assert "ze, zir" in page
    assert PASSWORD not in page
    assert Invitation.objects.open(NOW).count() == 1


def test_names_lose_the_characters_that_reorder_text(client, invited, frozen):
    client.post(address(invited[1]), ANSWERS | {"password": PASSWORD, "chosen_name": " Wil\u202ela  🌱 "})
    assert User.objects.get(username="willa").chosen_name == "Willa 🌱"


def test_a9_invite_manager_prints_an_address_that_works_once(client, frozen):
    out = StringIO()
    call_command("invite_manager", stdout=out)
    url = out.getvalue().split()[-1]
    assert url.startswith("http://testserver/invitations/")
    assert client.post(url, ANSWERS | {"password": PASSWORD}).status_code == 303
    assert User.objects.get().role == Role.MANAGER
    invitation = Invitation.objects.get()
    assert (invitation.issued_by, invitation.used_by) == (None, User.objects.get())


@pytest.mark.django_db(transaction=True)
def test_a1_of_thirty_at_once_one_gets_the_account(mara):
    invitation, _token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)

    def accept(number: int) -> bool:
        person = User(username=f"person-{number}", chosen_name="Willa")
        try:
            Invitation.objects.get(pk=invitation.pk).accept(person, now=NOW)
        except InvitationSpent:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(accept, range(30)))
    assert answers.count(True) == 1
    made = User.objects.exclude(pk=mara.pk).get()
    assert made.username == f"person-{answers.index(True)}"
    invitation.refresh_from_db()
    assert invitation.used_by == made


@pytest.mark.django_db(transaction=True)
def test_a1_thirty_browsers_at_once_make_one_account(mara, monkeypatch):
    _invitation, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=datetime.now(UTC))
    monkeypatch.setattr(User, "set_password", lambda self, password: setattr(self, "password", "!"))

    def send(number: int) -> int:
        try:
            answers = ANSWERS | {"password": PASSWORD, "username": f"person-{number}"}
            return Client().post(address(token), answers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        statuses = list(pool.map(send, range(30)))
    assert sorted(statuses) == [200] * 29 + [303]
    assert User.objects.clients().count() == 1


def test_two_people_who_choose_one_name_at_once_are_both_answered_kindly(
    client, invited, mara, frozen, monkeypatch
):
    """The second passed the form before the first was stored; the database decides."""
    _invitation, token = invited
    User.objects.create(username="willa", role=Role.CLIENT, chosen_name="First")
    monkeypatch.setattr(User, "validate_unique", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(User, "validate_constraints", lambda *_args, **_kwargs: None)
    response = client.post(address(token), ANSWERS | {"password": PASSWORD})
    assert response.status_code == 422
    assert "This name is taken." in response.content.decode()
    assert Invitation.objects.open(NOW).with_token(token).exists()


@pytest.mark.parametrize(
    ("role", "words"), [(Role.CLIENT, ""), (Role.EDITOR, "You join the staff as: Editor.")]
)
def test_a1_the_page_asks_for_little_and_names_a_role_to_staff_alone(client, mara, frozen, role, words):
    _made, token = Invitation.objects.issue(role=role, by=mara, now=NOW)
    page = " ".join(client.get(address(token)).text.split())
    assert "It works once, for one person." in page
    assert ("You join the staff as" in page, words in page) == (bool(words), True)
    assert 'name="time_zone"' not in page
    assert "Signed in on a shared device?" not in page
