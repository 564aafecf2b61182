"""Figures for whoever watches the server, in the form that Prometheus reads. None of them has a person in it.

Each process of the product counts into files of DATA_DIR/metrics; `manage.py serve_metrics` adds them up and
answers on a port of its own, which the proxy must not reach. Without METRICS_PORT nothing is counted.
"""

import os
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery.signals import task_postrun
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by the library when it is imported
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5)  # seconds
ROOM = 2**20  # bytes, all that the library takes to begin with, and several times what our figures fill
KEPT_SECONDS = 7 * 24 * 3600
SILENT = -1.0  # the age of what was never seen

_figures: Any = None


class Figures:
    """What the processes count while they work."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Histogram, values

        for kind in ("counter", "histogram"):
            reserve(folder() / f"{kind}_{process()}.db")
        values.ValueClass = values.MultiProcessValue(process)
        self.requests = Counter(
            "stillwater_requests", "Requests answered", ["route", "method", "status"], registry=None
        )
        self.seconds = Histogram(
            "stillwater_request_seconds", "Time to answer", ["route"], registry=None, buckets=BUCKETS
        )
        self.tasks = Counter("stillwater_tasks", "Tasks of the worker", ["task", "state"], registry=None)


def process() -> str:
    """Two containers may have the same numbers of processes."""
    return f"{socket.gethostname()}-{os.getpid()}"


def reserve(path: Path) -> None:
    """Raises OSError on a full disk. With no room behind a file the kernel would kill us as we count."""
    with path.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, ROOM)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "metrics"


def figures() -> Figures | None:
    """None where nothing is counted, or cannot be: pages come first (row 25)."""
    global _figures
    if _figures is None and settings.METRICS_PORT:
        os.environ[FOLDER] = str(folder())
        try:
            folder().mkdir(parents=True, exist_ok=True)
            _figures = Figures()
        except OSError:
            return None
    return _figures


def answered(route: str, method: str, status: int, seconds: float) -> None:
    if found := figures():
        found.requests.labels(route, method, f"{status // 100}xx").inc()
        found.seconds.labels(route).observe(seconds)


@task_postrun.connect
def task_done(task: Any = None, state: str | None = None, **_: object) -> None:
    if found := figures():
        found.tasks.labels(getattr(task, "name", "none"), (state or "none").lower()).inc()


class House:
    """How the product stands, asked of the database when somebody looks."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        now = timezone.now()
        forget_the_gone(now.timestamp())
        try:
            found = list(self.of_database(now))
        except Error:
            found = []
        finally:
            if not connection.in_atomic_block:
                connection.close()  # each answer has a thread of its own, which would leave one behind
        yield GaugeMetricFamily("stillwater_database_up", "Whether it answers", value=float(bool(found)))
        yield from found

    def of_database(self, now: datetime) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        from notifications.models import Heartbeat, Notification

        seen = GaugeMetricFamily("stillwater_heartbeat_age_seconds", "Since a part was seen", labels=["part"])
        at = dict(Heartbeat.objects.values_list("name", "at"))
        for part in Heartbeat.PARTS:
            seen.add_metric([part], seconds(now - at[part]) if part in at else SILENT)
        yield seen
        ways = GaugeMetricFamily("stillwater_ways_lost", "Ways out that nothing goes by")
        ways.add_metric([], float(sum(name.startswith("no ") for name in at)))
        yield ways
        since = Notification.waiting_since(now)
        yield GaugeMetricFamily(
            "stillwater_outbox_oldest_seconds",
            "How long the oldest message waits",
            value=seconds(now - since) if since else 0.0,
        )
        outbox = GaugeMetricFamily(
            "stillwater_outbox", "Messages that wait or could not go", labels=["state"]
        )
        outbox.add_metric(["due"], Notification.objects.due(now).count())
        outbox.add_metric(["dead"], Notification.objects.filter(state=Notification.State.DEAD).count())
        yield outbox


def seconds(passed: timedelta) -> float:
    return round(passed.total_seconds(), 3)


def forget_the_gone(now: float) -> None:
    """Files of processes that counted nothing for a week. To readers a sum that falls begins anew."""
    for path in folder().glob("*.db"):
        if path.stat().st_mtime < now - KEPT_SECONDS:
            path.unlink(missing_ok=True)


def registry() -> Any:
    """All processes together, and the house."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    if figures() is None:
        raise OSError(f"{folder()} cannot be written.")
    made = CollectorRegistry()
    made.register(House())
    MultiProcessCollector(made)
    return made
