"""A server that does not trust us says nothing about the people we write to (row 23)."""

import smtplib

import pytest
from django.utils import timezone

from notifications.channels.mail import Mail
from notifications.channels.replies import Reply
from notifications.delivery import deliver
from notifications.models import Heartbeat, Notification, Preference
from notifications.stopped import MAIL_STOPPED

pytestmark = pytest.mark.django_db(transaction=True)
State = Notification.State


def off():
    return Preference.objects.filter(channel="notices").count()


def again():
    Notification.objects.filter(state=State.DUE).update(not_before=timezone.now())


@pytest.mark.parametrize(
    "reply",
    ["554 5.7.1 Client host blocked", "550 5.7.1 Relaying denied", "550 relay not permitted", "554 blocked"],
)
def test_row_23_a_list_on_which_we_stand_is_an_outage(awake, post, sink, reply):
    people = awake(12)
    for person in people:
        post(person)
    sink.replies = {person.email: reply for person in people}
    for _try in range(6):
        deliver()
        again()
    assert (off(), Notification.objects.filter(kind=MAIL_STOPPED).exists()) == (0, False)
    assert set(Notification.objects.values_list("state", "attempts")) == {("due", 0)}
    assert Heartbeat.lost_since(timezone.now())
    sink.replies = {}
    deliver()
    assert len(sink.received) == 12


@pytest.mark.parametrize("reply", ["552 5.2.2 mailbox full", "552 full", "550 5.2.1 disabled", "500 what"])
def test_a_mailbox_that_takes_nothing_now_turns_nothing_off(awake, post, sink, reply):
    (person,) = awake(1)
    post(person)
    sink.replies = {person.email: reply}
    deliver()
    assert off() == 0


@pytest.mark.parametrize("reply", ["550 5.1.1 unknown", "550 no such user", "553 5.1.3 bad", "551 moved"])
def test_an_address_that_is_wrong_turns_mail_off(awake, post, sink, reply):
    good, wrong = awake(2)
    post(good)
    post(wrong)
    sink.replies = {wrong.email: reply}
    deliver()
    assert (Preference.objects.get(person=wrong).channel, off(), sink.received) == (
        "notices",
        1,
        [good.email],
    )


def test_row_23_a_server_that_refuses_one_after_the_other_gives_up_on_nobody(awake, post, sink):
    people = awake(30)
    for person in people:
        post(person)
    sink.replies = {person.email: "550 no" for person in people}
    for _run in range(3):
        deliver()
        again()
    assert off() == 0
    assert Notification.objects.filter(state=State.DEAD).count() <= 2
    assert Heartbeat.lost_since(timezone.now())


def test_what_a_text_was_refused_for_is_told_apart():
    mail = Mail()
    spam, long = smtplib.SMTPDataError(554, b"5.7.1 spam"), smtplib.SMTPDataError(554, b"5.6.0 lines")
    assert [mail.is_outage(error) for error in (spam, long)] == [True, False]
    assert [mail.is_permanent(error) for error in (spam, long)] == [False, True]
    assert not Reply(550, b"5.1.8 bad sender").is_about_the_address
