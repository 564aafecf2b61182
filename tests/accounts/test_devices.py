"""Where somebody is signed in, and what is told about it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.sign_in import devices
from accounts.tasks import clear_sessions
from notifications.models import Notification

PASSWORD = "maple kettle harbor seven"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
)
LIST = "/accounts/sessions/"


@pytest.fixture(scope="module")
def encoded() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def sam(sam, encoded) -> User:
    sam.password = encoded
    sam.save()
    return sam


def browser(agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    return Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)


def sign_in(client: Client, user: User) -> Client:
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Mac",
        ),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent, words):
    assert devices.browser(agent) == words


def test_the_list_names_browsers_and_no_address(sam):
    here = sign_in(browser(), sam)
    sign_in(browser(IPHONE, "198.51.100.9"), sam)
    page = here.get(LIST)
    assert [(place.browser, place.is_here) for place in page.context["places"]] == [
        ("Firefox on Windows", True),
        ("Safari on iPhone", False),
    ]
    html = page.content.decode()
    assert "192.0.2.7" not in html
    assert "198.51.100.9" not in html


def test_one_device_is_signed_out(sam, noor):
    here, other = sign_in(browser(), sam), sign_in(browser(IPHONE), sam)
    row = UserSession.objects.get(user=sam, user_agent=IPHONE)
    address = reverse("usersessions_ending", args=[row.pk])
    assert here.post(address).status_code == 303
    assert other.get("/today/").status_code == 302
    assert here.get("/today/").status_code == 200
    assert [place.is_here for place in here.get(LIST).context["places"]] == [True]


def test_all_others_are_signed_out(sam):
    here, others = sign_in(browser(), sam), [sign_in(browser(IPHONE), sam) for _ in range(2)]
    here.post(reverse("usersessions_others_ending"))
    assert [client.get("/today/").status_code for client in (here, *others)] == [200, 302, 302]


def test_a_new_password_signs_the_others_out_at_once(sam):
    here, other = sign_in(browser(), sam), sign_in(browser(IPHONE), sam)
    new = "seven harbor kettle maple"
    answers = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), answers).status_code == 302
    assert other.get("/today/").status_code == 302
    assert here.get("/today/").status_code == 200
    assert [place.is_here for place in here.get(LIST).context["places"]] == [True]
    assert Session.objects.count() == 1
    assert Notification.objects.filter(recipient=sam, kind="accounts.password_changed").count() == 1
    assert AuditEvent.objects.filter(actor_id=sam.pk, act="password").count() == 1


def test_the_list_asks_as_often_for_thirty_as_for_one(sam, django_assert_max_num_queries):
    here = sign_in(browser(), sam)
    for _number in range(30):
        client = Client()
        client.force_login(sam)
        UserSession.objects.create(user=sam, ip="192.0.2.1", session_key=client.session.session_key)
    with django_assert_max_num_queries(6):
        assert len(here.get(LIST).context["places"]) == 31


def test_a_new_device_is_told_once_a_day_and_a_known_one_is_not(sam, frozen):
    def told() -> int:
        return Notification.objects.filter(recipient=sam, kind="accounts.new_device").count()

    known = sign_in(browser(), sam)
    assert told() == 0  # nobody is told of their first time
    known.post(reverse("account_logout"))
    frozen.shift(timedelta(days=1))
    sign_in(known, sam)
    assert told() == 0
    stranger = sign_in(browser(IPHONE, "198.51.100.9"), sam)
    assert told() == 1
    sign_in(browser(IPHONE, "198.51.100.10"), sam)
    assert told() == 1
    stranger.get("/leave/")
    frozen.shift(timedelta(days=1))
    sign_in(stranger, sam)
    assert told() == 1  # leaving took the cookie; the trace of the last session is enough


def test_the_list_names_none_that_knew_another_password(sam):
    sign_in(browser(), sam)
    assert len(devices.signed_in(sam, None)) == 1
    User.objects.filter(pk=sam.pk).update(password=make_password(None))
    assert devices.signed_in(User.objects.get(pk=sam.pk), None) == []


def test_a_long_name_of_a_browser_is_known_again(sam, frozen):
    long = FIREFOX + "x" * 300
    for _turn in range(2):
        sign_in(browser(long), sam).get("/leave/")
        frozen.shift(timedelta(days=1))
    assert not Notification.objects.filter(recipient=sam, kind="accounts.new_device").exists()


def test_the_mark_of_a_known_device_tells_nothing(sam, noor):
    client = sign_in(browser(), sam)
    cookie = client.cookies["known"]
    assert cookie["httponly"]
    assert str(sam.pk) not in cookie.value
    assert "sam" not in cookie.value
    assert cookie.value == devices.mark_of(sam) != devices.mark_of(noor)


def test_coming_and_going_are_recorded(sam):
    client = sign_in(browser(), sam)
    client.post(reverse("account_logout"))
    sign_in(client, sam).get("/leave/")
    acts = AuditEvent.objects.filter(actor_id=sam.pk).order_by("pk")
    assert [(act.act, act.detail) for act in acts] == [
        ("signed_in", "password"),
        ("signed_out", ""),
        ("signed_in", "password"),
        ("signed_out", "left quickly"),
    ]


def test_what_has_ended_is_forgotten_after_thirty_days(sam, noor):
    alive = sign_in(browser(), sam).session.session_key
    old = timezone.now() - timedelta(days=31)
    UserSession.objects.create(user=sam, ip="192.0.2.1", session_key="ended lately")
    UserSession.objects.create(user=sam, ip="192.0.2.1", session_key="ended", created_at=old)
    UserSession.objects.filter(session_key=alive).update(created_at=old)
    clear_sessions()
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {alive, "ended lately"}


def test_security_notices_go_out_in_the_night_and_to_whoever_switched_mail_off(sam):
    from accounts.sign_in import security
    from notifications import kinds

    for name in security.SAID:
        kind = kinds.get(name)
        assert (kind.urgent, kind.asked_for, kind.mails) == (True, True, True)
        assert "!" not in str(kind.notice)
        assert kind.page(Notification(kind=name)).startswith("/accounts/")
