"""A rule as a person says it (T1)."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import recurrence
from groups.models import Series
from groups.recurrence import POSITIONS, Rule
from groups.rule_words import words

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.mark.parametrize(
    ("rule", "end", "said"),
    [
        (
            recurrence.weekly([3, 1], 2),
            {"until": date(2026, 12, 18)},
            "Every 2 weeks on Tuesday and Thursday, 1:00 p.m. to 2:15 p.m., until 18 December",
        ),
        (
            recurrence.weekly([0]),
            {"until": date(2027, 1, 18)},
            "Every week on Monday, 1:00 p.m. to 2:15 p.m., until 18 January 2027",
        ),
        (
            recurrence.monthly([4], -1),
            {"count": 6},
            "On the last Friday of each month, 1:00 p.m. to 2:15 p.m., 6 times",
        ),
        (
            recurrence.monthly([0, 2, 4], 1),
            {},
            "On the first Monday, Wednesday and Friday of each month, 1:00 p.m. to 2:15 p.m., with no end",
        ),
        (recurrence.weekly([6], 8), {"count": 1}, "Once, on Sunday, 29 November, 1:00 p.m. to 2:15 p.m."),
        (recurrence.weekly(list(range(7))), {}, "Every day, 1:00 p.m. to 2:15 p.m., with no end"),
    ],
)
def test_t1_the_rule_in_words(rule, end, said):
    assert (
        words(Series(rule=rule, start_date=date(2026, 11, 24), start_time=time(13), minutes=75, **end))
        == said
    )


def test_t4_past_midnight_the_clock_begins_again():
    late = Series(rule=recurrence.weekly([5]), start_time=time(23, 30), minutes=90, count=2)
    assert words(late) == "Every week on Saturday, 11:30 p.m. to 1:00 a.m., 2 times"


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    interval=st.integers(1, 8),
    position=st.sampled_from([None, *POSITIONS]),
)
def test_t1_a_rule_is_read_as_it_was_written(weekdays, interval, position):
    rule = Rule(weekdays, 1 if position else interval, position)
    assert Rule.parse(str(rule)) == rule
