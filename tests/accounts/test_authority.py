"""A1, A2: what somebody handed out ends with their authority, and two people are two people."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import EmergencyAccess, Invitation, User
from accounts.models.invitation import NEW_FOR, InvitationSpent, OneHand
from accounts.notices import MANAGER_JOINED
from accounts.roles import Role
from notifications.models import Notification

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # as the fixture `frozen`
PASSWORD = "maple kettle harbor seven"
LIST = "/people/invite/"

pytestmark = pytest.mark.django_db


def path_of(token):
    return reverse("accounts:invitation", args=[token])


def now_is(person, **fields):
    User.objects.filter(pk=person.pk).update(**fields)


def answers(name):
    return {"username": name, "chosen_name": name.title(), "password": PASSWORD, "time_zone": ""}


def arrives(name, role, by, now=NOW):
    made, _token = Invitation.objects.issue(role=role, by=by, now=now)
    person = User(username=name, chosen_name=name.title())
    made.accept(person, now=now)
    return person


@pytest.fixture
def mel(db):
    return User.objects.create(username="mel", role=Role.MANAGER, chosen_name="Mel")


LOSSES = [{"role": Role.EDITOR}, {"is_active": False}]


@pytest.mark.parametrize("loss", LOSSES, ids=["demoted", "closed"])
@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLIENT])
def test_a1_an_invitation_ends_with_the_authority_of_who_made_it(
    client, client_of, mel, mara, frozen, loss, role
):
    made, token = Invitation.objects.issue(role=role, by=mel, now=NOW)
    assert client.get(path_of(token)).status_code == 200
    now_is(mel, **loss)
    spent = client.get("/invitations/never-issued/").content
    assert client.get(path_of(token)).content == spent
    assert client.post(path_of(token), answers("river-7")).content == spent
    with pytest.raises(InvitationSpent):
        made.accept(User(username="river-7", chosen_name="R"), now=NOW)
    assert not User.objects.filter(username="river-7").exists()
    page = client_of(mara).get(LIST).content.decode()
    assert "Opens nothing: Mel no longer invites people for this" in page
    assert made.revoke(by=mara, now=NOW)


def test_a1_a_manager_who_became_a_clinician_still_brings_clients(client, mel, frozen):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mel, now=NOW)
    _made, other = Invitation.objects.issue(role=Role.EDITOR, by=mel, now=NOW)
    now_is(mel, role=Role.CLINICIAN)
    assert "does not work any more" in client.get(path_of(other)).content.decode()
    assert client.post(path_of(token), answers("river-7")).status_code == 303


def test_a1_whoever_lost_the_right_a_moment_ago_invites_nobody(mel):
    now_is(mel, role=Role.EDITOR)  # the request in hand still holds a manager
    for role in (Role.CLIENT, Role.MANAGER):
        with pytest.raises(PermissionDenied):
            Invitation.objects.issue(role=role, by=mel, now=NOW)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["ana", "mara"])
@pytest.mark.parametrize("loss", LOSSES, ids=["demoted", "closed"])
def test_a2_a_card_ends_with_the_authority_of_who_asked_and_who_approved(
    client, cast, sam, ana, mara, frozen, who, loss
):
    card = Invitation.objects.ask_card(sam, by=ana, now=NOW)
    path = path_of(card.approve(by=mara, now=NOW))
    assert "Choose a new password" in client.get(path).content.decode()
    now_is(cast[who], **loss)
    assert "does not work any more" in client.post(path, {"password": PASSWORD}).content.decode()
    with pytest.raises(InvitationSpent):
        card.let_in_again(sam, now=NOW)


def test_a2_what_somebody_asked_who_may_no_longer_is_not_approved(sam, ana, mara, mel):
    card = Invitation.objects.ask_card(sam, by=mel, now=NOW)
    now_is(mel, role=Role.EDITOR)
    with pytest.raises(InvitationSpent):
        card.approve(by=mara, now=NOW)
    assert Invitation.objects.ask_card(sam, by=ana, now=NOW) != card


def test_a2_whoever_lost_the_right_a_moment_ago_neither_asks_nor_approves(sam, ana, mel):
    card = Invitation.objects.ask_card(sam, by=ana, now=NOW)
    now_is(mel, role=Role.EDITOR)
    with pytest.raises(PermissionDenied):
        card.approve(by=mel, now=NOW)
    with pytest.raises(PermissionDenied):
        Invitation.objects.ask_card(sam, by=mel, now=NOW)


def test_a2_nobody_asks_or_approves_for_an_account_that_closed_a_moment_ago(sam, ana, mara):
    card = Invitation.objects.ask_card(sam, by=ana, now=NOW)
    now_is(sam, is_active=False)
    with pytest.raises(PermissionDenied):
        Invitation.objects.ask_card(sam, by=mara, now=NOW)
    with pytest.raises(InvitationSpent):
        card.approve(by=mara, now=NOW)


def test_a2_one_who_invited_a_second_account_is_not_two_people(client_of, sam, mara, frozen):
    puppet = arrives("puppet", Role.MANAGER, mara)
    for asker, approver in [(mara, puppet), (puppet, mara)]:
        card = Invitation.objects.ask_card(sam, by=asker, now=NOW)
        with pytest.raises(OneHand):
            card.approve(by=approver, now=NOW)
        page = reverse("accounts:card_approval", args=[card.pk])
        browser = client_of(approver)
        assert browser.post(page)["Location"] == page
        text = browser.get(page).content.decode()
        assert "It takes two people who came here apart from each other" in text
        assert "Approve and show the card" not in text
        card.revoke(by=asker, now=NOW)


def test_a2_nor_by_an_account_that_the_second_one_invited(sam, mara):
    first = arrives("first", Role.MANAGER, mara)
    second, third = arrives("second", Role.MANAGER, first), arrives("third", Role.MANAGER, mara)
    for asker, approver in [(mara, second), (first, third), (second, third)]:
        card = Invitation.objects.ask_card(sam, by=asker, now=NOW)
        with pytest.raises(OneHand):
            card.approve(by=approver, now=NOW)
        card.revoke(by=asker, now=NOW)


def test_a2_after_a_week_a_colleague_is_a_colleague_and_others_are_at_once(sam, mara, mel):
    newcomer = arrives("river-7", Role.MANAGER, mara)
    assert Invitation.objects.ask_card(sam, by=newcomer, now=NOW).approve(by=mel, now=NOW)
    later = NOW + NEW_FOR
    assert Invitation.objects.ask_card(sam, by=mara, now=later).approve(by=newcomer, now=later)


def test_a2_every_other_manager_hears_of_a_new_one(client_of, mara, mel, ana, frozen):
    willa = arrives("willa", Role.MANAGER, mara)
    arrives("river-7", Role.CLINICIAN, mara)
    told = Notification.objects.filter(kind=MANAGER_JOINED)
    assert {row.recipient for row in told} == {mara, mel}
    told.update(shown_at=NOW)
    row = told.get(recipient=mel)
    assert client_of(mel).get(reverse("notifications:notice", args=[row.pk])).url.endswith(f"/{willa.pk}/")


def test_a10_whoever_lost_the_role_a_moment_ago_opens_no_page(sam, ana, dev):
    now_is(dev, role=Role.EDITOR)
    with pytest.raises(PermissionDenied):
        EmergencyAccess.objects.begin(client=sam, by=dev, reason="Sam did not wake up.", now=NOW)


def at_once(*works):
    found, start = {}, threading.Barrier(len(works))

    def one(number, work):
        try:
            start.wait(10)
            found[number] = work()
        except Exception as error:  # told to the test
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [found.get(number) for number in range(len(works))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_a1_who_is_demoted_at_this_moment_lets_nobody_in_afterwards(mara, mel, turn):
    made, _token = Invitation.objects.issue(role=Role.MANAGER, by=mel, now=NOW)
    person = User(username="river-7", chosen_name="R")
    answers = at_once(
        lambda: Invitation.objects.get(pk=made.pk).accept(person, now=NOW),
        lambda: User.objects.get(pk=mel.pk).change_role(Role.EDITOR, by=mara, now=NOW),
    )
    assert answers[1] is None
    assert answers[0] is None or isinstance(answers[0], InvitationSpent)
    arrived = User.objects.filter(username="river-7").exists()
    assert arrived is (answers[0] is None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_a2_cards_emergencies_and_handing_over_at_once_block_nobody(sam, ana, dev, mara, mel, turn):
    def hand_over():
        from recovery_site.actions.handover import Takers, hand_over

        takers = Takers(members={row.pk: dev for row in ana.client_rows.all()})
        hand_over(person=ana, takers=takers, by=mara, now=NOW)

    def card():
        asked = Invitation.objects.ask_card(sam, by=mel, now=NOW)
        sam.set_unusable_password()
        approved = Invitation.objects.get(pk=asked.pk)
        approved.approve(by=mara, now=NOW)
        approved.let_in_again(sam, now=NOW)

    emergency = lambda: EmergencyAccess.objects.begin(client=sam, by=dev, reason="On the floor.", now=NOW)  # noqa: E731
    for answer in at_once(hand_over, card, emergency)[:2]:
        assert answer is None


def test_a1_the_label_goes_when_it_is_taken_back_and_at_night_when_it_ran_out(mara):
    back, _token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW, label="Willa, Oak 3")
    back.revoke(by=mara, now=NOW)
    late, _token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW, label="Quinn, Oak 4")

    def labels():
        return set(Invitation.objects.values_list("label", flat=True))

    assert labels() == {"", "Quinn, Oak 4"}
    Invitation.objects.forget_labels(NOW + timedelta(days=6))
    assert labels() == {"", "Quinn, Oak 4"}
    Invitation.objects.forget_labels(late.expires_at)
    assert labels() == {""}


def test_a6_a_clinician_reads_who_came_by_their_invitation_only_while_they_may(client_of, dev, mara, frozen):
    from accounts.models import Stay

    quinn = arrives("quinn", Role.CLIENT, dev)
    Stay.objects.create(client=quinn, admitted_on=NOW.date())
    assert "Used by Quinn" in client_of(dev).get(LIST).content.decode()
    Stay.objects.filter(client=quinn).update(discharged_on=NOW.date())
    now_is(quinn, is_active=False)
    page = client_of(dev).get(LIST).content.decode()
    assert "Quinn" not in page
    assert "Used" in page
    assert "Used by Quinn" in client_of(mara).get(LIST).content.decode()


def test_a2_half_a_form_tells_nobody_whose_names_are_taken(client, sam, mara, frozen):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    for wrong in ({"password": "short"}, {"chosen_name": ""}, {"address": "x"}):
        pages = [
            client.post(path_of(token), answers(name) | wrong).content.decode()
            for name in ("sam", "nobody-1")
        ]
        assert "is taken" not in "".join(pages)
    assert "is taken" in client.post(path_of(token), answers("SAM")).content.decode()


def test_a2_one_invitation_asks_for_no_more_than_twenty_names_an_hour(client, sam, mara, frozen):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    for _turn in range(20):
        assert client.post(path_of(token), answers("sam")).status_code == 422
    response = client.post(path_of(token), answers("sam") | {"pronouns": "ze, zir"})
    assert response.status_code == 429
    page = response.content.decode()
    assert "please wait an hour" in page
    assert "is taken" not in page
    assert "ze, zir" in page
    assert PASSWORD not in page
    frozen.shift(timedelta(hours=1))
    assert Client().post(path_of(token), answers("river-7")).status_code == 303


def test_a1_neither_browser_nor_proxy_keeps_the_page_behind_a_token(client, mara, frozen):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    response = client.get(path_of(token))
    assert "no-store" in response["Cache-Control"]
    assert token not in response.content.decode()
