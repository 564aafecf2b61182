"""A forgotten password: an urgent message through the outbox, and nobody is told who has an account."""

import re

import pytest

from accounts.notices import PASSWORD_RESET
from notifications import kinds
from notifications.delivery import deliver
from notifications.models import Notification, Preference
from tests.notifications.conftest import NIGHT

RESET = "/accounts/password/reset/"
NEW = "four-unrelated-words-here"


@pytest.fixture
def night(frozen):
    frozen.move_to(NIGHT)
    return frozen


def ask(client, email):
    return client.post(RESET, {"email": email}, follow=True)


def link_in(mailoutbox):
    return re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1]


def test_the_message_is_urgent_and_its_link_sets_a_new_password(sam, client, night, mailoutbox):
    sam.set_password("the-one-that-was-forgotten")
    sam.save()
    ask(client, sam.email)
    row = Notification.objects.get()
    assert (row.recipient, row.kind) == (sam, PASSWORD_RESET)
    assert kinds.get(row.kind).urgent
    assert mailoutbox == []
    deliver()
    page = client.get(link_in(mailoutbox), follow=True)
    assert page.status_code == 200
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    sam.refresh_from_db()
    assert sam.check_password(NEW)


def test_the_link_works_once(sam, client, night, mailoutbox):
    ask(client, sam.email)
    deliver()
    path = link_in(mailoutbox)
    sam.set_password(NEW)
    sam.save()
    page = client.get(path, follow=True)
    assert 'name="password1"' not in page.content.decode()


def test_the_message_is_the_same_as_any_other(sam, client, night, mailoutbox):
    ask(client, sam.email)
    deliver()
    assert mailoutbox[0].subject == "You have a message"
    assert mailoutbox[0].body.replace(link_in(mailoutbox), "") == (
        "There is a message for you.\n\nRead it here:\nhttp://testserver\n"
    )


def test_an_unknown_address_gets_nothing_and_the_same_page(sam, client, night):
    known, unknown = ask(client, sam.email), ask(client, "nobody@people.example")
    assert Notification.objects.count() == 1
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content


def test_no_token_is_stored(sam, client, night, mailoutbox):
    ask(client, sam.email)
    deliver()
    key = link_in(mailoutbox).rstrip("/").rsplit("-", 1)[1]
    assert key not in str(list(Notification.objects.values()))


def test_whoever_switched_mail_off_still_gets_this_one(sam, client, night, mailoutbox):
    Preference.objects.create(person=sam, channel="notices")
    ask(client, sam.email)
    deliver()
    assert len(mailoutbox) == 1
