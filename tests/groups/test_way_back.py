"""The way back before the schedule: it stops where those tables have no place for what is there (T7)."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps

from tests.groups.conftest import NOW, TODAY

migration = importlib.import_module("groups.migrations.0003_the_schedule")


def test_t7_two_sessions_of_a_series_on_one_day_and_substitutes_stop_the_way_back(make_series, dev, ana):
    series = make_series(until=TODAY + timedelta(days=8))
    series.schedule(leads=[dev], by=dev, now=NOW)
    migration.each_stays_on_its_day(apps, None)
    first, second = series.sessions.in_order()
    first.substitute(ana, instead_of=dev, by=dev, now=NOW)
    series.sessions.filter(pk=second.pk).update(local_date=TODAY)
    with pytest.raises(migration.NoWayBack) as stopped:
        migration.each_stays_on_its_day(apps, None)
    assert str(stopped.value).splitlines()[1:] == [
        f"Series {series.pk} has 2 sessions on 2026-11-24. Delete all but one.",
        "Substitutes stand in, 1 in all. Give each place back first, or let them keep it.",
    ]
