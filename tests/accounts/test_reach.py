"""How we reach you: the way, quiet hours, detail, and devices of one's own."""

import base64
import re
from datetime import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from accounts.roles import Role
from checkins.models import ReminderPlan
from notifications import ways
from notifications.channels import mail
from notifications.models import Notification, Preference, PushSubscription

PAGE, DEVICES = "/me/reach/", "/me/reach/devices/"
CHOICES = {"channel": "mail", "quiet_from": "21:00", "quiet_until": "08:00"}
KNOWN = "https://fcm.googleapis.com/fcm/send/"


def text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def subscription(name="one", **changed):
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"endpoint": KNOWN + name, "p256dh": text(raw), "auth": text(b"x" * 16), "is_mine": "on"} | changed


@pytest.fixture
def sams(client_of, sam, frozen):
    return client_of(sam)


def body(response):
    return re.sub(r"\s+", " ", response.content.decode())


def reach(person):
    return Preference.objects.get(person=person)


def test_k4_quiet_hours_are_chosen_by_ones_own_clock(sams, sam):
    answer = sams.post(PAGE, CHOICES | {"quiet_from": "22:30", "quiet_until": "07:15"})
    assert answer.status_code == 303
    assert (reach(sam).quiet_from, reach(sam).quiet_until) == (time(22, 30), time(7, 15))
    assert "Your clock follows America/New York." in body(sams.get(PAGE))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("08:00", "07:00", "This leaves less than 4 hours of the day."),
        ("21:00", "17:01", "This leaves less than 4 hours of the day."),
        ("late", "08:00", "Write the time like 21:00."),
        ("", "08:00", "Choose a time."),
    ],
)
def test_k4_quiet_hours_without_sense_are_refused_and_stay_typed(sams, start, end, words):
    answer = sams.post(PAGE, CHOICES | {"quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422
    assert words in body(answer)
    assert f'value="{end}"' in body(answer)
    assert not Preference.objects.exists()


def test_k4_the_same_time_twice_is_no_quiet_hours(sams, sam):
    assert sams.post(PAGE, CHOICES | {"quiet_from": "00:00", "quiet_until": "00:00"}).status_code == 303


def test_k4_hours_over_the_reminder_are_refused_and_the_plan_stays(sams, sam):
    plan = ReminderPlan.objects.for_client(sam)
    answer = sams.post(PAGE, CHOICES | {"quiet_from": "18:00"})
    assert answer.status_code == 422
    assert "Your reminder comes at 7 p.m., which would be in your quiet hours." in body(answer)
    plan.refresh_from_db()
    assert plan.at == time(19)


def test_k4_so_are_hours_over_the_follow_up(sams, sam):
    ReminderPlan.objects.for_client(sam)
    ReminderPlan.objects.update(follow_up_after=60)
    assert "comes at 8 p.m." in body(sams.post(PAGE, CHOICES | {"quiet_from": "20:00"}))
    ReminderPlan.objects.update(is_on=False)
    assert sams.post(PAGE, CHOICES | {"quiet_from": "18:00"}).status_code == 303


@pytest.mark.parametrize("who", ["ana", "mara", "luz"])
def test_k5_everybody_chooses_and_only_residents_have_the_sentence(client_of, request, who, frozen):
    person = request.getfixturevalue(who)
    browser = client_of(person)
    assert "Say in one sentence" not in body(browser.get(PAGE))
    assert browser.post(PAGE, CHOICES | {"channel": "notices", "tells_more": "on"}).status_code == 303
    assert (reach(person).channel, reach(person).tells_more) == ("notices", False)


def test_k5_the_page_shows_both_mails_as_they_look(sams, sam):
    page = sams.get(PAGE)
    link = "(a link that only you can open)"
    for _subject, words in (mail.words(link), page.context["telling"]):
        assert words.splitlines()[0] in body(page)
    assert sams.post(PAGE, CHOICES | {"tells_more": "on"}).status_code == 303
    assert reach(sam).tells_more


def test_k5_mails_that_came_back_are_said_and_can_begin_again(sams, sam):
    Preference.objects.create(person=sam, channel="notices", bounced_at=timezone.now())
    assert "Mails to your address came back on Tuesday, 24 November" in body(sams.get(PAGE))
    sams.post(PAGE, CHOICES)
    assert (reach(sam).channel, reach(sam).bounced_at) == ("mail", None)


def test_a_device_is_turned_on_and_forgotten(sams, sam):
    assert sams.post(PAGE, CHOICES | {"channel": "push"}).status_code == 422
    assert sams.post(DEVICES, subscription(), headers={"User-Agent": "Firefox Windows"}).status_code == 303
    device = PushSubscription.objects.get()
    assert (device.person, device.browser, reach(sam).channel) == (sam, "Firefox on Windows", "push")
    assert "This device" in body(sams.get(PAGE))
    sams.post(f"{DEVICES}{device.pk}/forgetting/")
    assert not PushSubscription.objects.exists()
    assert reach(sam).channel == "notices"
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_mine": ""},
        {"endpoint": "https://127.0.0.1/"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": ""},
        {"endpoint": KNOWN + "x" * 500},
        {"p256dh": text(b"\4" + b"x" * 64)},
        {"p256dh": "é"},
        {"auth": text(b"x" * 15)},
        {"auth": "*"},
    ],
)
def test_k5_what_is_no_browser_of_theirs_is_refused(sams, wrong):
    assert sams.post(DEVICES, subscription(**wrong)).status_code == 422
    assert not PushSubscription.objects.exists()
    assert not Preference.objects.exists()


def test_a4_a_shared_device_is_never_offered_it(sams, sam):
    session = sams.session
    session["shared_device"] = True
    session.save()
    assert "Turn on for this device" not in body(sams.get(PAGE))
    assert sams.post(DEVICES, subscription()).status_code == 404


def test_without_a_key_nothing_is_offered(sams, settings):
    settings.VAPID_PRIVATE_KEY = ""
    assert "Messages on your own device" not in body(sams.get(PAGE))
    assert sams.post(DEVICES, subscription()).status_code == 404


@pytest.mark.parametrize("way", ["/accounts/logout/", "/leave/"])
def test_a4_signing_out_ends_it_on_this_device_alone(sams, sam, way):
    sams.post(DEVICES, subscription("other"))
    sams.post(DEVICES, subscription("here"))
    sams.get(way) if way == "/leave/" else sams.post(way)
    assert [device.endpoint for device in PushSubscription.objects.all()] == [KNOWN + "other"]
    assert reach(sam).channel == "push"


def test_a4_a_new_password_ends_it_everywhere_else(sams, sam):
    sams.post(DEVICES, subscription("other"))
    sams.post(DEVICES, subscription("here"))
    sams.post("/accounts/sessions/others/ending/")
    assert [device.endpoint for device in PushSubscription.objects.all()] == [KNOWN + "here"]


def test_a9_another_role_and_a_closed_account_end_it(ana, mara, dev, frozen):
    for person in (ana, dev):
        PushSubscription.objects.turn_on(
            by=person, browser="", now=timezone.now(), endpoint=KNOWN + person.username
        )
    dev.change_role(Role.EDITOR, by=mara, now=timezone.now())
    assert [device.person for device in PushSubscription.objects.all()] == [ana]
    ana.close(by=mara, now=timezone.now())
    assert not PushSubscription.objects.exists()


def test_a_browser_belongs_to_whoever_turned_it_on_last(sam, noor, frozen):
    for person in (sam, noor):
        PushSubscription.objects.turn_on(by=person, browser="", now=timezone.now(), endpoint=KNOWN)
    assert PushSubscription.objects.get().person == noor


def test_a_person_has_no_more_devices_than_a_list_shows(sam, frozen):
    for number in range(12):
        PushSubscription.objects.turn_on(by=sam, browser="", now=timezone.now(), endpoint=f"{KNOWN}{number}")
        frozen.shift(1)
    assert PushSubscription.objects.count() == 10
    assert not PushSubscription.objects.filter(endpoint=KNOWN + "0").exists()


def test_the_ways_are_those_that_lead_to_the_person(sam):
    sam.email = ""
    assert [way for way, _label in ways.to(sam)] == ["notices"]


def test_the_worker_keeps_no_page(client, db):
    answer = client.get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert not {"fetch", "caches", "indexedDB"} & set(re.findall(r"\w+(?=[\"(.])", answer.content.decode()))
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
