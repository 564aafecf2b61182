"""What somebody new finds after accepting an invitation: what they chose, who sees it, and how to go on."""

import re

import pytest

from accounts.models import CareTeamMember, Invitation, User
from accounts.roles import Role
from accounts.sign_in import session_limits
from checkins.models import Acceptance
from tests.home.conftest import NOW, squeezed

PAGE = "/first-steps/"
ANSWERS = {"username": "river-7", "chosen_name": "Willa", "pronouns": ""}
PASSWORD = "maple kettle harbor seven"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def page_of(browser):
    return squeezed(browser.get(PAGE).content.decode())


@pytest.fixture
def arrived(client, mara, ana):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    response = client.post(f"/invitations/{token}/", ANSWERS | {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    return client


def test_a1_a_new_client_is_signed_in_and_finds_the_first_steps(arrived):
    page = page_of(arrived)
    assert "Welcome, Willa." in page
    assert "river-7" in page
    assert "10 a.m., America/New York" in page
    records = arrived.session["account_authentication_methods"]
    assert [record["method"] for record in records] == ["password"]


def test_it_names_who_can_see_what_today(arrived, ana):
    page = page_of(arrived)
    assert "<dt>Your journal</dt><dd>Only you</dd>" in page
    assert "<dt>Your check-ins</dt><dd>Only you</dd>" in page
    CareTeamMember.objects.create(client=User.objects.get(username="river-7"), clinician=ana)
    page = page_of(arrived)
    assert "<dt>Your journal</dt><dd>Only you</dd>" in page
    assert "<dt>Your check-ins</dt><dd>You and Ana Ruiz</dd>" in page
    assert "You and Ana Ruiz, and whoever leads the group" in page


def test_k9_accepting_here_comes_back_here(arrived):
    version = re.search(r'name="version" value="(\d+)"', page_of(arrived))[1]
    response = arrived.post("/check-in/acceptance/", {"version": version, "first_steps": "1"})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    page = page_of(arrived)
    assert "You have read this on 24 November." in page
    assert Acceptance.objects.filter(client__username="river-7").count() == 1


def test_a4_a_shared_device_is_remembered_and_no_passkey_is_offered_on_it(arrived):
    assert "add a passkey" in page_of(arrived)
    assert arrived.post("/first-steps/shared-device/")["Location"] == "/today/"
    assert arrived.session[session_limits.SHARED] is True
    page = page_of(arrived)
    assert ("add a passkey" in page, "others use it too" in page) == (False, True)


def test_it_is_found_again_from_the_profile(arrived, client_of, mara):
    assert f'href="{PAGE}"' in arrived.get("/me/").content.decode()
    assert f'href="{PAGE}"' not in client_of(mara).get("/me/").content.decode()


def test_a1_staff_go_to_today(client, mara, settings):
    _made, token = Invitation.objects.issue(role=Role.CLINICIAN, by=mara, now=NOW)
    response = client.post(f"/invitations/{token}/", ANSWERS | {"password": PASSWORD})
    assert response["Location"] == "/today/"


def test_a1_whoever_was_signed_in_here_before_is_not_any_more(client_of, sam, mara):
    browser = client_of(sam)
    before = browser.session.session_key
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    browser.post(f"/invitations/{token}/", ANSWERS | {"password": PASSWORD})
    assert browser.session.session_key != before
    assert browser.session["_auth_user_id"] == str(User.objects.get(username="river-7").pk)
    assert browser.session["account_authentication_methods"]
