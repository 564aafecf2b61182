"""A sender that Celery or its own minute cuts short stops at once; no message is lost or blamed (row 21)."""

import uuid
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core import mail
from django.utils import timezone

from notifications import channels, delivery, kinds
from notifications.deciding import wanted_among
from notifications.lines import Lines
from notifications.models import Notification


def cut(*_args):
    raise SoftTimeLimitExceeded


def test_row_21_a_limit_while_asking_what_is_wanted_is_no_fault_of_the_message(
    sam, post, monkeypatch, frozen
):
    row = post(sam)
    monkeypatch.setattr(kinds.Kind, "still_wanted", cut)
    with pytest.raises(SoftTimeLimitExceeded):
        wanted_among([row], timezone.now())


def test_row_21_a_limit_while_the_way_is_opened_leaves_the_message_to_the_next(sam, post, frozen):
    row = post(sam)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels, "make", cut)
        with pytest.raises(SoftTimeLimitExceeded):
            delivery.deliver()
    assert mail.outbox == []
    frozen.shift(timedelta(seconds=settings.CLAIM_LEASE_SECONDS + 1))
    assert delivery.deliver() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, len(mail.outbox)) == (Notification.State.SENT, 0, 1)


def test_a_sender_whose_minute_is_over_gives_back_what_it_holds(sam, post, frozen):
    row = post(sam)
    now = timezone.now()
    claim = Notification.objects.claim(now, 10)
    assert delivery.deliver_claimed(claim, until=now) == 0
    row.refresh_from_db()
    assert (row.state, row.claim) == (Notification.State.DUE, None)
    assert delivery.deliver() == 1


def test_a_sender_takes_no_further_batch_once_its_minute_is_over(sam, post, monkeypatch, frozen):
    def slow(claim, lines, *, until):
        frozen.shift(timedelta(seconds=61))
        return 1

    monkeypatch.setattr(delivery, "deliver_claimed", slow)
    post(sam)
    post(sam, about=uuid.uuid4())
    assert delivery.deliver() == 1


def test_a_message_waits_untried_while_its_way_is_down(sam, post, frozen):
    row = post(sam)
    lines = Lines()
    lines.fail(delivery.way_of(row))
    settled, going = delivery.sort_out([row], lines, timezone.now())
    assert going == []
    assert [outcome["state"] for _row, outcome in settled] == [Notification.State.DUE]
