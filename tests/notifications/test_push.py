"""Web push against a service of our own, which opens what arrives as a browser would (RFC 8291)."""

import base64
import json
import os
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import http_ece
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from notifications import delivery, push_service, stopped
from notifications.channels import push
from notifications.models import Notification, Preference, PushSubscription
from tests.notifications.conftest import NIGHT, PLAIN, URGENT

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


class Service(BaseHTTPRequestHandler):
    status, arrived = 201, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.arrived.append((self.path, self.headers, body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr(Service, "arrived", [])
    monkeypatch.setattr(Service, "status", 201)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    # Only here: what leads out is https to a known name, which test_k5_only_known_services… holds.
    monkeypatch.setattr(push_service, "is_known", lambda endpoint: endpoint.startswith(address))
    Service.address = address
    yield Service
    server.shutdown()
    server.server_close()


class Browser:
    def __init__(self, person, endpoint):
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.row = PushSubscription.objects.turn_on(
            by=person,
            browser="Firefox on Windows",
            now=NOON,
            endpoint=endpoint,
            p256dh=push_service.unpadded(point),
            auth=push_service.unpadded(self.secret),
        )

    def opens(self, body):
        return http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")


@pytest.fixture
def sams(sam, service):
    browser = Browser(sam, service.address + "sams")
    sam.refresh_from_db()
    return browser


def send(notification):
    line = push.Push()
    line.open()
    try:
        line.send(Notification.objects.select_related("recipient__reach").get(pk=notification.pk))
    finally:
        line.close()


def test_k5_what_arrives_is_sealed_and_the_same_but_for_the_link(sams, sam, service, post, frozen):
    frozen.move_to(NOON)
    Preference.objects.filter(person=sam).update(tells_more=True)
    rows = [post(sam), post(sam, URGENT)]
    for row in rows:
        send(row)
    opened = [sams.opens(body) for _path, _headers, body in service.arrived]
    plain = [text.replace(str(row.pk).encode(), b"") for text, row in zip(opened, rows, strict=True)]
    assert plain[0] == plain[1]
    assert json.loads(opened[0]) == {
        "title": "You have a message",
        "link": f"http://testserver/notices/{rows[0].pk}/",
    }
    assert len(service.arrived[0][2]) == len(service.arrived[1][2])


def test_k5_the_service_learns_no_more_than_when(sams, sam, service, post, frozen):
    frozen.move_to(NOON)
    send(post(sam))
    ((path, headers, body),) = service.arrived
    assert path == "/sams"
    assert b"message" not in body
    assert headers["Urgency"] == "normal"
    assert headers["TTL"] == str(4 * 3600)
    sealed, key = (
        part.split("=", 1)[1] for part in headers["Authorization"].removeprefix("vapid ").split(",")
    )
    assert key == push_service.public_key()
    claims = json.loads(base64.urlsafe_b64decode(sealed.split(".")[1] + "=="))
    assert claims["aud"] == service.address.rstrip("/")
    assert set(claims) == {"aud", "exp", "sub"}
    assert Vapid02.verify(headers["Authorization"])


@pytest.mark.parametrize(
    ("hours", "kind", "seconds"), [(4.5, PLAIN, 12_600), (8.5, PLAIN, 1_800), (8.5, URGENT, 14_400)]
)
def test_k4_a_device_that_is_off_is_not_lit_up_in_quiet_hours(sams, sam, post, frozen, hours, kind, seconds):
    now = NOON + timedelta(hours=hours)
    frozen.move_to(now)
    Preference.objects.filter(person=sam).update(quiet_from=time(20) if hours < 5 else time(21))
    row = Notification.objects.select_related("recipient__reach").get(pk=post(sam, kind).pk)
    assert push.kept_for(row, now) == seconds


def test_k4_it_is_kept_no_longer_than_it_has_a_point(sams, sam, post, frozen):
    frozen.move_to(NOON)
    assert push.kept_for(post(sam, not_after=NOON + timedelta(minutes=20)), NOON) == 1200


@pytest.mark.parametrize("status", [404, 410])
def test_k5_a_browser_that_is_gone_leaves_the_notices_and_never_begins_mail(
    sams, sam, service, post, frozen, mailoutbox, status
):
    frozen.move_to(NOON)
    service.status = status
    row = post(sam)
    delivery.deliver()
    row.refresh_from_db()
    assert (row.state, row.shown_at) == ("noted", NOON)  # nobody has to see to it
    assert PushSubscription.objects.count() == 0
    assert Preference.objects.get(person=sam).channel == "notices"
    told = Notification.objects.get(kind="notifications.push_stopped")
    assert (told.recipient, told.shown_at) == (sam, NOON)
    assert mailoutbox == []


def test_one_browser_that_took_it_is_enough(sams, sam, service, post, frozen, monkeypatch):
    frozen.move_to(NOON)
    gone = Browser(sam, service.address + "gone")
    PushSubscription.objects.filter(pk=gone.row.pk).update(endpoint="https://elsewhere.example/x")
    send(post(sam))
    assert [path for path, _headers, _body in service.arrived] == ["/sams"]
    assert PushSubscription.objects.count() == 2


def test_a_service_in_trouble_is_tried_again(sams, sam, service, post, frozen):
    frozen.move_to(NOON)
    service.status = 503
    row = post(sam)
    delivery.deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("due", 1, "WebPushException")
    assert PushSubscription.objects.count() == 1


def test_no_redirect_is_followed(sams, sam, service, post, frozen, monkeypatch):
    """To 127.0.0.1:1, where nobody listens: following it would be another error."""
    frozen.move_to(NOON)
    service.status = 307
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with pytest.raises(push.WebPushException) as raised:
        send(post(sam))
    assert raised.value.status_code == 307
    assert len(service.arrived) == 1


def test_who_does_not_answer_is_asked_once_a_batch(sams, sam, post, frozen, monkeypatch):
    frozen.move_to(NOON)
    asked = []

    def hangs(*args, **kwargs):
        asked.append(kwargs["timeout"])
        raise requests.Timeout

    monkeypatch.setattr(push, "webpush", hangs)
    line, row = push.Push(), post(sam)
    for error in (requests.Timeout, push.ServiceDown, push.ServiceDown):
        with pytest.raises(error):
            line.send(row)
    assert asked == [push.TIME_LIMIT]


def test_k4_at_night_a_push_waits_too(sams, sam, service, post, frozen):
    frozen.move_to(NIGHT)
    row = post(sam)
    delivery.deliver()
    row.refresh_from_db()
    assert (row.state, service.arrived) == ("due", [])


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://web.push.apple.com:443/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://notify.windows.com/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://me@fcm.googleapis.com/x", False),
        ("https://127.0.0.1\\@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:x/", False),
        ("https://[::1]/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_k5_only_known_services_are_written_to(endpoint, known):
    assert push_service.is_known(endpoint) is known


def test_k4_for_whoever_has_no_quiet_hours_it_is_kept_as_long_as_any(sams, sam, post, frozen):
    frozen.move_to(NIGHT)
    Preference.objects.filter(person=sam).update(quiet_from=time(0), quiet_until=time(0))
    row = Notification.objects.select_related("recipient__reach").get(pk=post(sam).pk)
    assert push.kept_for(row, NIGHT) == 4 * 3600


def test_a_line_that_was_closed_opens_anew(sams, sam, service, post, frozen):
    frozen.move_to(NOON)
    line, row = push.Push(), post(sam)
    line.close()
    line.send(row)
    line.close()
    line.close()
    line.send(row)
    assert len(service.arrived) == 2


def test_k5_one_of_two_browsers_that_is_gone_leaves_the_way_as_it_is(sams, sam, service, post, frozen):
    frozen.move_to(NOON)
    Browser(sam, service.address + "other")
    assert PushSubscription.objects.filter(pk=sams.row.pk).end(of=sam, now=NOON) == 1
    stopped.push(sam, NOON)  # as a sender would that saw both of them gone a moment ago
    assert Preference.objects.get(person=sam).channel == "push"
    assert not Notification.objects.exists()


def test_k5_who_turned_the_last_browser_off_is_not_told_what_they_did(sams, sam, frozen):
    assert PushSubscription.objects.end(of=sam, now=NOON, tell=False) == 1
    assert Preference.objects.get(person=sam).channel == "notices"
    assert not Notification.objects.exists()


def test_what_stopped_leads_to_where_it_can_be_changed(sams, sam, frozen, client_of):
    PushSubscription.objects.end(of=sam, now=NOON)
    told = Notification.objects.get(kind=stopped.PUSH_STOPPED)
    assert client_of(sam).get(told.get_absolute_url()).status_code == 200
