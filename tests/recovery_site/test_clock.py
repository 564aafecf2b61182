import shelve
from pathlib import Path

from celery import Celery

from recovery_site.clock import Clock
from tests.full_disk import full_disk


def test_row_25_beat_outlives_a_disk_that_takes_nothing_and_keeps_its_times_later(tmp_path: Path) -> None:
    app = Celery(set_as_current=False)
    app.conf.beat_schedule = {"ring": {"task": "ring", "schedule": 10}}
    clock = Clock(app, schedule_filename=str(tmp_path / "beat"))
    clock.reserve(clock.schedule["ring"])
    with full_disk():
        clock.sync()
    clock.reserve(clock.schedule["ring"])
    clock.sync()

    with shelve.open(str(tmp_path / "beat"), flag="r") as kept:  # noqa: S301  # its own file
        assert kept["entries"]["ring"].total_run_count == 2
    clock.close()
