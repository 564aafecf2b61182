"""Mail to somebody who has no account yet: one mail, the same bytes as all, no trace of the address after."""

import smtplib
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications import deciding, kinds
from notifications.channels import mail as channel
from notifications.channels.mail import message
from notifications.delivery import deliver
from notifications.models import Notification
from tests.notifications.conftest import EVENING, NIGHT, PLAIN, TODAY

State = Notification.State
ADDRESS = "willa@elsewhere.example"
ABOUT = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def evening(frozen):
    frozen.move_to(EVENING)
    return frozen


def to_address(address=ADDRESS, **fields):
    given = {"kind": PLAIN, "about": ABOUT, "due_on": TODAY, "not_before": timezone.now()} | fields
    Notification.objects.post(address=address, **given)
    return Notification.objects.get(about=given["about"], recipient=None)


def test_k5_a_bare_address_gets_the_same_bytes_and_is_forgotten(db, sam, post, evening, mailoutbox):
    row, other = to_address(), post(sam)
    raw = message(row).message().as_bytes().decode().replace(str(row.pk), "-").replace(ADDRESS, "-")
    same = message(other).message().as_bytes().decode().replace(str(other.pk), "-").replace(sam.email, "-")
    assert raw == same
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, row.shown_at) == (State.SENT, "", None)
    assert sorted(mail.to[0] for mail in mailoutbox) == [sam.email, ADDRESS]


def test_the_same_message_to_an_address_twice_is_one(db, evening):
    to_address()
    to_address("another@elsewhere.example")
    assert Notification.objects.get().address == ADDRESS


@pytest.mark.parametrize(
    ("to", "state"),
    [
        ({"address": ""}, "due"),
        ({"address": ADDRESS}, "sent"),
        ({"address": ADDRESS}, "dead"),
        ({"address": ADDRESS, "recipient": True}, "due"),
        ({"address": ADDRESS, "recipient": True}, "noted"),
    ],
)
def test_the_database_refuses_both_neither_and_an_address_that_stays(sam, to, state):
    person = {"recipient": sam} if to.pop("recipient", False) else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(
            kind=PLAIN, about=ABOUT, due_on=TODAY, not_before=timezone.now(), state=state, **to, **person
        )


def test_k4_at_night_it_waits_by_the_programs_clock(db, evening, mailoutbox):
    evening.move_to(NIGHT)
    row = to_address()
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, mailoutbox) == (State.DUE, ADDRESS, [])
    assert row.not_before == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    evening.move_to(row.not_before)
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, len(mailoutbox)) == (State.SENT, "", 1)


def test_what_lost_its_point_is_dropped_with_its_address(db, evening, mailoutbox, monkeypatch):
    unwanted = kinds.Kind(name=PLAIN, notice="", page=lambda row: "/", wanted=lambda row, now: False)
    monkeypatch.setitem(kinds._kinds, PLAIN, unwanted)
    row = to_address()
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, mailoutbox) == (State.DROPPED, "", [])


def test_what_is_too_late_is_dropped_with_its_address(db, evening, mailoutbox):
    row = to_address(not_after=EVENING - timedelta(seconds=1))
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, mailoutbox) == (State.DROPPED, "", [])


def test_a_refused_address_is_forgotten_too_and_a_busy_one_is_kept_for_the_next_try(db, evening, monkeypatch):
    code = 450

    def refuse(notification):
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (code, b"no")})

    monkeypatch.setattr(channel, "message", refuse)
    row = to_address()
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, row.shown_at) == (State.DUE, ADDRESS, None)
    code = 550
    evening.shift(timedelta(minutes=2))
    deliver()
    row.refresh_from_db()
    assert (row.state, row.address, row.error) == (State.DEAD, "", "SMTPRecipientsRefused")


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_mail_each_address_once(sink, monkeypatch):
    monkeypatch.setattr(deciding, "quiet_end", lambda person, now: None)
    addresses = [f"guest-{number}@elsewhere.example" for number in range(20)]
    for address in addresses:
        to_address(address, about=uuid.uuid4())

    def send():
        try:
            deliver()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sink.received) == sorted(addresses)
    assert set(Notification.objects.values_list("state", "address")) == {("sent", "")}
