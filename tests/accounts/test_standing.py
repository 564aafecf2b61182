"""What ends with a standing, ends: no password, name or session of before brings it back (A6, A8, A9)."""

import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.erasure import unfinished
from accounts.forms import ProfileForm
from accounts.models import AuditEvent, User
from accounts.notices import password_reset_link
from accounts.roles import Role
from accounts.sign_in import devices
from notifications.models import Notification
from recovery_site import actions
from recovery_site.actions.erasure import take_away
from recovery_site.actions.handover import close_staff_account, reopen_staff_account
from recovery_site.actions.role import change_role

OLD, NEW = "maple kettle harbor seven", "lantern otter cedar nine"
PROFILE = "accounts:profile"


@pytest.fixture(autouse=True)
def quick(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def meanwhile(monkeypatch):
    """Does something once, while a new password is being hashed."""

    def during(what) -> None:
        waiting = [what]
        encode = MD5PasswordHasher.encode

        def slowly(self, password: str, salt: str) -> str:
            if password == NEW and waiting:
                waiting.pop()()
            return encode(self, password, salt)

        monkeypatch.setattr(MD5PasswordHasher, "encode", slowly)

    return during


def given_password(user: User) -> User:
    User.objects.filter(pk=user.pk).update(password=make_password(OLD))
    return User.objects.get(pk=user.pk)


def signed_in(user: User, password: str = OLD) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.username, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse(PROFILE)).status_code == 200


def change_password(browser: Client, again, user: User):
    answers = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    return again(browser, user).post(reverse("account_change_password"), answers)


def follow(link: str) -> tuple[Client, str]:
    """Opens the link of a mail; where it leads to."""
    browser = Client()
    page = browser.get(link.removeprefix("http://testserver"), follow=True)
    return browser, page.request["PATH_INFO"]


def set_password(browser: Client, address: str):
    return browser.post(address, {"password1": NEW, "password2": NEW})


def link_for(user: User) -> str:
    return password_reset_link(Notification(recipient=user))


def close(person: User, mara: User) -> None:
    close_staff_account(person=User.objects.get(pk=person.pk), by=mara, now=timezone.now())


def demote(person: User, mara: User) -> None:
    change_role(person=User.objects.get(pk=person.pk), role=Role.EDITOR, by=mara, now=timezone.now())


def discharge(client: User, mara: User) -> None:
    now = timezone.now()
    person = User.objects.get(pk=client.pk)
    actions.discharge(client=person, on=timezone.localdate(now), by=mara, now=now)


def erase(client: User, _mara: User) -> None:
    person = User.objects.get(pk=client.pk)
    actions.erase(client=person, by=person, now=timezone.now())


def use_a_card(person: User, _mara: User) -> None:
    User.objects.filter(pk=person.pk).update(password=make_password("the password of a new card"))


ENDINGS = [("dev", close), ("dev", demote), ("sam", discharge), ("sam", erase), ("sam", use_a_card)]


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_a_new_password_undoes_nothing_that_happened_while_it_was_hashed(
    cast, again, meanwhile, name, ending
):
    mara, person = cast["mara"], given_password(cast[name])
    browser = signed_in(person)
    after: list[User] = []

    def end() -> None:
        ending(person, mara)
        after.append(User.objects.get(pk=person.pk))

    meanwhile(end)
    assert change_password(browser, again, person).status_code == 403
    stored = User.objects.get(pk=person.pk)
    assert {**vars(stored), "_state": None} == {**vars(after[0]), "_state": None}
    assert not AuditEvent.objects.filter(act="password").exists()
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_a_new_password_waits_for_whoever_closes_the_account_at_this_moment(dev, mara, again, meanwhile):
    person, closed = given_password(dev), Event()

    def closing() -> None:
        with transaction.atomic():
            close(person, mara)
            closed.set()
            time.sleep(0.3)
        connection.close()

    closer = Thread(target=closing)

    def begin() -> None:
        closer.start()
        assert closed.wait(10)

    meanwhile(begin)
    answer = change_password(signed_in(person), again, person)
    closer.join(10)
    assert answer.status_code == 403
    stored = User.objects.get(pk=dev.pk)
    assert (stored.is_active, stored.check_password(OLD)) == (False, True)


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_a_link_of_before_sets_no_password_either(cast, meanwhile, name, ending):
    person = given_password(cast[name])
    browser, address = follow(link_for(person))
    meanwhile(lambda: ending(person, cast["mara"]))
    assert set_password(browser, address).status_code == 403
    assert not User.objects.get(pk=person.pk).check_password(NEW)


def test_a_link_leads_nowhere_once_the_account_is_closed(dev, mara):
    link = link_for(given_password(dev))
    half_way, address = follow(link)
    close(dev, mara)
    assert "password1" not in half_way.get(address).content.decode()
    set_password(half_way, address)
    browser, address = follow(link)
    set_password(browser, address)
    dev.refresh_from_db()
    assert (dev.is_active, dev.check_password(NEW)) == (False, False)


def test_whoever_comes_back_needs_a_new_card_and_no_mail_is_sent(dev, mara, client):
    given_password(dev)
    close(dev, mara)
    reopen_staff_account(person=User.objects.get(pk=dev.pk), by=mara, now=timezone.now())
    asked = client.post(reverse("account_reset_password"), {"email": dev.email})
    assert asked.url == reverse("account_reset_password_done")
    assert not Notification.objects.filter(kind="accounts.password_reset").exists()
    browser, address = follow(link_for(User.objects.get(pk=dev.pk)))
    set_password(browser, address)
    assert not User.objects.get(pk=dev.pk).has_usable_password()
    assert mail.outbox == []


def readmit(client: User, mara: User) -> None:
    now = timezone.now()
    person = User.objects.get(pk=client.pk)
    actions.readmit(client=person, on=timezone.localdate(now), bed="", by=mara, now=now)


def die(client: User, mara: User) -> None:
    now = timezone.now()
    person = User.objects.get(pk=client.pk)
    actions.record_death(client=person, on=timezone.localdate(now), by=mara, now=now)


def reopen(person: User, mara: User) -> None:
    reopen_staff_account(person=User.objects.get(pk=person.pk), by=mara, now=timezone.now())


def promote(person: User, mara: User) -> None:
    change_role(person=User.objects.get(pk=person.pk), role=Role.CLINICIAN, by=mara, now=timezone.now())


ROUND = [("sam", discharge, readmit), ("sam", die, readmit), ("dev", close, reopen), ("dev", demote, promote)]


@pytest.mark.parametrize(("name", "ending", "undone"), ROUND)
def test_sessions_end_for_good(cast, name, ending, undone):
    mara, person = cast["mara"], given_password(cast[name])
    browser = signed_in(person)
    assert is_in(browser)
    ending(person, mara)
    assert not UserSession.objects.filter(user=person).exists()
    assert not Session.objects.filter(pk=browser.cookies["sessionid"].value).exists()
    undone(person, mara)
    assert not is_in(browser)
    assert devices.signed_in(User.objects.get(pk=person.pk), None) == []


def test_whoever_signs_in_after_leaving_is_out_once_when_they_are_back(cast):
    sam = given_password(cast["sam"])
    discharge(sam, cast["mara"])
    browser = signed_in(sam)
    assert is_in(browser)
    readmit(sam, cast["mara"])
    assert not Session.objects.exists()
    assert not is_in(browser)


def test_a6_ninety_days_end_also_where_the_night_did_nothing(luz, frozen):
    given_password(luz)
    last = timezone.localdate() - timedelta(days=89)
    User.objects.filter(pk=luz.pk).update(away_since=last)
    browser = signed_in(luz)
    assert is_in(browser)
    User.objects.filter(pk=luz.pk).update(away_since=last - timedelta(days=1))
    assert not is_in(browser)
    again = signed_in(luz)
    assert "_auth_user_id" not in again.session
    fresh = Client()
    fresh.force_login(User.objects.get(pk=luz.pk))
    assert not is_in(fresh)
    link = link_for(User.objects.get(pk=luz.pk))
    browser, address = follow(link)
    set_password(browser, address)
    assert not User.objects.get(pk=luz.pk).check_password(NEW)


def test_a8_a_name_that_is_written_during_the_erasing_is_not_kept(sam, mara, client_of, monkeypatch):
    browser = client_of(sam)
    clean = ProfileForm.clean_chosen_name

    def slowly(form: ProfileForm) -> str:
        erase(sam, mara)
        return clean(form)

    monkeypatch.setattr(ProfileForm, "clean_chosen_name", slowly)
    assert browser.post(reverse(PROFILE), {"chosen_name": "Sam Again"}).status_code == 404
    assert User.objects.get(pk=sam.pk).chosen_name == "Someone who was here"


def test_a8_what_was_written_late_goes_in_the_night(sam, mara):
    erase(sam, mara)
    before = User.objects.get(pk=sam.pk)
    late = {
        "chosen_name": "Sam",
        "pronouns": "they",
        "time_zone": "Asia/Tokyo",
        "email": "sam@people.example",
    }
    User.objects.filter(pk=sam.pk).update(**late, password=make_password(NEW))
    for client in unfinished(timezone.now()):
        take_away(client, timezone.now())
    after = User.objects.get(pk=sam.pk)
    assert (after.chosen_name, after.pronouns, after.time_zone, after.email) == (
        "Someone who was here",
        "",
        "",
        "",
    )
    assert not after.has_usable_password()
    assert (after.closed_at, after.joined_at) == (before.closed_at, before.joined_at)
