"""An e-mail address is one's own once a link that was sent there was opened, signed in."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import addresses
from accounts.models import Invitation, User
from accounts.notices import PASSWORD_RESET
from accounts.roles import Role
from notifications.delivery import deliver
from notifications.models import Notification
from recovery_site import actions

PAGE = "/me/address/"
NEW = "sam@elsewhere.example"
LINK = re.compile(r"http://testserver(/me/address/[\w=-]+/)")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def sams(client_of, sam, again):
    return again(client_of(sam), sam)


@pytest.fixture
def link(sams):
    sams.post(PAGE, {"address": NEW})
    deliver()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([NEW], "You have a message")
    return LINK.search(sent.body)[1]


def address_of(person):
    return User.objects.values_list("email", flat=True).get(pk=person.pk)


def test_the_link_asks_and_the_button_keeps(sams, sam, link):
    assert NEW in sams.get(link).content.decode()
    assert address_of(sam) == "sam@people.example"
    assert sams.post(link)["Location"] == "/me/"
    assert address_of(sam) == NEW


def test_a_session_that_was_left_open_changes_no_address(client_of, sam):
    browser = client_of(sam)
    assert browser.get(PAGE)["Location"].startswith("/accounts/reauthenticate/")
    assert browser.post(PAGE, {"address": NEW}).status_code == 303
    assert not Notification.objects.exists()


def test_the_person_and_the_old_address_are_told(sams, sam, link):
    sams.post(link)
    mail.outbox.clear()
    deliver()
    assert sorted(sent.to[0] for sent in mail.outbox) == [NEW, "sam@people.example"]
    assert "Your e-mail was changed." in sams.get("/notices/").content.decode()
    assert "people.example" not in str(Notification.objects.values())


def test_k5_the_link_shows_nothing_and_nothing_else_knows_the_address(sams, client, link):
    assert NEW not in link
    assert client.get(link).status_code == 302
    assert NEW not in str([*Notification.objects.values(), *User.objects.values()])
    assert NEW not in str(dict(sams.session))


def test_somebody_elses_link_and_an_old_one_do_nothing(client_of, sams, sam, noor, link, frozen):
    assert NEW not in client_of(noor).get(link).content.decode()
    client_of(noor).post(link)
    assert address_of(noor) == "noor@people.example"
    frozen.shift(addresses.LINK_LASTS + timedelta(seconds=1))
    sams = client_of(sam)
    assert "does not work any more" in sams.get(link).content.decode()
    sams.post(link)
    assert address_of(sam) == "sam@people.example"


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "eA==", "x" * 3000])
def test_a_made_up_link_is_answered_kindly(sams, token):
    assert sams.post(f"{PAGE}{token}/").status_code in (200, 404)
    assert sams.get(f"{PAGE}{token}/").status_code in (200, 404)


def test_a2_an_address_that_somebody_has_is_told_to_nobody_who_merely_types_it(sams, sam, noor):
    taken, free = (
        sams.post(PAGE, {"address": address}) for address in (noor.email, "nobody@elsewhere.example")
    )
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    sams.post(PAGE, {"address": noor.email})
    deliver()
    link = LINK.search(mail.outbox[-1].body)[1]
    assert sams.post(link).status_code == 303
    assert address_of(sam) == "sam@people.example"


def test_the_last_address_that_was_typed_holds(sams):
    sams.post(PAGE, {"address": "mistyped@elsewhere.example"})
    sams.post(PAGE, {"address": NEW})
    assert Notification.objects.get(kind=addresses.KIND).address == NEW


def test_an_address_typed_with_an_invitation_waits_for_its_link(client, mara):
    now = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=mara.joined_at)[0].issued_at
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=now)
    answers = {"username": "river-7", "chosen_name": "Willa", "pronouns": "", "time_zone": "", "address": NEW}
    client.post(f"/invitations/{token}/", answers | {"password": "maple kettle harbor seven"})
    willa = User.objects.get(username="river-7")
    assert willa.email == ""
    deliver()
    client.post(LINK.search(mail.outbox[0].body)[1])
    assert address_of(willa) == NEW


def kept(person, address):
    addresses.keep(person, address, now=timezone.now())


def test_a2_an_address_with_a_capital_letter_signs_in_and_resets(sams, sam):
    sams.post(PAGE, {"address": "Sam@Elsewhere.Example"})
    deliver()
    sams.post(LINK.search(mail.outbox[-1].body)[1])
    assert address_of(sam) == NEW
    sam.refresh_from_db()
    sam.set_password("maple kettle harbor seven")
    sam.save()
    for typed in ("Sam@Elsewhere.Example", NEW):
        answer = Client().post("/accounts/login/", {"login": typed, "password": "maple kettle harbor seven"})
        assert answer.status_code in (302, 303)
    Client().post("/accounts/password/reset/", {"email": "Sam@Elsewhere.Example"})
    assert Notification.objects.filter(kind=PASSWORD_RESET, recipient=sam).exists()


def test_an_address_that_was_given_up_is_no_name_to_sign_in_with(sam):
    sam.set_password("maple kettle harbor seven")
    sam.save()
    EmailAddress.objects.create(user=sam, email=sam.email, verified=True)
    kept(sam, NEW)
    assert not EmailAddress.objects.exists()
    typed = {"login": "sam@people.example", "password": "maple kettle harbor seven"}
    assert Client().post("/accounts/login/", typed).status_code not in (302, 303)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_active": False, "erased_at": "2026-11-24T15:00Z"}]
)
def test_a6_a8_a_closed_account_gets_no_address_any_more(sam, change):
    User.objects.filter(pk=sam.pk).update(**change)
    with pytest.raises(PermissionDenied):
        kept(sam, NEW)
    assert address_of(sam) == "sam@people.example"
    assert not Notification.objects.exists()


def test_a6_after_a_death_the_old_address_is_told_nothing(sam, mara):
    kept(sam, NEW)
    actions.record_death(client=sam, on=timezone.localdate(), by=mara, now=timezone.now())
    assert "people.example" not in str(Notification.objects.values_list("address"))
    deliver()
    assert mail.outbox == []


def test_a6_nor_where_a_sender_had_the_message_in_hand_already(sam):
    kept(sam, NEW)
    User.objects.filter(pk=sam.pk).update(is_active=False)
    deliver()
    assert mail.outbox == []
    assert set(Notification.objects.values_list("address", flat=True)) == {""}


def test_a8_after_a_deletion_the_outbox_knows_no_address(sam):
    kept(sam, NEW)
    addresses.ask(sam, "third@elsewhere.example", now=timezone.now())
    actions.erase(client=sam, by=sam, now=timezone.now())
    assert not Notification.objects.exists()
    deliver()
    assert mail.outbox == []


def test_each_old_address_of_a_day_is_told(sam):
    for address in (NEW, "third@elsewhere.example"):
        kept(sam, address)
    told = Notification.objects.filter(recipient=None)
    assert set(told.values_list("address", flat=True)) == {"sam@people.example", NEW}


def test_three_links_an_hour_and_no_more(sams, sam, client_of, again, frozen):
    for number in range(3):
        assert sams.post(PAGE, {"address": f"stranger{number}@elsewhere.example"}).status_code == 303
        deliver()
    response = sams.post(PAGE, {"address": NEW})
    assert response.status_code == 422
    assert "three links in the last hour" in response.content.decode()
    assert NEW in response.content.decode()
    deliver()
    assert len(mail.outbox) == 3
    frozen.shift(timedelta(hours=1))
    assert again(client_of(sam), sam).post(PAGE, {"address": NEW}).status_code == 303
