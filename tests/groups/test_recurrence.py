"""Wall clocks hold across DST, and laying out twice adds nothing (T1 to T5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from groups import recurrence, tasks
from groups.models import Facilitator, Series, Session
from tests.groups.conftest import NOW, TODAY, ZONE


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%MZ").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 3), "2026-03-03 23:00Z"),
        (date(2026, 3, 10), "2026-03-10 22:00Z"),
        (date(2026, 10, 27), "2026-10-27 22:00Z"),
        (date(2026, 11, 3), "2026-11-03 23:00Z"),
    ],
)
def test_t2_tuesdays_at_six_stay_at_six(day, moment):
    assert recurrence.to_utc(day, time(18), ZONE) == utc(moment)


def test_t3_a_time_in_the_gap_takes_the_offset_before_it():
    moment = recurrence.to_utc(date(2026, 3, 8), time(2, 30), ZONE)
    assert moment == utc("2026-03-08 07:30Z")
    assert moment.astimezone(ZoneInfo(ZONE)).time() == time(3, 30)
    assert not recurrence.exists(date(2026, 3, 8), time(2, 30), ZONE)


def test_t3_a_time_that_comes_twice_is_its_first_occurrence():
    assert recurrence.to_utc(date(2026, 11, 1), time(1, 30), ZONE) == utc("2026-11-01 05:30Z")
    assert recurrence.to_utc(date(2026, 11, 1), time(1, 30, fold=1), ZONE) == utc("2026-11-01 05:30Z")
    assert recurrence.exists(date(2026, 11, 1), time(1, 30), ZONE)


def test_t4_duration_is_elapsed_time(oak, seeking):
    start = recurrence.to_utc(date(2026, 11, 1), time(0, 30), ZONE)
    session = Session.plan(group=seeking, room=oak, day=date(2026, 11, 1), starts_at=start, minutes=120)
    assert session.ends_at.astimezone(ZoneInfo(ZONE)).time() == time(1, 30)
    assert session.minutes == 120


zones = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "UTC"]
)
days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(day=days, clock=clocks, zone=zones)
def test_t3_the_local_clock_shows_what_was_asked_wherever_it_exists(day, clock, zone):
    local = recurrence.to_utc(day, clock, zone).astimezone(ZoneInfo(zone))
    assert local.fold == 0 or not recurrence.exists(day, clock, zone)
    assert (local.replace(tzinfo=None) == datetime.combine(day, clock)) == recurrence.exists(day, clock, zone)


@given(
    start=days,
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    interval=st.integers(1, 8),
    count=st.integers(1, 40),
)
def test_t1_weekly_rules_give_the_days_that_counting_gives(start, weekdays, interval, count):
    first = recurrence.first_day(start, sorted(weekdays))
    rule = recurrence.weekly(sorted(weekdays), interval)
    monday = first - timedelta(days=first.weekday())
    counted = [
        day
        for day in (first + timedelta(days=n) for n in range(count * 7 * interval + 7))
        if day.weekday() in weekdays and ((day - monday).days // 7) % interval == 0
    ]
    assert list(recurrence.days(rule, first, count=count)) == counted[:count]


def test_t1_a_series_ends_with_its_last_day_and_not_before():
    rule = recurrence.weekly([1])
    dates = list(recurrence.days(rule, TODAY, until=TODAY + timedelta(days=14)))
    assert dates == [TODAY, TODAY + timedelta(days=7), TODAY + timedelta(days=14)]


def local_starts(series: Series) -> set[time]:
    zone = ZoneInfo(series.zone)
    return {row.starts_at.astimezone(zone).time() for row in series.sessions.all()}


def test_t5_an_open_series_is_laid_out_twelve_weeks_ahead(make_series, dev):
    series = make_series()
    assert series.schedule(leads=[dev], by=dev, now=NOW) == 13
    assert series.sessions.latest("local_date").local_date == TODAY + timedelta(weeks=12)
    assert local_starts(series) == {time(18)}
    assert Facilitator.objects.filter(session__series=series, person=dev).count() == 13


def test_t5_laying_out_again_adds_only_what_has_come_into_reach(make_series, dev, time_machine):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    time_machine.move_to(NOW)
    assert tasks.lay_out() == 0
    time_machine.move_to(NOW + timedelta(weeks=2))
    assert tasks.lay_out() == 2
    assert tasks.lay_out() == 0
    assert local_starts(series) == {time(18)}


def test_t5_a_cancelled_session_is_not_laid_out_again(make_series, dev):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    series.sessions.earliest("local_date").cancel(by=dev, now=NOW)
    assert (series.lay_out(NOW), series.sessions.count()) == (0, 13)


@pytest.mark.django_db(transaction=True)
def test_t5_laying_out_in_two_places_at_once_adds_nothing_twice(make_series, dev):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)

    def lay_out(_number):
        try:
            return series.lay_out(NOW + timedelta(weeks=8))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(lay_out, range(6))) == [0] * 5 + [8]
    assert Facilitator.objects.filter(session__series=series).count() == series.sessions.count() == 21


def test_a_series_with_an_end_is_laid_out_whole(make_series, dev):
    series = make_series(count=20)
    assert series.schedule(leads=[dev], by=dev, now=NOW) == 20
    assert series.lay_out(NOW) == 0


def test_t6_what_has_begun_is_not_laid_out(make_series, dev):
    series = make_series(start_time=time(9), start_date=TODAY - timedelta(weeks=3), count=5)
    assert series.schedule(leads=[dev], by=dev, now=NOW) == 1


def test_a9_a_series_of_somebody_who_left_stops_no_other(dev, ana, mara, make_series, caplog):
    theirs, other = make_series(start_time=time(18)), make_series(start_time=time(8))
    for series, lead in ((theirs, dev), (other, ana)):
        series.schedule(leads=[lead], by=mara, now=NOW)
    User.objects.filter(pk=dev.pk).update(is_active=False)
    Session.objects.filter(local_date__gt=TODAY + timedelta(weeks=10)).delete()
    left, laid_out = theirs.sessions.count(), other.sessions.count()
    assert Series.objects.lay_out(NOW) > 0
    assert theirs.sessions.count() == left
    assert other.sessions.count() > laid_out
    assert caplog.messages == [f"series {theirs.pk} is not laid out: somebody who leads it has left"]
