"""What becomes of a message at the moment of sending: decided anew, content-free, recorded (K4, K5)."""

import re
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core import mail
from django.utils import timezone

from notifications import delivery, kinds
from notifications.channels import mail as channel
from notifications.channels.mail import Mail, message
from notifications.delivery import deliver
from notifications.models import Notification, Preference
from tests.notifications.conftest import EVENING, NIGHT, OTHER, PLAIN, QUIET, URGENT

State = Notification.State


def state_of(row):
    return Notification.objects.get(pk=row.pk).state


@pytest.fixture
def evening(frozen):
    frozen.move_to(EVENING)
    return frozen


def test_a_message_is_mailed_once_and_shown(sam, post, evening, mailoutbox):
    row = post(sam)
    assert (deliver(), deliver()) == (1, 0)
    assert [sent.to for sent in mailoutbox] == [[sam.email]]
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.shown_at) == (State.SENT, timezone.now(), timezone.now())
    assert (row.claim, row.claimed_until) == (None, None)


def test_nothing_leaves_before_its_time(sam, post, evening, mailoutbox):
    row = post(sam, not_before=EVENING + timedelta(seconds=1))
    assert deliver() == 0
    assert (state_of(row), mailoutbox) == (State.DUE, [])


def test_k4_it_is_asked_again_at_the_moment_of_sending(sam, post, evening, mailoutbox, monkeypatch):
    wanted = True
    kind = kinds.Kind(name=PLAIN, notice="", page=lambda row: "/", wanted=lambda row, now: wanted)
    monkeypatch.setitem(kinds._kinds, PLAIN, kind)
    row = post(sam)
    wanted = False
    deliver()
    assert (state_of(row), mailoutbox) == (State.DROPPED, [])


def test_k4_what_is_too_late_is_dropped(sam, post, evening, mailoutbox):
    late = post(sam, not_after=EVENING - timedelta(seconds=1))
    in_time = post(sam, not_after=EVENING)
    deliver()
    assert (state_of(late), state_of(in_time), len(mailoutbox)) == (State.DROPPED, State.SENT, 1)


def test_nobody_writes_to_a_closed_account(sam, post, evening, mailoutbox):
    row = post(sam, kind=URGENT)
    sam.is_active = False
    sam.save()
    deliver()
    assert (state_of(row), mailoutbox) == (State.DROPPED, [])


def test_k4_in_quiet_hours_a_message_waits_for_the_morning(sam, post, evening, mailoutbox):
    evening.move_to(NIGHT)
    row = post(sam)
    deliver()
    row.refresh_from_db()
    morning = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert (row.state, row.not_before, mailoutbox) == (State.DUE, morning, [])
    evening.move_to(morning)
    deliver()
    assert (state_of(row), len(mailoutbox)) == (State.SENT, 1)


def test_k4_night_news_can_be_read_at_night_and_stands_when_its_mail_is_too_late(
    sam, post, evening, mailoutbox
):
    """A session at 7:30, called off at night: its mail would come at 8, and its notice must not be lost."""
    evening.move_to(NIGHT)
    row = post(sam, not_after=datetime(2026, 11, 25, 12, 30, tzinfo=UTC))
    deliver()
    assert list(Notification.objects.visible_to(sam)) == [row]
    evening.move_to(datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    deliver()
    row.refresh_from_db()
    assert (row.state, row.shown_at, mailoutbox) == (State.NOTED, NIGHT, [])


def test_whoever_leaves_while_a_batch_goes_out_gets_nothing(
    sam, noor, post, evening, mailoutbox, monkeypatch
):
    post(sam, not_before=EVENING - timedelta(hours=1))
    last = post(noor)
    sent_message = channel.message

    def close_the_other(notification):
        type(noor).objects.filter(pk=noor.pk).update(is_active=False)
        return sent_message(notification)

    monkeypatch.setattr(channel, "message", close_the_other)
    deliver()
    assert ([mail.to for mail in mailoutbox], state_of(last)) == ([[sam.email]], State.DROPPED)


def test_a_run_that_is_cut_short_mails_nothing_twice(sam, post, evening, mailoutbox, monkeypatch):
    row = post(sam)
    mailed = Notification.objects.filter(pk=row.pk)

    def cut(notification):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(channel, "message", cut)
    with pytest.raises(SoftTimeLimitExceeded):
        deliver()
    assert mailed.get().state == State.CLAIMED
    assert deliver() == 0


def test_nothing_is_begun_in_the_last_part_of_a_lease(sam, post, evening, mailoutbox):
    post(sam)
    claim = Notification.objects.claim(timezone.now(), 10)
    evening.shift(timedelta(seconds=settings.CLAIM_LEASE_SECONDS) - delivery.MARGIN)
    assert (delivery.deliver_claimed(claim), mailoutbox) == (0, [])


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPSenderRefused(550, b"who are you", "us@house.example"), False),
        (smtplib.SMTPDataError(554, b"never"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"nobody")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"busy")}), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_refused_person_or_text_is_given_up_at_once(error, permanent):
    assert Mail().is_permanent(error) is permanent


def test_k4_what_is_urgent_does_not_wait(sam, post, evening, mailoutbox):
    evening.move_to(NIGHT)
    row = post(sam, kind=URGENT)
    deliver()
    assert (state_of(row), len(mailoutbox)) == (State.SENT, 1)


def no_address(sam):
    sam.email = ""
    sam.save()


def mail_off(sam):
    Preference.objects.create(person=sam, channel="notices")


@pytest.mark.parametrize("without_mail", [no_address, mail_off])
def test_k5_who_gets_no_mail_has_the_notice(sam, post, evening, mailoutbox, without_mail):
    row = post(sam)
    without_mail(sam)
    deliver()
    row.refresh_from_db()
    assert (row.state, row.shown_at, row.sent_at, mailoutbox) == (State.NOTED, EVENING, None, [])


def test_a_kind_that_is_never_mailed_is_only_shown(sam, post, evening, mailoutbox):
    row = post(sam, kind=QUIET)
    deliver()
    assert (state_of(row), mailoutbox) == (State.NOTED, [])


def bytes_without_link(sent, row, person):
    raw = sent.message().as_bytes().decode()
    for opaque in (str(row.pk), person.email):
        assert opaque in raw
        raw = raw.replace(opaque, "-")
    return raw


def test_k5_the_same_bytes_for_every_person_and_kind_but_for_the_link(sam, ana, post, evening):
    rows = [(post(person, kind), person) for person in (sam, ana) for kind in (PLAIN, OTHER)]
    rows += [(post(ana, "accounts.outreach"), ana), (post(sam, "checkins.reminder"), sam)]
    found = {bytes_without_link(message(row), row, person) for row, person in rows}
    assert len(found) == 1


TELLTALE = (
    r"stillwater|recover|treat|rehab|addict|sober|clinic|care|therap|group|session|journal|check.?in|remind"
    r"|counsel|sam|ana|program|mood|patient|client"
)


def test_k5_no_word_of_a_mail_tells_why(sam, post, evening):
    raw = message(post(sam)).message().as_bytes().decode().replace(sam.email, "")
    assert not re.search(TELLTALE, raw, re.I)


def test_k5_the_link_shows_nothing_before_signing_in(sam, post, evening, client, client_of):
    row = post(sam)
    deliver()
    path = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert client_of(sam).get(path)["Location"] == "/notices/"
    row.refresh_from_db()
    assert row.read_at == EVENING


def test_a_poison_row_stops_nobody_elses_message(sam, noor, post, evening, mailoutbox):
    poison = [
        post(sam, kind="tests.unknown", not_before=EVENING - timedelta(hours=3)),
        post(noor, not_before=EVENING - timedelta(hours=2)),
    ]
    noor.email = "no\nbody@people.example"
    noor.save()
    good = post(sam)
    deliver()
    assert state_of(good) == State.SENT
    assert [sent.to for sent in mailoutbox] == [[sam.email]]
    for row in poison:
        row.refresh_from_db()
        assert (row.state, row.attempts) == (State.DUE, 1)
    assert poison[0].error == "KeyError"


def test_a_batch_is_small_and_a_run_does_many(sam, post, evening, mailoutbox):
    for _number in range(120):
        post(sam)
    assert deliver() == 120
    assert len(mailoutbox) == 120


def test_no_log_line_holds_an_address(sam, post, evening, caplog):
    sam.email = "no\nbody@people.example"
    sam.save()
    caplog.set_level("DEBUG")
    post(sam)
    deliver()
    assert "people.example" not in caplog.text
    assert "ValueError" in caplog.text
