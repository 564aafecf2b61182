"""Row 23 of security.md: a server that refuses, hangs or hangs up. It costs no message a try, and nobody
waits longer than the server is away."""

import smtplib
import socket
import time
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from notifications import channels, delivery, lines, marks
from notifications.channels import mail
from notifications.delivery import OUTAGE_WAIT, deliver
from notifications.models import Heartbeat, Notification
from tests.notifications.conftest import PLAIN, URGENT, smtp_on
from tests.product import free_port

State = Notification.State


class Line:
    """A way out that does as it is told; it keeps what went over it."""

    opened, sent = 0, []
    trouble, at_open = {}, None

    def open(self):
        Line.opened += 1
        if Line.at_open:
            raise Line.at_open

    def send(self, notification):
        if error := Line.trouble.get(notification.recipient.username):
            raise error
        Line.sent.append(notification.recipient.username)

    def close(self):
        """Nothing stays open."""

    is_permanent, is_outage = mail.Mail.is_permanent, mail.Mail.is_outage
    is_no_try = mail.Mail.is_no_try
    refuses_person, give_up = mail.Mail.refuses_person, mail.Mail.give_up


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setitem(channels._makers, channels.MAIL, Line)
    Line.opened, Line.sent, Line.trouble, Line.at_open = 0, [], {}, None
    return Line


@pytest.fixture
def in_order(awake, post):
    """Messages to so many people, due one after the other."""

    def lay(number):
        start = timezone.now() - timedelta(minutes=10)
        people = awake(number)
        return [post(one, not_before=start + timedelta(seconds=n)) for n, one in enumerate(people)]

    return lay


def again():
    Notification.objects.filter(state=State.DUE).update(not_before=timezone.now())


def test_row_23_one_connection_a_batch(in_order, line):
    in_order(60)
    assert (deliver(), line.opened, len(line.sent)) == (60, 1, 60)


def test_row_23_a_server_that_is_away_is_knocked_at_once_and_costs_no_try(in_order, line):
    in_order(60)
    line.at_open = ConnectionRefusedError()
    before = timezone.now()
    deliver()
    assert line.opened == 1
    rows = Notification.objects.all()
    assert {(row.state, row.attempts, row.claim, row.claimed_until) for row in rows} == {
        ("due", 0, None, None)
    }
    assert all(before < row.not_before <= timezone.now() + 2 * OUTAGE_WAIT for row in rows)
    assert all(row.shown_at for row in rows)


def test_row_23_after_any_outage_it_catches_up_by_itself(in_order, line):
    in_order(3)
    line.at_open = TimeoutError()
    for _hour in range(20):
        deliver()
        again()
    assert Heartbeat.lost_since(timezone.now()) is not None
    line.at_open = None
    assert (deliver(), len(line.sent), Heartbeat.lost_since(timezone.now())) == (3, 3, None)


def test_row_23_a_hang_in_the_middle_stops_the_batch(in_order, line):
    rows = in_order(5)
    line.trouble = {"guest-2": TimeoutError()}
    deliver()
    assert (line.sent, line.opened) == (["guest-0", "guest-1"], 1)
    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.attempts) for row in rows[2:]] == [("due", 1), ("due", 0), ("due", 0)]


def test_row_23_a_message_that_makes_the_server_hang_up_does_not_stand_before_the_others(in_order, line):
    in_order(4)
    line.trouble = {"guest-0": smtplib.SMTPServerDisconnected("gone")}
    deliver()
    assert line.sent == []
    Notification.objects.exclude(recipient__username="guest-0").update(not_before=timezone.now())
    deliver()
    assert sorted(line.sent) == ["guest-1", "guest-2", "guest-3"]


def test_row_23_a_server_that_takes_so_many_over_one_connection_gets_the_rest_over_another(in_order, line):
    in_order(4)
    line.trouble = {"guest-1": smtplib.SMTPServerDisconnected("enough")}
    deliver()
    assert (line.sent, line.opened) == (["guest-0", "guest-2", "guest-3"], 2)


def test_row_23_ten_refusals_in_a_row_are_the_servers(in_order, line):
    rows = in_order(14)
    busy = {f"guest-{n}": smtplib.SMTPRecipientsRefused({"a": (451, b"later")}) for n in range(14)}
    line.trouble = busy
    deliver()
    for row in rows:
        row.refresh_from_db()
    assert [row.attempts for row in rows] == [1] * lines.REFUSALS + [0] * 4


def test_row_23_a_poisoned_message_ends_and_the_others_go(in_order, line):
    rows = in_order(4)
    line.trouble = {"guest-1": ValueError("a header")}
    for _try in range(6):
        deliver()
        again()
    assert line.sent == ["guest-0", "guest-2", "guest-3"]
    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].attempts, rows[1].error) == (State.DEAD, 5, "ValueError")


def test_row_23_a_kind_that_cannot_say_whether_it_is_wanted_harms_no_other(
    sam, post, line, frozen, monkeypatch
):
    from notifications import kinds

    def fail(notification, now):
        raise LookupError

    broken = kinds.Kind(name=PLAIN, notice="", page=lambda row: "/", wanted=fail)
    monkeypatch.setitem(kinds._kinds, PLAIN, broken)
    bad, good = [post(sam), post(sam)], post(sam, URGENT)
    deliver()
    states = {row.pk: (row.state, row.attempts) for row in Notification.objects.all()}
    assert states == {good.pk: ("sent", 0)} | {row.pk: ("due", 1) for row in bad}


@pytest.mark.django_db(transaction=True)
def test_row_23_a_server_that_accepts_and_never_speaks_holds_up_one_time_limit(in_order, settings):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        settings.MAILERS = smtp_on(port)
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.5
        in_order(30)
        began = time.monotonic()
        deliver()
        assert time.monotonic() - began < 3
    assert set(Notification.objects.values_list("state", "attempts")) == {("due", 0)}


@pytest.mark.django_db(transaction=True)
def test_row_25_a_database_that_restarts_after_a_mail_does_not_make_it_go_twice(in_order, line, monkeypatch):
    in_order(2)
    mark, failures = marks.sent, [OperationalError(), InterfaceError()]

    def fail_twice(*given):
        if failures:
            raise failures.pop()
        return mark(*given)

    monkeypatch.setattr(marks, "sent", fail_twice)
    monkeypatch.setattr(delivery, "WRITE_AGAIN_AFTER", (0, 0))
    assert (deliver(), deliver()) == (2, 0)
    assert (line.sent, failures) == (["guest-0", "guest-1"], [])
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_row_25_a_database_that_goes_away_gives_back_what_was_not_begun(in_order, line, monkeypatch):
    in_order(30)
    monkeypatch.setattr(delivery, "CHUNK", 25)

    def fail(rows, lines, now):
        raise OperationalError

    monkeypatch.setattr(delivery, "deliver_chunk", fail)
    with pytest.raises(OperationalError):
        deliver()
    assert Notification.objects.filter(state=State.DUE).count() == 30 - delivery.CHUNK


def test_rows_that_were_erased_do_not_hold_up_the_others_of_their_batch(in_order, line, monkeypatch):
    rows, sent = in_order(6), Line.send
    monkeypatch.setattr(delivery, "CHUNK", 2)

    def send(self, notification):
        Notification.objects.filter(pk__in=[rows[2].pk, rows[3].pk]).delete()
        sent(self, notification)

    monkeypatch.setattr(Line, "send", send)
    assert deliver() == 4
    assert line.sent == ["guest-0", "guest-1", "guest-4", "guest-5"]


def test_k4_answered_while_the_batch_goes_out_is_dropped(in_order, line, monkeypatch):
    """Past the second for which an answer holds, the rest is asked again."""
    from notifications import kinds

    rows, monkeypatched = in_order(3), set()
    wanted = kinds.Kind(
        name=PLAIN, notice="", page=lambda row: "/", wanted=lambda row, now: row.pk not in monkeypatched
    )
    monkeypatch.setitem(kinds._kinds, PLAIN, wanted)
    monkeypatch.setattr(delivery, "FRESH_FOR", -1.0)
    sent = Line.send

    def send(self, notification):
        monkeypatched.add(rows[1].pk)
        sent(self, notification)

    monkeypatch.setattr(Line, "send", send)
    assert deliver() == 3
    assert line.sent == ["guest-0", "guest-2"]


def test_a_batch_is_read_and_settled_in_few_queries(awake, post, django_assert_max_num_queries):
    """25 messages that are only read: heartbeat, claim, keys, people, outcome, whatever their number."""
    from notifications.models import Preference

    for person in awake(25):
        post(person)
    Preference.objects.update(channel="notices")
    with django_assert_max_num_queries(20):
        assert deliver() == 25
