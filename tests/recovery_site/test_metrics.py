"""Figures for whoever watches: what happened how often, and never who."""

import errno
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client import generate_latest

from notifications.models import Heartbeat
from recovery_site import metrics


@pytest.fixture
def counted(settings, tmp_path, monkeypatch):
    settings.METRICS_PORT, settings.DATA_DIR = 9000, tmp_path
    monkeypatch.setattr(metrics, "_figures", None)
    monkeypatch.setenv(metrics.FOLDER, "")

    def told() -> dict[str, float]:
        lines = generate_latest(metrics.registry()).decode().splitlines()
        return {
            name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")
        }

    return told


def test_requests_are_counted_by_route_and_kind_of_answer(counted, client_of, sam):
    client = client_of(sam)
    for path in ("/me/", "/me/", "/no/such/private/page/"):
        client.get(path)
    told = counted()
    assert told['stillwater_requests_total{method="GET",route="accounts:profile",status="2xx"}'] == 2
    assert told['stillwater_requests_total{method="GET",route="none",status="4xx"}'] == 1
    assert told['stillwater_request_seconds_count{route="accounts:profile"}'] == 2
    for private in ("private", str(sam.pk), "sam"):
        assert not any(private in name for name in told)


def test_a_sign_in_that_failed_is_counted_without_a_name(counted, db):
    Client().post("/accounts/login/", {"login": "sam", "password": "wrong"})
    assert counted()['stillwater_requests_total{method="POST",route="account_login",status="4xx"}'] == 1


def test_k8_how_the_engine_stands_is_asked_when_somebody_looks(counted, db, frozen):
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(seconds=7))
    told = counted()
    assert told["stillwater_database_up"] == 1
    assert told['stillwater_heartbeat_age_seconds{part="beat"}'] == 7
    assert told['stillwater_heartbeat_age_seconds{part="worker"}'] == metrics.SILENT
    assert told["stillwater_outbox_oldest_seconds"] == 0
    assert told['stillwater_outbox{state="due"}'] == 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_down_is_a_figure_too(counted, db, error):
    def refuse(*args):
        raise error

    with connection.execute_wrapper(refuse):
        told = counted()
    assert told["stillwater_database_up"] == 0
    assert not any(name.startswith("stillwater_heartbeat") for name in told)


def test_whoever_looks_leaves_no_connection_behind(db):
    def look() -> tuple[int, bool]:
        return len(list(metrics.House().collect())), connection.connection is None

    with ThreadPoolExecutor(1) as thread:
        figures, is_closed = thread.submit(look).result()
    assert (figures > 0, is_closed) == (True, True)


def test_a_process_that_is_gone_is_forgotten_after_a_week(counted, db, tmp_path):
    Client().get("/about/")
    assert 'stillwater_request_seconds_count{route="home:about"}' in counted()
    for path in metrics.folder().glob("*.db"):
        os.utime(path, times=(time.time() - 8 * 24 * 3600,) * 2)
    assert 'stillwater_request_seconds_count{route="home:about"}' not in counted()


def test_they_are_forgotten_while_the_figures_are_served(counted, db):
    """`serve_metrics` makes its registry once."""
    Client().get("/about/")
    served = metrics.registry()
    assert 'route="home:about"' in generate_latest(served).decode()
    for path in metrics.folder().glob("*.db"):
        os.utime(path, times=(time.time() - 8 * 24 * 3600,) * 2)
    assert 'route="home:about"' not in generate_latest(served).decode()


def test_row_25_a_full_disk_costs_figures_and_no_page(counted, db, monkeypatch):
    def full(*args: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "posix_fallocate", full)
        assert Client().get("/about/").status_code == 200
        assert metrics.figures() is None
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("serve_metrics")
    assert Client().get("/about/").status_code == 200
    assert counted()['stillwater_request_seconds_count{route="home:about"}'] == 1
    assert {path.stat().st_blocks * 512 >= metrics.ROOM for path in metrics.folder().glob("*.db")} == {True}


def test_without_a_port_nothing_is_counted(settings, monkeypatch):
    settings.METRICS_PORT = 0
    monkeypatch.setattr(metrics, "_figures", None)
    assert metrics.figures() is None
    with pytest.raises(CommandError, match="METRICS_PORT is not set"):
        call_command("serve_metrics")
