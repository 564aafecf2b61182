"""What is said at start and at release about the keys of web push and the hosts it may write to."""

import pytest

from notifications import checks, push_service
from notifications.models import Heartbeat

SECRET = "not-a-key-but-a-secret"


def ids(found):
    return [message.id for message in found]


def test_without_a_key_push_is_not_offered_and_the_release_is_told_so(settings):
    settings.VAPID_PRIVATE_KEY = ""
    assert not push_service.is_offered()
    assert checks.push_key_can_sign() == []
    assert ids(checks.push_is_offered()) == ["notifications.I001"]


def test_a_key_that_can_sign_is_accepted_in_silence():
    assert push_service.is_offered()
    assert checks.push_key_can_sign() + checks.push_is_offered() == []


def test_what_is_no_key_stops_the_start_and_is_not_repeated(settings):
    settings.VAPID_PRIVATE_KEY = SECRET
    (found,) = checks.push_key_can_sign()
    assert (found.id, found.is_serious()) == ("notifications.E001", True)
    assert SECRET not in str(found)


@pytest.mark.parametrize("host", ["*.com", "localhost", "push.example/path"])
def test_k5_hosts_that_lead_to_anywhere_are_refused(settings, host):
    settings.PUSH_HOSTS = ["fcm.googleapis.com", host]
    (found,) = checks.push_is_offered()
    assert (found.id, found.is_serious()) == ("notifications.E002", True)
    assert host in found.msg
    assert "fcm.googleapis.com" not in found.msg


def test_k5_keys_of_a_browser_that_could_seal_nothing_are_known():
    point = push_service.public_key()
    assert push_service.is_browser_key(point)
    assert not push_service.is_browser_key(point[:-4])
    assert not push_service.is_browser_key("é")
    assert push_service.is_browser_secret("eHh4eHh4eHh4eHh4eHh4eA")
    assert not push_service.is_browser_secret("eHh4")
    assert not push_service.is_browser_secret("e")


def test_k8_a_part_that_was_seen_a_moment_ago_is_counted_and_a_lost_way_is_not(db, frozen):
    Heartbeat.beat("worker")
    Heartbeat.lost("mail")
    now = Heartbeat.objects.get(name="worker").at
    assert [str(part) for part in Heartbeat.objects.seen(now)] == ["worker"]
