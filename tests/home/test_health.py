from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Heartbeat, Notification
from tests.home.test_help import no_database

pytestmark = pytest.mark.django_db


def seen(**minutes_ago: float) -> None:
    for name, minutes in minutes_ago.items():
        Heartbeat.objects.create(name=name, at=timezone.now() - timedelta(minutes=minutes))


WELL = {"database": "OK", "cache": "OK", "engine": "OK", "outbox": "OK", "oldest_unsent_seconds": 0}


def test_all_is_well(client):
    seen(beat=1, worker=9)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, WELL)


@pytest.mark.parametrize(
    ("ages", "silent"),
    [({}, "beat, worker"), ({"beat": 1}, "worker"), ({"beat": 11, "worker": 1}, "beat")],
)
def test_k8_a_silent_engine_is_red(client, ages, silent):
    seen(**ages)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (
        503,
        WELL | {"engine": f"Unavailable: silent: {silent}"},
    )


@pytest.mark.parametrize(("minutes", "engine"), [(9, "OK"), (11, "Unavailable: messages cannot go out")])
def test_k8_a_mail_server_that_stays_away_is_red_though_no_message_is_old(client, minutes, engine):
    seen(beat=1, worker=1, **{"no mail": minutes})
    response = client.get("/health/")
    assert (response.status_code, response.json()["engine"]) == (200 if engine == "OK" else 503, engine)


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (10, 503)])
def test_k8_the_oldest_unsent_message_is_told_and_turns_red(client, sam, minutes, status):
    seen(beat=1, worker=1)
    now = timezone.now()
    since = now - timedelta(minutes=minutes, seconds=1)
    Notification.objects.post(recipient=sam, kind="any", about=sam.pk, due_on=now.date(), not_before=since)
    later = now + timedelta(hours=9)  # this one waits for its own time
    Notification.objects.post(recipient=sam, kind="other", about=sam.pk, due_on=now.date(), not_before=later)
    response = client.get("/health/")
    assert response.status_code == status
    assert minutes * 60 < response.json()["oldest_unsent_seconds"] < minutes * 60 + 10
    assert response.json()["outbox"] == ("OK" if status == 200 else "Unavailable: messages wait")


def test_a_database_that_does_not_answer_is_red(client):
    with no_database():
        response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["oldest_unsent_seconds"] is None
    assert "OK" not in [response.json()[name] for name in ("database", "engine", "outbox")]


def test_a_cache_that_does_not_keep_is_red(client, settings):
    seen(beat=1, worker=1)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/health/")
    assert (response.status_code, response.json()["cache"][:11]) == (503, "Unavailable")


@pytest.mark.parametrize("accept", ["", "text/html", "application/json", "*/*"])
def test_health_says_the_same_to_every_caller(client, accept):
    seen(beat=1, worker=1)
    assert client.get("/health/", headers={"Accept": accept} if accept else {}).json() == WELL


def test_health_is_never_kept_and_asks_no_session(client, settings, django_assert_num_queries):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with django_assert_num_queries(3):
        response = client.get("/health/")
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("folder", "hours", "says"), [("", 99, None), ("x", 25, "OK"), ("x", 27, "none in 26 hours")]
)
def test_a_night_without_a_backup_is_told_and_stops_nothing(client, settings, folder, hours, says):
    settings.BACKUP_FOLDER = folder
    seen(beat=1, worker=1, backup=hours * 60)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json().get("backup")) == (200, says)
