from datetime import UTC, datetime, timedelta

import pytest

from recovery_site.home.today import words
from tests.home.conftest import NOW


@pytest.mark.parametrize(
    ("count", "word"), [(0, "None"), (1, "One"), (3, "Three"), (14, "Fourteen"), (15, "15"), (240, "240")]
)
def test_small_numbers_are_words(count, word):
    assert words.upper_number(count) == word


@pytest.mark.parametrize(
    ("hour", "greeting", "part"),
    [
        (3, "Good evening", "evening"),
        (4, "Good morning", "morning"),
        (11, "Good morning", "morning"),
        (12, "Good afternoon", "afternoon"),
        (16, "Good afternoon", "afternoon"),
        (17, "Good evening", "evening"),
    ],
)
def test_the_time_of_day(hour, greeting, part):
    local = datetime(2026, 11, 24, hour, 59)
    assert (words.greeting(local), words.part_of_day(local)) == (greeting, part)


@pytest.mark.parametrize(
    ("ago", "lines"),
    [
        (timedelta(seconds=59), ("9:59 a.m.", "just now")),
        (timedelta(minutes=25), ("9:35 a.m.", "25 min ago")),
        (timedelta(hours=1), ("9:00 a.m.", "1 hour ago")),
        (timedelta(hours=9, minutes=59), ("12:01 a.m.", "9 hours ago")),
        (timedelta(hours=10, minutes=1), ("Mon", "evening")),
        (timedelta(days=1), ("Mon", "morning")),
        (timedelta(days=2), ("2 days", "")),
        (timedelta(days=40), ("40 days", "")),
    ],
)
def test_when_something_began(ago, lines):
    assert words.since(NOW - ago, NOW) == lines


def test_when_is_told_by_the_clock_of_the_house():
    spring = datetime(2026, 7, 1, 15, tzinfo=UTC)
    assert words.since(spring, spring) == ("11:00 a.m.", "just now")
