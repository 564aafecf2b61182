"""K3 and T3: once on each local date, at the right minute, in zones of every kind.

The moments were reckoned by hand from the rules of each zone, not asked of the library under test.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Stay
from checkins.models import ReminderPlan
from checkins.models.reminder_plan import EVERY_DAY
from checkins.rhythm import Rhythm
from notifications.models import Notification

HORIZON, A_SECOND = timedelta(seconds=20), timedelta(seconds=1)
JUST_BEFORE = timedelta(hours=3)


def utc(words):
    return [datetime.strptime(word, "%Y-%m-%d %H:%M").replace(tzinfo=UTC) for word in words]


# Each line: the zone, the time of the plan, and the moments of three dates that follow one another.
TABLE = [
    # Half an hour of change: 01:30 to 02:00 comes twice in April, 02:00 to 02:30 is left out in October.
    ("Australia/Lord_Howe", "01:45", "2026-04-03 14:45", "2026-04-04 14:45", "2026-04-05 15:15"),
    ("Australia/Lord_Howe", "02:15", "2026-10-02 15:45", "2026-10-03 15:45", "2026-10-04 15:15"),
    # Offsets of 45 and of 30 minutes, with a change and without.
    ("Asia/Kathmandu", "12:15", "2026-04-04 06:30", "2026-04-05 06:30", "2026-04-06 06:30"),
    ("Australia/Eucla", "12:15", "2026-04-04 03:30", "2026-04-05 03:30", "2026-04-06 03:30"),
    ("Pacific/Marquesas", "19:00", "2026-04-05 04:30", "2026-04-06 04:30", "2026-04-07 04:30"),
    ("Pacific/Chatham", "03:00", "2026-04-03 13:15", "2026-04-04 13:15", "2026-04-05 14:15"),
    ("Pacific/Chatham", "03:00", "2026-09-25 14:15", "2026-09-26 14:15", "2026-09-27 13:15"),
    ("Australia/Adelaide", "02:30", "2026-04-03 16:00", "2026-04-04 16:00", "2026-04-05 17:00"),
    ("Australia/Adelaide", "02:30", "2026-10-02 17:00", "2026-10-03 17:00", "2026-10-04 16:00"),
    ("America/St_Johns", "02:30", "2026-03-07 06:00", "2026-03-08 06:00", "2026-03-09 05:00"),
    ("America/St_Johns", "01:30", "2026-10-31 04:00", "2026-11-01 04:00", "2026-11-02 05:00"),
    # Whole hours: in the gap, in the overlap, and at the program's own hour.
    ("America/New_York", "02:30", "2026-03-07 07:30", "2026-03-08 07:30", "2026-03-09 06:30"),
    ("America/New_York", "01:30", "2026-10-31 05:30", "2026-11-01 05:30", "2026-11-02 06:30"),
    ("America/New_York", "19:00", "2026-03-08 00:00", "2026-03-08 23:00", "2026-03-09 23:00"),
    ("America/New_York", "19:00", "2026-10-31 23:00", "2026-11-02 00:00", "2026-11-03 00:00"),
    ("Europe/London", "01:30", "2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"),
    ("Europe/London", "01:30", "2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"),
    # No change any more since 2019.
    ("America/Sao_Paulo", "19:00", "2026-10-17 22:00", "2026-10-18 22:00", "2026-10-19 22:00"),
    # An hour back for Ramadan, and forward after it.
    ("Africa/Casablanca", "02:30", "2026-02-14 01:30", "2026-02-15 01:30", "2026-02-16 02:30"),
    ("Africa/Casablanca", "02:30", "2026-03-21 02:30", "2026-03-22 02:30", "2026-03-23 01:30"),
    # Two hours at once, and a midnight that does not exist.
    ("Antarctica/Troll", "02:30", "2026-03-28 02:30", "2026-03-29 02:30", "2026-03-30 00:30"),
    ("Africa/Cairo", "00:15", "2026-04-22 22:15", "2026-04-23 22:15", "2026-04-24 21:15"),
    # Samoa went over the date line: 30 December 2011 never was.
    ("Pacific/Apia", "19:00", "2011-12-29 05:00", "2011-12-30 05:00", "2011-12-31 05:00"),
]
NAMES = [f"{zone} {moments[1][:10]}" for zone, _at, *moments in TABLE]


def plan_of(sam, zone, now, **choices):
    Stay.objects.update(admitted_on=date(2011, 1, 1))
    sam.time_zone = zone
    sam.save()
    ReminderPlan.objects.for_client(sam).change(by=sam, now=now, **choices)


def posted():
    rows = Notification.objects.filter(kind="checkins.reminder", state="due").order_by("not_before")
    return list(rows.values_list("not_before", flat=True))


@pytest.mark.parametrize(("zone", "at", "first", "second", "third"), TABLE, ids=NAMES)
def test_k3_t3_once_on_each_date_at_the_right_minute(sam, zone, at, first, second, third):
    moments = utc([first, second, third])
    plan_of(sam, zone, moments[0] - JUST_BEFORE, at=time.fromisoformat(at))
    for number, moment in enumerate(moments):
        ReminderPlan.objects.plan(moment - HORIZON - A_SECOND)
        assert posted() == moments[:number]
        ReminderPlan.objects.plan(moment - HORIZON)
        assert posted() == moments[: number + 1]
    days = list(Notification.objects.order_by("not_before").values_list("due_on", flat=True))
    assert days == [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
    assert len(set(days)) == 3


# The old zone, the new one, when the client moves (noon where they leave), and the reminders at 19:00.
MOVES = [
    # Over the date line to the west: the 23rd is lived twice, and had its reminder.
    (
        ("Pacific/Kiritimati", "Pacific/Honolulu", "2026-11-23 22:00"),
        {date(2026, 11, 23): "2026-11-23 05:00", date(2026, 11, 24): "2026-11-25 05:00"},
    ),
    # To the east: the 23rd is left out.
    (
        ("Pacific/Honolulu", "Pacific/Kiritimati", "2026-11-23 22:00"),
        {date(2026, 11, 22): "2026-11-23 05:00", date(2026, 11, 24): "2026-11-24 05:00"},
    ),
    # East by nine hours: the evening is over there, and the next one is the first.
    (
        ("America/Los_Angeles", "Europe/London", "2026-11-23 20:00"),
        {date(2026, 11, 22): "2026-11-23 03:00", date(2026, 11, 24): "2026-11-24 19:00"},
    ),
    # East by less: the evening comes three hours earlier, today still.
    (
        ("America/Los_Angeles", "America/New_York", "2026-11-23 20:00"),
        {date(2026, 11, 22): "2026-11-23 03:00", date(2026, 11, 23): "2026-11-24 00:00"},
    ),
    # West by half an hour and a bit, over odd offsets.
    (
        ("Asia/Kathmandu", "Asia/Kolkata", "2026-11-23 06:15"),
        {date(2026, 11, 22): "2026-11-22 13:15", date(2026, 11, 23): "2026-11-23 13:30"},
    ),
]


@pytest.mark.parametrize(("move", "expected"), MOVES, ids=[f"{move[0]} {move[1]}" for move, _ in MOVES])
def test_k3_who_moves_zone_at_noon_is_reminded_once_on_each_local_date(sam, move, expected):
    old, new, noon = *move[:2], utc([move[2]])[0]
    plan_of(sam, old, noon - timedelta(hours=24), at=time(19))
    for hours in range(-23, 48):
        if hours == 0:
            sam.time_zone = new
            sam.save()
        ReminderPlan.objects.plan(noon + timedelta(hours=hours))
        ReminderPlan.objects.plan(noon + timedelta(hours=hours, minutes=29, seconds=50))
    rows = Notification.objects.filter(kind="checkins.reminder").order_by("not_before")[:2]
    assert dict(rows.values_list("due_on", "not_before")) == {
        day: utc([moment])[0] for day, moment in expected.items()
    }


def test_k3_two_beats_whose_clocks_are_an_hour_wrong_double_nothing(sam):
    """Row 24 of the security plan: one beat an hour ahead, one an hour behind, one right."""
    noon = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)  # the day before the clocks change in New York
    plan_of(sam, "America/New_York", noon, at=time(13))
    for number in range(3 * 36):
        for wrong_by in (1, -1, 0):
            ReminderPlan.objects.plan(noon + number * timedelta(minutes=20) + timedelta(hours=wrong_by))
    days = list(Notification.objects.order_by("due_on").values_list("due_on", flat=True))
    assert days == [date(2026, 10, 31), date(2026, 11, 1)]
    assert posted() == utc(["2026-10-31 17:00", "2026-11-01 18:00"])  # never before its minute


ZONES = sorted({zone for zone, *_rest in TABLE} | {"Pacific/Kiritimati", "Pacific/Honolulu", "UTC"})


@settings(max_examples=150, deadline=None)
@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    at=st.times(),
    weekdays=st.integers(1, EVERY_DAY),
    start=st.datetimes(datetime(2025, 12, 25), datetime(2027, 1, 5), timezones=st.just(UTC)),
)
def test_k3_whatever_the_zones_no_date_has_two_and_each_is_by_the_clock(zones, at, weekdays, start):
    now, days = start, []
    for number in range(12):
        zone = zones[number % len(zones)]
        rhythm = Rhythm(at.replace(microsecond=0, fold=0), weekdays, None, zone, days[-1] if days else None)
        day = rhythm.day_ahead(now)
        moment = rhythm.instant(day)
        there = moment.astimezone(ZoneInfo(zone))
        assert (moment >= now, there.date(), weekdays >> day.weekday() & 1) == (True, day, 1)
        if there.time() != rhythm.at:  # only a time that does not exist may become another one
            written = datetime.combine(day, rhythm.at, tzinfo=ZoneInfo(zone))
            assert written.astimezone(UTC).astimezone(ZoneInfo(zone)) != written
        assert not days or day > days[-1]
        days.append(day)
        now = moment
