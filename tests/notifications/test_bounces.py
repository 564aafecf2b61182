"""An address from which mails come back: the way is turned off, and the person is told in the product."""

import pytest
from django.utils import timezone

from accounts.models import User
from notifications.delivery import deliver
from notifications.models import Notification, Preference
from notifications.stopped import MAIL_STOPPED
from tests.notifications.conftest import PLAIN

pytestmark = pytest.mark.django_db(transaction=True)
GONE = "550 no such person"


@pytest.fixture
def guest(awake, sink):
    guest = awake(1)[0]
    sink.replies[guest.email] = GONE
    return guest


def told(person):
    return Notification.objects.visible_to(person).filter(kind=MAIL_STOPPED)


def test_a_bounce_turns_mail_off_and_says_so_kindly(guest, post, sink):
    rows = [post(guest) for _number in range(3)]
    before = timezone.now()
    deliver()
    reach = Preference.objects.get(person=guest)
    assert reach.channel == Preference.Channel.NOTICES
    assert before < reach.bounced_at < timezone.now()
    assert told(guest).get().notice == (
        "Mails to your address come back. We tell you here instead. You can change that."
    )
    states = sorted(Notification.objects.filter(kind=PLAIN).values_list("state", flat=True))
    assert states == ["dead", "noted", "noted"]
    assert set(Notification.objects.visible_to(guest).values_list("pk", flat=True)) >= {r.pk for r in rows}


@pytest.mark.parametrize("reply", ["450 busy", "452 mailbox full"])
def test_a_refusal_for_now_turns_nothing_off(guest, post, sink, reply):
    sink.replies[guest.email] = reply
    post(guest)
    deliver()
    assert Preference.objects.get(person=guest).channel == "mail"
    assert not told(guest).exists()


def test_security_mail_is_tried_again_after_a_bounce_and_tells_nothing_twice(guest, post, sink):
    post(guest, "accounts.password_reset")
    deliver()
    post(guest, "accounts.password_reset")
    deliver()
    assert told(guest).count() == 1
    sink.replies.clear()
    post(guest, "accounts.password_reset")
    deliver()
    assert sink.received == [guest.email]


def test_a_bounce_of_an_old_address_says_nothing_about_the_new_one(guest, post, sink, monkeypatch):
    from notifications.channels.mail import Mail

    give_up = Mail.give_up

    def meanwhile(self, person, now):
        User.objects.filter(pk=person.pk).update(email="new@x.example")
        give_up(self, person, now)

    monkeypatch.setattr(Mail, "give_up", meanwhile)
    post(guest)
    deliver()
    assert Preference.objects.get(person=guest).channel == "mail"
    assert not told(guest).exists()


def test_a_bare_address_that_bounces_is_dead_and_touches_nobody(sink, post):
    from tests.notifications.test_bare_address import ADDRESS, to_address

    sink.replies[ADDRESS] = GONE
    row = to_address()
    Notification.objects.filter(pk=row.pk).update(kind="tests.urgent")
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, row.error) == ("dead", "", "SMTPRecipientsRefused")
    assert not Preference.objects.exists()
