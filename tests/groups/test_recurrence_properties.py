"""Whatever the rule, the zone and the start: what is laid out is what dateutil gives, on the local clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups.models import Series
from groups.recurrence import POSITIONS, Rule

DAYS = (MO, TU, WE, TH, FR, SA, SU)
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Sydney",  # summer in January
    "Australia/Lord_Howe",  # moves by half an hour
    "America/Santiago",  # moves at midnight
    "Africa/Casablanca",
    "Asia/Kathmandu",
)

rules = st.builds(
    lambda weekdays, interval, position: Rule(tuple(sorted(weekdays)), 1 if position else interval, position),
    st.sets(st.integers(0, 6), min_size=1, max_size=3),
    st.integers(1, 8),
    st.sampled_from([None, *POSITIONS]),
)
starts = st.dates(date(2024, 1, 1), date(2031, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
ends = st.one_of(
    st.just({}),
    st.builds(lambda count: {"count": count}, st.integers(1, 30)),
    st.builds(lambda days: {"after": timedelta(days=days)}, st.integers(0, 300)),
)


def expansion(rule: Rule, first: date, *, until: date | None, count: int | None, horizon: date) -> list[date]:
    """By dateutil's own objects, not by the text that we store."""
    by_week = {"freq": WEEKLY, "interval": rule.interval, "byweekday": [DAYS[day] for day in rule.weekdays]}
    by_month = {"freq": MONTHLY, "byweekday": [DAYS[day](rule.position) for day in rule.weekdays]}
    given = by_month if rule.position else by_week
    end = {"count": count} if count else {"until": datetime.combine(until or horizon, time(23, 59))}
    return [moment.date() for moment in rrule(dtstart=datetime.combine(first, time()), **given, **end)]


def is_right(start: datetime, day: date, clock: time, zone: str) -> bool:
    """The local clock shows the hour; inside a gap it shows as much later as the clocks jump (T2, T3)."""
    local, wanted = start.astimezone(ZoneInfo(zone)), datetime.combine(day, clock)
    before = wanted.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
    return local.replace(tzinfo=None) == wanted or start == (wanted - before).replace(tzinfo=UTC)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules, start=starts, clock=clocks, zone=st.sampled_from(ZONES), end=ends)
def test_t1_t2_t3_t5_what_is_laid_out_is_the_rules_expansion(
    oak, seeking, dev, rule, start, clock, zone, end
):
    with transaction.atomic():
        first = rule.first_day(start)
        until = first + end["after"] if "after" in end else None
        series = Series(
            group=seeking,
            room=oak,
            start_date=first,
            start_time=clock,
            minutes=60,
            rule=str(rule),
            zone=zone,
            until=until,
            count=end.get("count"),
        )
        now = datetime.combine(start, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(days=1)
        series.schedule(leads=[dev], by=dev, now=now)
        today = now.astimezone(ZoneInfo(zone)).date()
        horizon = today + timedelta(weeks=django_settings.WEEKS_LAID_OUT)
        days = expansion(rule, first, until=until, count=end.get("count"), horizon=horizon)
        rows = list(series.sessions.order_by("rule_date"))
        assert [row.local_date for row in rows] == [row.rule_date for row in rows] == (days or [first])
        for row in rows:
            assert is_right(row.starts_at, row.local_date, clock, zone)
            assert row.ends_at - row.starts_at == timedelta(minutes=60)  # T4
        assert (series.lay_out(now), Series.objects.lay_out(now)) == (0, 0)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules, start=starts, zone=st.sampled_from(ZONES), steps=st.lists(st.integers(1, 40), max_size=4))
def test_t5_layouts_on_any_nights_add_up_to_one(oak, seeking, dev, rule, start, zone, steps):
    """However the nights fall, the rows are those of one layout on the last of them, and begun ones stay."""
    with transaction.atomic():
        first = rule.first_day(start)
        given_fields = {"group": seeking, "room": oak, "start_date": first, "start_time": time(2, 30)}
        series = Series(**given_fields, minutes=60, rule=str(rule), zone=zone)
        now = datetime.combine(start, time(), tzinfo=UTC) - timedelta(days=2)
        series.schedule(leads=[dev], by=dev, now=now)
        for days in steps:
            before = set(series.sessions.values_list("pk", "starts_at"))
            now += timedelta(days=days)
            series.lay_out(now)
            assert before <= set(series.sessions.values_list("pk", "starts_at"))  # T6
        horizon = now.astimezone(ZoneInfo(zone)).date() + timedelta(weeks=django_settings.WEEKS_LAID_OUT)
        whole = expansion(rule, first, until=None, count=None, horizon=horizon)
        there = sorted(series.sessions.values_list("rule_date", flat=True))
        assert there == list(takewhile(lambda day: day <= max([horizon, first]), whole or [first]))
        transaction.set_rollback(True)
