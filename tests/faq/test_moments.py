"""Days and times of the program's zone: New York (T3)."""

from datetime import UTC, date, datetime, time

from faq import moments


def test_t3_a_day_and_a_time_make_one_moment():
    assert moments.moment(date(2026, 12, 1), time(9)) == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    assert moments.end_of(date(2026, 11, 1)) == datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
    assert moments.last_day(datetime(2026, 11, 27, 5, 0, tzinfo=UTC)) == date(2026, 11, 26)
    assert moments.last_day(datetime(2026, 11, 27, 5, 1, tzinfo=UTC)) == date(2026, 11, 27)
    assert not moments.comes_twice(date(2026, 11, 1), time(2, 30))
    assert not moments.comes_twice(date(2027, 3, 14), time(2, 30))
    assert moments.comes_twice(date(2026, 11, 1), time(1, 59))
