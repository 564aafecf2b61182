"""A2: a new sign-in card for somebody who is locked out takes two people, ends what was, and is seen."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import addresses
from accounts.models import AuditEvent, CareTeamMember, Invitation, User
from accounts.models.audit import Act
from accounts.models.invitation import InvitationSpent
from accounts.notices import CARD_USED, PASSWORD_RESET
from accounts.roles import Role
from notifications import kinds
from notifications.models import Notification

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # as the fixture `frozen`
PASSWORD = "maple kettle harbor seven"
LINK = re.compile(r"http://testserver(/invitations/[\w-]+/)")

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


def ask(person):
    return reverse("accounts:card", args=[person.pk])


def approval(card):
    return reverse("accounts:card_approval", args=[card.pk])


@pytest.fixture
def asked(sam, ana, frozen):
    return Invitation.objects.ask_card(sam, by=ana, now=NOW)


@pytest.fixture
def path(asked, mara):
    return reverse("accounts:invitation", args=[asked.approve(by=mara, now=NOW)])


def acts():
    return list(AuditEvent.objects.order_by("id").values_list("act", "actor_id", "subject_id"))


def test_a2_one_asks_another_approves_and_a_new_password_lets_in(client, client_of, sam, ana, mara, frozen):
    assert client_of(ana).post(ask(sam)).status_code == 303
    card = Invitation.objects.get()
    assert (card.token_hash, card.person, card.issued_by) == (None, sam, ana)
    manager = client_of(mara)
    assert approval(card) in body(manager.get("/today/"))
    assert "On Tuesday at 10:00 a.m. Ana Ruiz asked for it." in " ".join(
        body(manager.get(approval(card))).split()
    )
    shown = body(manager.post(approval(card)))
    assert 'class="qr"' in shown
    path = LINK.search(shown)[1]
    card.refresh_from_db()
    assert card.expires_at == NOW + timedelta(minutes=settings.SIGN_IN_CARD_MINUTES)
    assert "You sign in as sam" in body(client.get(path))
    response = client.post(path, {"password": PASSWORD})
    assert (response.status_code, response["Location"]) == (303, "/today/")
    assert client.get("/today/").status_code == 200
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)
    card_acts = [row for row in acts() if row[0].startswith("card")]
    assert card_acts == [
        (Act.CARD_ASKED, ana.pk, sam.pk),
        (Act.CARD_APPROVED, mara.pk, sam.pk),
        (Act.CARD_USED, sam.pk, sam.pk),
    ]
    assert "This card does not work any more." in body(Client().get(path))


def test_a2_what_was_before_ends_and_the_person_is_told(client, client_of, sam, path):
    earlier = client_of(sam)
    sam.set_password("old old old old old")
    sam.save()
    earlier = client_of(sam)
    Authenticator.objects.create(user=sam, type="totp", data={})
    Authenticator.objects.create(user=sam, type="recovery_codes", data={})
    assert earlier.get("/today/").status_code == 200
    client.post(path, {"password": PASSWORD})
    assert earlier.get("/today/").status_code == 302
    assert not Authenticator.objects.filter(user=sam).exists()
    notice = Notification.objects.get(kind=CARD_USED)
    kind = kinds.get(CARD_USED)
    assert (notice.recipient, kind.urgent, kind.asked_for) == (sam, True, True)


def test_a2_whoever_had_the_account_in_hand_keeps_no_address_on_it(client, sam, path):
    EmailAddress.objects.create(user=sam, email="attacker@evil.example", verified=True)
    User.objects.filter(pk=sam.pk).update(email="attacker@evil.example")
    addresses.ask(sam, "attacker@other.example", now=NOW)
    assert "Your e-mail is taken off your account" in body(client.get(path))
    client.post(path, {"password": PASSWORD})
    sam.refresh_from_db()
    assert (sam.email, EmailAddress.objects.count()) == ("", 0)
    assert not Notification.objects.filter(kind=addresses.KIND).exists()
    told = Notification.objects.get(kind=addresses.CHANGED)  # it may have been the person's own after all
    assert (told.address, told.about) == ("attacker@evil.example", sam.pk)
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": "attacker@evil.example"})
    assert not Notification.objects.filter(kind=PASSWORD_RESET).exists()


def test_a2_it_works_without_any_address(client, sam, path):
    User.objects.filter(pk=sam.pk).update(email="")
    assert client.post(path, {"password": PASSWORD})["Location"] == "/today/"


def test_a2_whoever_asked_never_approves(client_of, ana, mara, asked):
    assert client_of(ana).get(approval(asked)).status_code == 404
    assert client_of(ana).post(approval(asked)).status_code == 404
    with pytest.raises(InvitationSpent):
        asked.approve(by=ana, now=NOW)
    assert "Take it back" in body(client_of(ana).get("/people/invite/"))


def test_a2_nobody_makes_a_card_for_themselves(client_of, mara, frozen):
    other = User.objects.create(username="mel", role=Role.MANAGER, chosen_name="Mel")
    assert client_of(mara).get(ask(mara)).status_code == 404
    with pytest.raises(PermissionDenied):
        Invitation.objects.ask_card(mara, by=mara, now=NOW)
    card = Invitation.objects.ask_card(mara, by=other, now=NOW)
    assert client_of(mara).post(approval(card)).status_code == 404
    with pytest.raises(InvitationSpent):
        card.approve(by=mara, now=NOW)


@pytest.mark.parametrize("approver", ["ana", "sam"])
def test_a2_the_database_refuses_one_who_asks_and_approves_and_one_who_approves_their_own(
    cast, asked, approver
):
    changed = {"approved_by": cast[approver], "approved_at": NOW, "token_hash": b"x" * 32}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=asked.pk).update(**changed)


def test_a2_the_database_refuses_a_token_before_the_approval(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=asked.pk).update(token_hash=b"x" * 32)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=asked.pk).update(used_at=NOW)


def test_a2_a_clinician_asks_and_approves_for_their_own_clients_only(client_of, sam, noor, ana, dev, asked):
    assert client_of(dev).get(ask(sam)).status_code == 404
    assert client_of(dev).post(approval(asked)).status_code == 404
    assert client_of(ana).get(ask(noor)).status_code == 404
    assert client_of(ana).get(ask(dev)).status_code == 404
    CareTeamMember.objects.create(client=sam, clinician=dev)
    assert approval(asked) in body(client_of(dev).get("/today/"))
    assert client_of(dev).post(approval(asked)).status_code == 200


def test_a2_asking_again_is_the_same_card_and_leads_a_colleague_to_it(
    client_of, sam, ana, mara, asked, frozen
):
    client_of(ana).post(ask(sam))
    assert client_of(mara).post(ask(sam))["Location"] == approval(asked)
    frozen.shift(timedelta(minutes=3))
    page = client_of(ana).post(ask(sam), follow=True)
    assert page.redirect_chain == [(reverse("home:person", args=[sam.pk]), 303)]
    assert "Already asked for at 10:00 a.m. A colleague has to approve it." in page.text
    assert Invitation.objects.get() == asked


def test_a2_an_old_question_is_not_approved(client_of, mara, asked, frozen):
    frozen.shift(timedelta(hours=24))
    client_of(mara).post(approval(asked))
    asked.refresh_from_db()
    assert asked.approved_by is None


def test_a2_a_card_that_was_taken_back_is_not_approved(client_of, ana, mara, asked):
    client_of(ana).post(reverse("accounts:revocation", args=[asked.pk]))
    assert client_of(mara).post(approval(asked)).status_code == 303
    asked.refresh_from_db()
    assert asked.approved_by is None


def test_a2_the_card_ends_after_half_an_hour(client, path, frozen):
    frozen.shift(timedelta(minutes=settings.SIGN_IN_CARD_MINUTES, seconds=-1))
    assert "Choose a new password" in body(client.get(path))
    frozen.shift(timedelta(seconds=1))
    assert "This card does not work any more." in body(client.get(path))


def test_a1_a_spent_card_is_the_page_of_every_spent_invitation(client, sam, path, frozen):
    spent = client.get("/invitations/never-issued/").content
    User.objects.filter(pk=sam.pk).update(is_active=False)
    for response in (client.get(path), client.post(path, {"password": PASSWORD})):
        assert (response.status_code, response.content) == (200, spent)
    User.objects.filter(pk=sam.pk).update(is_active=True)
    Invitation.objects.update(revoked_at=NOW)
    assert client.get(path).content == spent


def test_a2_a_closed_account_gets_no_card(client_of, mara, sam, frozen):
    User.objects.filter(pk=sam.pk).update(is_active=False, closed_at=NOW)
    assert client_of(mara).get(ask(sam)).status_code == 404


def test_a6_somebody_who_went_home_comes_back_to_their_own_pages(client, mara, luz, frozen):
    other = User.objects.create(username="mel", role=Role.MANAGER, chosen_name="Mel")
    card = Invitation.objects.ask_card(luz, by=other, now=NOW)
    path = reverse("accounts:invitation", args=[card.approve(by=mara, now=NOW)])
    assert client.post(path, {"password": PASSWORD})["Location"] == "/today/"


@pytest.mark.parametrize(
    ("password", "words"), [("short", "at least 12"), ("", "Please fill this in"), ("sam-sam-sam-sam", "")]
)
def test_a_weak_password_is_told_and_nothing_is_used_up(client, path, password, words):
    response = client.post(path, {"password": password})
    assert response.status_code == 422
    assert words in body(response)
    assert Invitation.objects.get().used_at is None


def test_the_person_reads_of_it_for_thirty_days(sam, noor, asked):
    assert list(Invitation.objects.cards_of(sam, NOW + timedelta(days=29))) == [asked]
    assert list(Invitation.objects.cards_of(sam, NOW + timedelta(days=30))) == []
    assert list(Invitation.objects.cards_of(noor, NOW)) == []


def test_a_used_card_ends_another_that_was_approved_before(client, sam, ana, mara, path):
    second = Invitation.objects.ask_card(sam, by=ana, now=NOW)
    other = reverse("accounts:invitation", args=[second.approve(by=mara, now=NOW)])
    client.post(path, {"password": PASSWORD})
    assert "This card does not work any more." in body(Client().get(other))


def race(work, number=12):
    def one(_turn):
        try:
            return work()
        except InvitationSpent:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return [answer for answer in pool.map(one, range(number)) if answer is not None]


@pytest.mark.django_db(transaction=True)
def test_a2_of_twelve_who_approve_at_once_one_sees_the_card(sam, ana, mara):
    card = Invitation.objects.ask_card(sam, by=ana, now=NOW)
    tokens = race(lambda: Invitation.objects.get(pk=card.pk).approve(by=mara, now=NOW))
    assert len(tokens) == 1
    assert Invitation.objects.with_token(tokens[0]).get() == card
    assert AuditEvent.objects.filter(act=Act.CARD_APPROVED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a2_of_twelve_who_use_it_at_once_one_gets_in(sam, ana, mara, monkeypatch):
    card = Invitation.objects.ask_card(sam, by=ana, now=datetime.now(UTC))
    path = reverse("accounts:invitation", args=[card.approve(by=mara, now=datetime.now(UTC))])
    monkeypatch.setattr(User, "set_password", lambda self, password: setattr(self, "password", password))
    statuses = race(lambda: Client().post(path, {"password": f"{uuid.uuid4()} kettle"}).status_code)
    assert sorted(statuses) == [200] * 11 + [303]
    assert AuditEvent.objects.filter(act=Act.CARD_USED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a2_twelve_who_ask_at_once_ask_for_one_card(sam, ana):
    race(lambda: Invitation.objects.ask_card(sam, by=ana, now=NOW).pk)
    assert Invitation.objects.count() == 1
