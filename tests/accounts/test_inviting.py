"""A1, A9: who may invite whom, by card and by e-mail, and what the list says of it."""

import hashlib
import re
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from accounts.inviting import names as sign_in_names
from accounts.inviting.names import suggestion
from accounts.models import AuditEvent, Invitation, User
from accounts.models.audit import Act
from accounts.models.invitation import SentBefore
from accounts.roles import Role
from notifications.delivery import deliver
from notifications.models import Notification

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # as the fixture `frozen`
PAGE = "/people/invite/"
ADDRESS = "willa@elsewhere.example"
FORM = {"role": "client", "label": "Willa, Oak 3", "how": "card", "address": ""}
LINK = re.compile(r"http://testserver(/invitations/[\w-]+/)")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def body(response):
    return response.content.decode()


def squeezed(response):
    return " ".join(body(response).split())


def send(browser, **fields):
    return browser.post(PAGE, FORM | {"client_token": uuid.uuid4()} | fields)


def link_of(page: str) -> str:
    return LINK.search(page)[1]


@pytest.fixture
def maras(client_of, mara):
    return client_of(mara)


@pytest.fixture
def anas(client_of, ana):
    return client_of(ana)


@pytest.fixture
def mailed(maras):
    send(maras, how="mail", address=ADDRESS)
    return Invitation.objects.get()


def test_a1_a_card_is_shown_once_and_only_its_hash_is_kept(anas, ana, client):
    response = send(anas)
    assert response.status_code == 200
    path = link_of(body(response))
    made = Invitation.objects.get()
    token = path.split("/")[2]
    assert bytes(made.token_hash) == hashlib.sha256(token.encode()).digest()
    assert (made.role, made.issued_by, made.label) == (Role.CLIENT, ana, "Willa, Oak 3")
    assert made.expires_at == NOW + timedelta(days=7)
    assert client.get(path).status_code == 200
    assert token not in body(anas.get(PAGE))
    assert list(AuditEvent.objects.values_list("act", "actor_id", "detail")) == [
        (Act.INVITED, ana.pk, "client")
    ]


def test_a1_the_card_carries_its_address_as_a_picture_and_says_nothing_of_the_place(anas):
    page = body(send(anas))
    card = re.search(r'<section class="card paper-card.*?</section>', page, re.S)[0]
    assert '<svg viewBox="0 0 ' in card
    assert 'class="qr"' in card
    assert "Tuesday, 1 December" in card
    assert "style=" not in page
    words = re.sub(r"<[^>]*>|http\S+", " ", card)
    assert not re.search(rf"recover|treat|program|clinic|care|client|{settings.SITE_NAME}|Willa", words, re.I)


def test_a1_a_form_that_is_sent_twice_makes_one_invitation_and_shows_no_second_card(anas):
    token = uuid.uuid4()
    send(anas, client_token=token)
    again = send(anas, client_token=token)
    assert (again.status_code, again["Location"]) == (303, PAGE)
    assert "A card is shown only once." in body(anas.get(PAGE))
    assert (Invitation.objects.count(), AuditEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize("role", ["clinician", "editor", "manager", "superuser", "", "\x00"])
def test_a9_a_clinician_who_names_another_role_is_told_so_and_nothing_is_made(anas, role):
    response = send(anas, role=role)
    assert response.status_code == 422
    if role:
        assert "You cannot invite somebody for this role." in body(response) or "\x00" in role
    assert "Willa, Oak 3" in body(response)
    assert not Invitation.objects.exists()


def test_a9_the_model_refuses_a_role_that_is_not_the_inviters_to_give(ana, eli, sam, mara):
    for person in (ana, eli, sam):
        with pytest.raises(PermissionDenied):
            Invitation.objects.issue(role=Role.MANAGER, by=person, now=NOW)
    assert not Invitation.objects.exists()
    Invitation.objects.issue(role=Role.MANAGER, by=mara, now=NOW)


def test_a9_a_manager_invites_for_each_role_and_a_clinician_is_not_asked(maras, anas):
    page = body(maras.get(PAGE))
    assert re.findall(r'type="radio"\s+name="role"\s+value="(\w+)"', page) == list(Role.values)
    assert re.findall(r'type="radio"\s+name="role"', body(anas.get(PAGE))) == []
    for role in Role.values:
        assert send(maras, role=role).status_code == 200
    assert set(Invitation.objects.values_list("role", flat=True)) == set(Role.values)


@pytest.mark.parametrize("address", ["", "willa", "a@b", "willa@elsewhere.example\nBcc: x@y.example"])
def test_an_e_mail_needs_an_address_and_what_was_typed_stays(maras, address):
    response = send(maras, how="mail", address=address)
    assert response.status_code == 422
    assert "Willa, Oak 3" in body(response)
    assert not Invitation.objects.exists()
    assert not Notification.objects.exists()


def test_a1_an_e_mailed_invitation_works_and_leaves_no_address_and_no_token_behind(mailed, client):
    deliver()
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert sent.subject == "You have a message"
    path = link_of(sent.body)
    assert client.get(path).status_code == 200
    token = path.split("/")[2]
    assert bytes(mailed.token_hash) == hashlib.sha256(token.encode()).digest()
    rows = [*Notification.objects.values(), *Invitation.objects.values(), *AuditEvent.objects.values()]
    assert ADDRESS not in str(rows)
    assert token not in str(rows)


def test_a1_a_mail_that_is_sent_again_carries_the_same_link(mailed):
    deliver()
    Notification.objects.update(state="due", address=ADDRESS)
    deliver()
    assert len({link_of(sent.body) for sent in mail.outbox}) == 1
    assert len(mail.outbox) == 2


def test_a1_a_new_key_of_the_vault_changes_no_link_that_was_promised(mailed, settings):
    before = mailed.mailed_token
    settings.VAULT_KEYS = "new:" + "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=," + settings.VAULT_KEYS
    assert mailed.mailed_token == before
    settings.VAULT_KEYS = settings.VAULT_KEYS.split(",")[0]
    deliver()
    assert Notification.objects.get().state == Notification.State.DROPPED
    assert mail.outbox == []


def test_a1_what_was_taken_back_is_not_mailed(mailed, mara):
    mailed.revoke(by=mara, now=NOW)
    deliver()
    assert mail.outbox == []
    assert Notification.objects.get().address == ""


def test_a1_taking_it_back_works_on_the_next_request_and_once(maras, mara, client):
    path = link_of(body(send(maras)))
    made = Invitation.objects.get()
    for _turn in range(2):
        assert maras.post(reverse("accounts:revocation", args=[made.pk])).status_code == 303
    assert "This card does not work any more." in body(client.get(path))
    assert AuditEvent.objects.filter(act=Act.INVITATION_REVOKED, actor_id=mara.pk).count() == 1
    assert "Taken back by Mara Lind" in body(maras.get(PAGE))


def test_a1_a_clinician_sees_and_takes_back_only_their_own(anas, maras, ana, dev, client_of):
    send(maras, label="For the manager")
    send(anas, label="For Ana")
    assert "For Ana" in body(maras.get(PAGE))
    page = body(anas.get(PAGE))
    assert ("For Ana" in page, "For the manager" in page) == (True, False)
    anas_own, maras_own = (
        Invitation.objects.get(issued_by=ana),
        Invitation.objects.exclude(issued_by=ana).get(),
    )
    assert anas.post(reverse("accounts:revocation", args=[maras_own.pk])).status_code == 404
    assert client_of(dev).post(reverse("accounts:revocation", args=[anas_own.pk])).status_code == 404
    assert Invitation.objects.open(NOW).count() == 2


def test_the_list_says_in_words_what_became_of_each(maras, mara, frozen):
    def made(label):
        return Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW, label=label)[0]

    made("one").accept(User(username="river-7", chosen_name="Willa"), now=NOW)
    made("two").revoke(by=mara, now=NOW)
    old = made("three")
    Invitation.objects.filter(pk=old.pk).update(expires_at=NOW)
    made("four")
    dead = Invitation.objects.mail(ADDRESS, role=Role.CLIENT, by=mara, now=NOW, label="five")
    Notification.objects.filter(about=dead.pk).update(state="dead", address="")
    page = squeezed(maras.get(PAGE))
    for words in (
        "Used by Willa",
        "Taken back by Mara Lind",
        "Ran out on Tuesday, 24 November",
        "Waiting until Tuesday, 1 December",
        "The e-mail could not be delivered",
    ):
        assert page.count(words) == 1
    assert "one" not in Invitation.objects.values_list("label", flat=True)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_any_number(maras, mara, rows, django_assert_num_queries):
    for number in range(rows):
        made, _token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
        if number % 2:
            made.accept(User(username=f"river-{number}", chosen_name="Willa"), now=NOW)
    maras.get(PAGE)
    with django_assert_num_queries(4):  # session, person, cards, invitations
        maras.get(PAGE)


def test_the_list_goes_on_where_it_ended(maras, mara):
    for number in range(45):
        Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW, label=f"row-{number:02}")
    seen, path = [], PAGE
    while path:
        page = body(maras.get(path))
        seen += re.findall(r"<bdi>(row-\d\d)", page)
        found = re.search(r'href="(\?after=[\w-]+)"', page)
        path = found and PAGE + found[1]
    assert sorted(seen) == [f"row-{number:02}" for number in range(45)]
    for forged in ("x", uuid.uuid4()):
        assert maras.get(f"{PAGE}?after={forged}").status_code == 200


def test_sent_before_is_told_apart_from_a_new_form(mara):
    token = uuid.uuid4()
    Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW, client_token=token)
    with pytest.raises(SentBefore):
        Invitation.objects.mail(ADDRESS, role=Role.CLIENT, by=mara, now=NOW, client_token=token)
    assert not Notification.objects.exists()


def test_the_suggested_sign_in_name_says_nothing_and_is_free(mara):
    offered = {suggestion() for _turn in range(20)}
    assert all(re.fullmatch(r"[a-z]+-\d+", name) for name in offered)
    assert len(offered) > 1


def test_a_name_that_somebody_has_is_not_suggested(mara, monkeypatch):
    monkeypatch.setattr(sign_in_names, "WORDS", ("river",))
    monkeypatch.setattr(sign_in_names.secrets, "randbelow", lambda most: {9: 0, 99: 41, 9999: 0}[most])
    User.objects.create(username="river-1", role=Role.CLIENT, chosen_name="First")
    assert suggestion() == "river-42"
    User.objects.create(username="river-42", role=Role.CLIENT, chosen_name="Second")
    assert re.fullmatch(r"river-[0-9a-f]{8}", suggestion())


def test_a1_the_page_suggests_a_name_and_keeps_the_one_that_was_typed(client, mara):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    path = reverse("accounts:invitation", args=[token])
    assert re.search(
        r'name="username"[^>]*value="[a-z]+-\d+"|value="[a-z]+-\d+"[^>]*name="username"',
        body(client.get(path)),
    )
    assert 'value="my-own"' in body(client.post(path, {"username": "my-own"}))


def test_a3_new_staff_are_led_to_their_second_step(client, mara, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    _made, token = Invitation.objects.issue(role=Role.CLINICIAN, by=mara, now=NOW)
    answers = {"username": "river-7", "chosen_name": "Willa", "pronouns": "", "time_zone": ""}
    path = reverse("accounts:invitation", args=[token])
    assert client.post(path, answers | {"password": "maple kettle harbor seven"})["Location"] == "/today/"
    assert client.get("/today/")["Location"].startswith("/accounts/2fa/")


def test_a9_the_command_line_invites_without_an_inviter_and_is_recorded():
    call_command("invite_manager", stdout=StringIO())
    row = AuditEvent.objects.get()
    assert (row.act, row.actor_id, row.detail) == (Act.INVITED, None, "manager")
