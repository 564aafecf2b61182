"""The mark of a mail that went out, which asks about the person of the next one as well (A6, T7)."""

import email.policy
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import delivery, marks
from notifications.channels import mail as channel
from notifications.channels.mail import message
from notifications.delivery import deliver
from notifications.models import Heartbeat, Notification, Preference
from tests.notifications.conftest import EVENING

State = Notification.State
NOW = EVENING


@pytest.fixture
def pair(awake, post):
    """The first and the second of one batch, in hand."""

    def laid():
        first, second = (post(person) for person in awake(2))
        claim = Notification.objects.claim(timezone.now(), 10)
        rows = {row.pk: row for row in Notification.objects.in_hand(claim).select_related("recipient__reach")}
        return rows[first.pk], rows[second.pk]

    return laid


def mark(first, second):
    now = timezone.now()
    return marks.sent(first, now, now, second)


def test_a_mark_writes_what_a_sent_message_is(pair):
    first, second = pair()
    assert mark(first, second) is True
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.claim, first.claimed_until, first.address) == ("sent", None, None, "")
    assert first.sent_at == first.shown_at is not None
    assert (second.state, second.sent_at) == ("claimed", None)


@pytest.mark.parametrize("state", [State.DUE, State.CLAIMED])
def test_row_21_what_is_out_is_marked_though_its_lease_ran_out(pair, state):
    """Else the next sender would send the same mail, and the one after that as well."""
    first, second = pair()
    now = timezone.now()
    Notification.objects.filter(pk=first.pk).update(state=State.DUE, claim=None, claimed_until=None)
    if state == State.CLAIMED:
        other = Notification.objects.claim(now, 10)
        assert Notification.objects.get(pk=first.pk).claim == other
    mark(first, second)
    first.refresh_from_db()
    assert (first.state, first.claim, first.claimed_until) == (State.SENT, None, None)


def test_no_mark_is_written_over_what_is_settled(pair):
    first, second = pair()
    Notification.objects.filter(pk=first.pk).update(state=State.DROPPED, claim=None, claimed_until=None)
    assert mark(first, second) is False
    assert Notification.objects.get(pk=first.pk).state == State.DROPPED


def left(row):
    row.recipient.away_since = timezone.now().date()
    row.recipient.save()


def closed(row):
    row.recipient.is_active = False
    row.recipient.save()


def moved(row):
    row.recipient.email = "elsewhere@people.example"
    row.recipient.save()


def chose(row):
    Preference.objects.filter(person=row.recipient).update(channel="notices")


def forgot(row):
    Preference.objects.filter(person=row.recipient).update(channel="push")


def taken(row):
    Notification.objects.filter(pk=row.pk).update(state=State.DUE, claim=None, claimed_until=None)


def erased(row):
    Notification.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize("change", [left, closed, moved, chose, forgot, taken, erased])
def test_a6_the_mark_of_one_tells_what_changed_about_the_next(pair, change):
    first, second = pair()
    change(Notification.objects.select_related("recipient").get(pk=second.pk))
    assert mark(first, second) is False
    assert Notification.objects.get(pk=first.pk).state == State.SENT


def test_a6_whoever_was_read_as_away_is_asked_about_alone(pair):
    """The mark cannot tell it; a person who came back a moment ago is not missed either."""
    first, second = pair()
    left(second)
    assert mark(first, second) is False


def test_nobody_follows_the_last_one(pair):
    first, second = pair()
    assert (mark(first, None), mark(second, None)) == (False, False)
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}


def test_a_change_between_two_mails_of_a_chunk_reaches_the_second(awake, post, mailoutbox, monkeypatch):
    """Moved after both were read: the mail goes to the new address alone."""
    people, build = awake(2), channel.message
    rows = [post(one, not_before=timezone.now() - timedelta(minutes=9 - n)) for n, one in enumerate(people)]

    def move_the_other(notification):
        if notification.pk == rows[0].pk:
            type(people[1]).objects.filter(pk=people[1].pk).update(email="new@people.example")
        return build(notification)

    monkeypatch.setattr(channel, "message", move_the_other)
    assert deliver() == 2
    assert [sent.to for sent in mailoutbox] == [[people[0].email], ["new@people.example"]]


def test_t7_a_message_more_costs_one_statement(awake, post, mailoutbox):
    """On PostgreSQL it is a prepared one, which the count of Django's own cursors does not hold."""

    def statements(number):
        Notification.objects.all().delete()
        for person in people[:number]:
            post(person)
        with CaptureQueriesContext(connection) as queries:
            assert deliver() == number
        return len(queries)

    people = awake(40)
    statements(1)
    each = 0 if connection.vendor == "postgresql" else 1
    assert statements(40) - statements(1) == 39 * each
    assert delivery.CHUNK >= 40


@pytest.mark.parametrize("policy", [email.policy.default, email.policy.SMTP])
@pytest.mark.parametrize(
    "address", ["a@people.example", "jürgen@bücher.example", '"odd, one"@people.example']
)
@pytest.mark.parametrize("sentence", ["", "Es gibt eine Änderung.", "Щ" * 90])
def test_k5_a_letter_has_the_bytes_that_django_gives_it(
    sam, post, frozen, policy, address, sentence, monkeypatch
):
    sam.email = address
    row = post(sam)
    row.recipient = sam
    monkeypatch.setattr(channel, "detail", lambda notification: sentence)
    letter = message(row)
    plain = EmailMessage(letter.subject, letter.body, to=letter.to, headers=letter.extra_headers)

    def raw(one):
        try:
            return one.message(policy=policy).as_bytes()
        except Exception as error:  # the same address is refused alike
            return type(error)

    assert raw(letter) == raw(plain) == raw(message(row))


def test_k5_a_letter_takes_no_second_header_from_an_address(sam, post):
    row = post(sam)
    row.recipient.email = "a@people.example\nBcc: b@people.example"
    with pytest.raises(ValueError, match=r"newline|CR|LF|linefeed"):
        message(row).message()


def test_row_23_a_server_that_opens_and_refuses_everything_is_not_back(awake, post, sink):
    """Else health would stay green for ever: the moment since when it is away would move on."""
    sink.replies = {person.email: "450 busy" for person in awake(12)}
    for person in type(Preference.objects.first().person).objects.filter(reach__isnull=False):
        post(person)
    deliver()
    since = Heartbeat.lost_since(timezone.now())
    assert since is not None
    Notification.objects.filter(state=State.DUE).update(not_before=timezone.now())
    deliver()
    assert Heartbeat.lost_since(timezone.now()) == since
    sink.replies = {}
    Notification.objects.filter(state=State.DUE).update(not_before=timezone.now())
    deliver()
    assert Heartbeat.lost_since(timezone.now()) is None
