"""Somebody who needs a person now is not behind a thousand reminders (K7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery
from notifications.delivery import deliver
from notifications.models import Notification
from tests.notifications.conftest import URGENT

pytestmark = pytest.mark.django_db


def waiting_long(post, people):
    for number, person in enumerate(people):
        post(person, not_before=timezone.now() - timedelta(minutes=30 - number))


def test_k7_an_alert_goes_first_of_all_that_waits(awake, post, mailoutbox):
    *people, clinician = awake(12)
    waiting_long(post, people)
    post(clinician, URGENT)
    deliver()
    assert [mail.to[0] for mail in mailoutbox] == [person.email for person in (clinician, *people)]


def test_k7_it_is_in_the_first_batch_and_in_its_first_chunk(awake, post, mailoutbox, monkeypatch):
    *people, clinician = awake(9)
    waiting_long(post, people)
    row = post(clinician, URGENT)
    claim = Notification.objects.claim(timezone.now(), 4)
    assert row in Notification.objects.in_hand(claim)
    monkeypatch.setattr(delivery, "CHUNK", 2)
    delivery.deliver_claimed(claim)
    assert mailoutbox[0].to == [clinician.email]
