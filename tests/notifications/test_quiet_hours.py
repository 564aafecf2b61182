"""K4: quiet hours by the person's own clock."""

from datetime import UTC, datetime, time

import pytest

from notifications.models import Preference, quiet_end


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


NIGHTS = [
    # The program's own, 21:00 to 08:00 in New York: both ends, and both sides of midnight.
    ("", utc(2026, 11, 25, 1, 59), None),
    ("", utc(2026, 11, 25, 2, 0), utc(2026, 11, 25, 13, 0)),
    ("", utc(2026, 11, 25, 7, 0), utc(2026, 11, 25, 13, 0)),
    ("", utc(2026, 11, 25, 12, 59, 59), utc(2026, 11, 25, 13, 0)),
    ("", utc(2026, 11, 25, 13, 0), None),
    # The same moment elsewhere.
    ("Asia/Kathmandu", utc(2026, 11, 25, 2, 0), utc(2026, 11, 25, 2, 15)),
    ("Pacific/Honolulu", utc(2026, 11, 25, 2, 0), None),
    # The nights in which the clock changes: eight by the new clock.
    ("", utc(2026, 3, 8, 4, 0), utc(2026, 3, 8, 12, 0)),
    ("", utc(2026, 11, 1, 4, 0), utc(2026, 11, 1, 13, 0)),
    ("", utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 13, 0)),
    ("", utc(2026, 11, 1, 6, 30), utc(2026, 11, 1, 13, 0)),
]


@pytest.mark.parametrize(("zone", "now", "end"), NIGHTS)
def test_k4_quiet_hours_end_by_the_persons_own_clock(sam, zone, now, end):
    sam.time_zone = zone
    assert quiet_end(sam, now) == end


OWN = [
    (time(13), time(14), utc(2026, 11, 24, 18, 0), utc(2026, 11, 24, 19, 0)),
    (time(13), time(14), utc(2026, 11, 24, 19, 0), None),
    (time(13), time(14), utc(2026, 11, 25, 4, 0), None),
    (time(0), time(6), utc(2026, 11, 25, 5, 0), utc(2026, 11, 25, 11, 0)),
    (time(22), time(0), utc(2026, 11, 25, 4, 0), utc(2026, 11, 25, 5, 0)),
    (time(22), time(22), utc(2026, 11, 25, 3, 0), None),
]


@pytest.mark.parametrize(("start", "until", "now", "end"), OWN)
def test_k4_ones_own_quiet_hours_replace_the_programs(sam, start, until, now, end):
    Preference.objects.create(person=sam, quiet_from=start, quiet_until=until)
    assert quiet_end(sam, now) == end
