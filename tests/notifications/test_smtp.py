"""A real mail server that refuses: now, for good, or by not being there."""

from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.utils import timezone

from notifications.channels import mail, smtp
from notifications.delivery import RETRY_AFTER_MINUTES, deliver, failure
from notifications.models import Notification
from tests.notifications.conftest import smtp_on
from tests.product import free_port

State = Notification.State
pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_reaches_the_server(awake, post, sink):
    person = awake(1)[0]
    post(person)
    deliver()
    assert sink.received == [person.email]


@pytest.mark.parametrize("reply", ["451 try again later", "421 too busy", "452 mailbox full"])
def test_a_temporary_refusal_is_tried_again_later(awake, post, sink, reply):
    person = awake(1)[0]
    row = post(person)
    sink.replies[person.email] = reply
    before = timezone.now()
    deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DUE, 1)
    assert before + timedelta(minutes=1) <= row.not_before <= timezone.now() + timedelta(minutes=1)
    assert row.shown_at
    sink.replies.clear()
    Notification.objects.update(not_before=before)
    deliver()
    row.refresh_from_db()
    assert (row.state, sink.received) == (State.SENT, [person.email])


@pytest.mark.parametrize("reply", ["550 no such person", "553 not here", "500 what"])
def test_a_permanent_refusal_is_the_end_and_the_notice_stands(awake, post, sink, reply):
    person = awake(1)[0]
    row = post(person)
    sink.replies[person.email] = reply
    deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (State.DEAD, 1, "SMTPRecipientsRefused")
    assert row in Notification.objects.visible_to(person)


def test_one_refused_person_does_not_keep_mail_from_the_others(awake, post, sink):
    people = awake(6)
    for person in people:
        post(person)
    sink.replies = {people[1].email: "550 no", people[3].email: "451 later"}
    deliver()
    assert sorted(sink.received) == sorted(p.email for n, p in enumerate(people) if n not in (1, 3))


def test_a_server_that_is_not_there_is_tried_again_later(awake, post, settings):
    settings.MAILERS = smtp_on(free_port())
    row = post(awake(1)[0])
    deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (State.DUE, 0, "ConnectionRefusedError")
    assert (row.not_before > timezone.now(), bool(row.shown_at)) == (True, True)


def test_a_worker_that_died_over_its_batch_loses_nothing(awake, post, sink):
    people = awake(3)
    for person in people:
        post(person)
    Notification.objects.claim(timezone.now(), 50)
    assert deliver() == 0
    Notification.objects.update(claimed_until=timezone.now())
    assert deliver() == 3
    assert sorted(sink.received) == sorted(person.email for person in people)


def test_the_waits_grow_and_end(sam, post):
    now, row, waits = timezone.now(), post(sam), []
    for _try in RETRY_AFTER_MINUTES:
        outcome = failure(row, TimeoutError(), now)
        waits.append((outcome["not_before"] - now) / timedelta(minutes=1))
        row.attempts = outcome["attempts"]
    assert tuple(waits) == RETRY_AFTER_MINUTES == (1, 5, 30, 120)
    assert failure(row, TimeoutError(), now)["state"] == State.DEAD


def test_a_server_that_says_no_goodbye_fails_no_mail(awake, post, sink, monkeypatch, caplog):
    close, person = smtp.EmailBackend.close, awake(1)[0]

    def hangs(mailer):
        close(mailer)
        raise OSError(f"no goodbye from {person.email}")

    monkeypatch.setattr(smtp.EmailBackend, "close", hangs)
    row = post(person)
    deliver()
    row.refresh_from_db()
    assert (row.state, sink.received) == (State.SENT, [person.email])
    ours = [log.getMessage() for log in caplog.records if log.name.startswith("notifications")]
    assert ours == ["mail: OSError at the end"]


def test_mail_that_no_sender_times_is_sent_all_the_same(sink, settings):
    """What Django itself mails, such as a report to the operator, opens no talk of a sender."""
    send_mail("Subject", "Words", None, ["operator@x.example"])
    assert sink.received == ["operator@x.example"]


def test_row_23_in_a_talk_whose_time_is_over_nothing_more_is_said(settings):
    settings.MAILERS = smtp_on(free_port())
    line = mail.Mail()
    line.begin(-1)
    with pytest.raises(TimeoutError) as raised:
        smtp.Hurried(mailer=line.mailer).hurry()
    assert line.is_outage(raised.value)
