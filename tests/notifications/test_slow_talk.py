"""A server that dribbles: each word comes in time, the whole talk never ends (rows 21, 23)."""

import socket
import time
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings as shipped

from notifications import delivery
from notifications.channels import mail, smtp
from notifications.delivery import deliver
from notifications.models import Notification
from recovery_site.environment import mailer
from tests.notifications.conftest import smtp_on
from tests.product import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def dribble(port, ends):
    def serve():
        with socket.create_server(("127.0.0.1", port)) as server:
            server.settimeout(5)
            try:
                talk, _address = server.accept()
                with talk:
                    while time.monotonic() < ends:
                        talk.sendall(b"2")
                        time.sleep(0.05)
            except OSError:
                return

    Thread(target=serve, daemon=True).start()
    time.sleep(0.1)


def test_row_21_a_talk_ends_in_time_though_the_server_never_stops_speaking(
    awake, post, settings, monkeypatch
):
    port = free_port()
    dribble(port, time.monotonic() + 8)
    settings.MAILERS = smtp_on(port)
    monkeypatch.setattr(mail, "TALK", 0.5)
    post(awake(1)[0])
    began = time.monotonic()
    deliver()
    assert time.monotonic() - began < 4
    assert Notification.objects.get().attempts == 0


def test_row_21_a_talk_is_shorter_than_what_must_be_left_of_a_claim():
    talk, margin = smtp.TALK + smtp.GOODBYE, delivery.MARGIN / timedelta(seconds=1)
    assert talk < margin < shipped.CLAIM_LEASE_SECONDS
    assert mailer("smtp://mail.example")["BACKEND"] == f"{smtp.__name__}.EmailBackend"
    assert mailer("smtps://mail.example")["OPTIONS"]["use_ssl"]


def test_inside_tls_the_talk_is_limited_too():
    assert smtp.HurriedSSL.__mro__.index(smtp.Hurried) < smtp.HurriedSSL.__mro__.index(smtp.smtplib.SMTP_SSL)
