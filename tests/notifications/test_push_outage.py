"""Our own network is away: a push message waits for it, as a mail does (row 23)."""

import pytest
import requests
from django.utils import timezone

from notifications.channels.push import Push, ServiceDown
from notifications.delivery import deliver
from notifications.models import Notification, Preference

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("error", [requests.ConnectionError, requests.Timeout, ServiceDown])
def test_row_23_a_network_that_is_away_costs_a_push_message_no_try(awake, post, monkeypatch, error):
    people = awake(4)
    Preference.objects.update(channel="push")
    for person in people:
        post(person)
    sent, down = [], [people[0].pk, people[1].pk]

    def send(self, notification):
        if notification.recipient_id in down:
            raise error
        sent.append(notification.recipient_id)

    monkeypatch.setattr(Push, "send", send)
    for _try in range(6):
        deliver()
        Notification.objects.filter(state="due").update(not_before=timezone.now())
    assert set(sent) == {people[2].pk, people[3].pk}
    assert set(Notification.objects.exclude(state="sent").values_list("state", "attempts")) == {("due", 0)}
    down.clear()
    deliver()
    assert len(sent) == 4
