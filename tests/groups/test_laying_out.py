"""What the nightly layout adds, leaves out, and asks about (T5, T9)."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups import recurrence
from groups.models import Facilitator, Holiday, Room, Series, Session, SkippedDate, Suspension, layout
from tests.groups.conftest import NOW, TODAY

LATER = NOW + timedelta(weeks=2)  # two more Tuesdays come into reach
NEW = [TODAY + timedelta(weeks=13), TODAY + timedelta(weeks=14)]


@pytest.fixture
def series(make_series, dev) -> Series:
    made = make_series()
    made.schedule(leads=[dev], by=dev, now=NOW)
    return made


def waiting(series: Series) -> list[date]:
    return sorted(series.skipped.filter(skipped_by=None).values_list("day", flat=True))


def test_t5_a_day_that_somebody_left_out_stays_out(series, dev):
    SkippedDate.objects.create(series=series, day=NEW[0], skipped_by=dev, at=NOW)
    assert (series.lay_out(LATER), series.lay_out(LATER)) == (1, 0)
    assert series.skipped.get().skipped_by == dev


def test_t5_a_day_found_taken_waits_and_is_laid_out_when_it_is_free(series, make_session, ana):
    other = make_session(day=NEW[0], at=time(17, 30), lead=ana)
    assert (series.lay_out(LATER), waiting(series)) == (1, [NEW[0]])
    assert (series.lay_out(LATER), waiting(series)) == (0, [NEW[0]])
    noted = series.skipped.get()
    other.cancel(by=ana, now=LATER)
    assert (series.lay_out(LATER + timedelta(days=1)), waiting(series)) == (1, [])
    assert not SkippedDate.objects.filter(pk=noted.pk).exists()


def test_t5_a_day_of_a_series_with_an_end_is_tried_again_too(make_series, make_session, ana, dev):
    series = make_series(until=TODAY + timedelta(weeks=3))
    series.schedule(leads=[dev], by=dev, now=NOW)
    series.sessions.filter(local_date=TODAY + timedelta(weeks=2)).delete()
    SkippedDate.objects.create(series=series, day=TODAY + timedelta(weeks=2), at=NOW)
    assert Series.objects.lay_out(NOW) == 1
    assert waiting(series) == []


def test_t5_a_day_that_is_no_longer_ahead_waits_no_more(series, make_session, ana):
    make_session(day=NEW[0], at=time(17, 30), lead=ana)
    series.lay_out(LATER)
    series.lay_out(LATER + timedelta(weeks=20))
    assert NEW[0] not in waiting(series)


def test_t5_a_session_that_moved_keeps_its_day(series):
    """The rule's day is what is laid out once, wherever the session went."""
    moved = series.sessions.get(local_date=TODAY + timedelta(weeks=2))
    Session.objects.filter(pk=moved.pk).update(
        local_date=TODAY,
        starts_at=NOW - timedelta(hours=3),
        ends_at=NOW - timedelta(hours=2),
        room_free_at=NOW - timedelta(hours=2),
    )
    assert series.lay_out(NOW) == 0


def test_t9_days_inside_a_suspension_rest_from_the_first(series, dev):
    given = {"series": series, "suspended_by": dev, "suspended_at": NOW}
    rest = Suspension.objects.create(first=NEW[0], last=NEW[0], **given)
    Suspension.objects.create(first=NEW[1], last=NEW[1], lifted_by=dev, lifted_at=NOW, **given)
    series.lay_out(LATER)
    suspended = {row.local_date: row.suspension for row in series.sessions.filter(local_date__in=NEW)}
    assert suspended == {NEW[0]: rest, NEW[1]: None}


def test_t9_a_holiday_is_laid_out_like_any_other_day(series, mara):
    Holiday.objects.create(name="Feast", first=NEW[0], last=NEW[1], made_by=mara, made_at=NOW)
    assert series.lay_out(LATER) == 2


def test_t5_nothing_is_laid_out_in_a_closed_room_or_for_a_group_that_ended(series):
    type(series.room).objects.update(closed_at=NOW)
    assert (series.lay_out(LATER), waiting(series)) == (0, NEW)
    type(series.group).objects.update(ended_at=NOW)
    assert (series.lay_out(LATER), waiting(series)) == (0, [])


def test_t5_one_failing_series_holds_up_no_other(series, make_series, ana, monkeypatch, caplog):
    other = make_series(start_time=time(8))
    other.schedule(leads=[ana], by=ana, now=NOW)
    planned = Series.planned

    def failing(self, now):
        if self.pk == series.pk:
            raise RuntimeError("broken")
        return planned(self, now)

    monkeypatch.setattr(Series, "planned", failing)
    assert Series.objects.lay_out(LATER) == 2
    assert f"series {series.pk} is not laid out" in caplog.messages


@pytest.mark.parametrize(("numbers", "laid_out"), [((1, 2, 3), {1, 3}), ((2, 1, 3), {1})])
def test_t5_of_several_that_want_one_room_the_first_in_turn_gets_it(make_series, dev, ana, numbers, laid_out):
    """The one between overlaps both others. Where it has no room, it takes none from them."""
    hours = [(time(8), time(8)), (time(12), time(8, 30)), (time(16), time(9, 30))]
    made = [
        make_series(id=UUID(int=number), start_time=at[0]) for number, at in zip(numbers, hours, strict=True)
    ]
    for one, lead, at in zip(made, [dev, ana, dev], hours, strict=True):
        one.schedule(leads=[lead], by=dev, now=NOW)
        Series.objects.filter(pk=one.pk).update(start_time=at[1])
    assert Series.objects.lay_out(LATER) == len(NEW) * len(laid_out)
    for one in made:
        there = one.sessions.filter(local_date__in=NEW)
        assert (there.count(), waiting(one)) == ((2, []) if one.pk.int in laid_out else (0, NEW))


def test_t5_many_series_take_the_queries_of_one(make_series, dev):
    def queries(*hours: int) -> int:
        for hour in hours:
            make_series(start_time=time(hour), minutes=30).schedule(leads=[dev], by=dev, now=NOW)
        Session.objects.filter(local_date__gt=TODAY).delete()
        with CaptureQueriesContext(connection) as captured:
            assert Series.objects.lay_out(NOW)
        return len(captured)

    assert queries(8) == queries(9, 10, 11, 12, 13)


def test_t5_a_layout_takes_the_same_queries_for_one_day_and_for_many(make_series, dev, ana):
    def queries(lead, **fields) -> int:
        series = make_series(**fields)
        series.schedule(leads=[lead], by=lead, now=NOW)
        series.sessions.filter(local_date__gt=TODAY).delete()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            series.lay_out(NOW)
        return len(captured)

    once = queries(dev, rule=recurrence.weekly([1], 8))
    assert once == queries(ana, rule=recurrence.weekly(range(7)), start_time=time(9))
    assert once <= 20
    assert Facilitator.objects.filter(session__isnull=False).count() == Session.objects.count()


def test_c1_the_turnover_of_the_held_room_counts(series, oak, monkeypatch):
    original = layout.find_missing

    def find_missing(*args):
        original(*args)
        Room.objects.filter(pk=oak.pk).update(turnover_minutes=25)

    monkeypatch.setattr(layout, "find_missing", find_missing)
    later = NOW + timedelta(weeks=1)
    assert series.lay_out(later) == 1
    new = series.sessions.order_by("starts_at").last()
    assert new.room_free_at == new.ends_at + timedelta(minutes=25)
