from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Heartbeat
from tests.home.test_help import no_database

pytestmark = pytest.mark.django_db


def seen(**minutes_ago: float) -> None:
    for name, minutes in minutes_ago.items():
        Heartbeat.objects.create(name=name, at=timezone.now() - timedelta(minutes=minutes))


def test_all_is_well(client):
    seen(beat=1, worker=9)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"database": True, "silent": []})


@pytest.mark.parametrize(
    ("ages", "silent"),
    [
        ({}, ["beat", "worker"]),
        ({"beat": 1}, ["worker"]),
        ({"beat": 11, "worker": 1}, ["beat"]),
    ],
)
def test_k8_a_silent_engine_is_red(client, ages, silent):
    seen(**ages)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"database": True, "silent": silent})


def test_a_database_that_does_not_answer_is_red(client):
    with no_database():
        response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"database": False, "silent": []})


def test_health_is_never_kept_and_asks_no_session(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/health/")
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
