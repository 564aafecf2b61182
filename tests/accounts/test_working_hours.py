"""Working time of the program, Monday to Friday from 9 to 17 in New York (K6)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import working_hours

NEW_YORK = ZoneInfo("America/New_York")


def at(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-27 16:59", True),
        ("2026-11-27 17:00", False),
        ("2026-11-28 12:00", False),
        ("2026-11-29 12:00", False),
    ],
)
def test_k6_working_hours(moment, works):
    assert working_hours.is_working(at(moment)) is works


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-11-24 10:00", 4, "2026-11-24 14:00"),
        ("2026-11-24 13:00", 4, "2026-11-24 17:00"),
        ("2026-11-24 15:30", 4, "2026-11-25 11:30"),
        ("2026-11-24 03:00", 4, "2026-11-24 13:00"),
        ("2026-11-27 16:00", 4, "2026-11-30 12:00"),  # over a weekend
        ("2026-11-27 17:00", 4, "2026-11-30 13:00"),
        ("2026-11-28 03:00", 4, "2026-11-30 13:00"),
        ("2026-11-24 10:00", 20, "2026-11-26 14:00"),
        ("2026-03-06 16:00", 4, "2026-03-09 12:00"),  # the clock goes forward that Sunday
        ("2026-10-30 16:00", 4, "2026-11-02 12:00"),  # and back
        ("2026-03-08 02:30", 4, "2026-03-09 13:00"),
    ],
)
def test_k6_hours_of_work_after_a_moment(begin, hours, end):
    assert working_hours.add(at(begin), timedelta(hours=hours)) == at(end)
