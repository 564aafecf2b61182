"""K3: reminders by the person's own clock, once on each local date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Stay
from checkins.models import ReminderPlan
from checkins.models.reminder_plan import EVERY_DAY
from notifications.models import Notification

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday in New York
TICK = timedelta(seconds=10)


def plan_of(client, now=NOON, **choices):
    plan = ReminderPlan.objects.for_client(client)
    plan.change(by=client, now=now, **choices)
    return ReminderPlan.objects.get(pk=plan.pk)


def run(start, *, hours, step=timedelta(minutes=30)):
    """Plans all along a span of time, and tells the moments that were chosen."""
    for number in range(int(timedelta(hours=hours) / step) + 1):
        ReminderPlan.objects.plan(start + number * step)
    rows = Notification.objects.filter(kind="checkins.reminder").order_by("not_before")
    return list(rows.values_list("due_on", "not_before"))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_k3_everybody_in_the_house_is_reminded_at_the_programs_hour(sam, noor, ana, mara):
    Stay.objects.filter(client=noor).update(discharged_on=date(2026, 11, 20))
    ReminderPlan.objects.plan(NOON)
    plan = ReminderPlan.objects.get()
    assert (plan.client, plan.at, plan.weekdays, plan.is_on) == (sam, time(19), EVERY_DAY, True)
    assert plan.next_at == utc(2026, 11, 25, 0, 0)


def test_k3_a_reminder_lies_ready_before_its_minute_and_lasts_till_the_day_ends(sam):
    due = plan_of(sam, at=time(19)).next_at
    ReminderPlan.objects.plan(due - timedelta(minutes=1))
    assert Notification.objects.count() == 0
    ReminderPlan.objects.plan(due - TICK)
    row = Notification.objects.get()
    assert (row.recipient, row.not_before, row.due_on) == (sam, due, date(2026, 11, 24))
    assert row.not_after == utc(2026, 11, 25, 8, 0)  # Wednesday 03:00
    assert ReminderPlan.objects.get().next_at == due + timedelta(days=1)


def test_k3_only_on_chosen_days(sam):
    plan_of(sam, weekdays=0b0010001)  # Monday and Friday
    assert [day for day, _at in run(NOON, hours=24 * 14)] == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 4),
        date(2026, 12, 7),
    ]


def test_k3_a_pause_ends_on_its_day(sam):
    plan_of(sam, paused_until=date(2026, 11, 28))
    assert [day for day, _at in run(NOON, hours=24 * 6)] == [date(2026, 11, 28), date(2026, 11, 29)]


def test_k3_switched_off_is_never_planned(sam):
    assert plan_of(sam, is_on=False).next_at is None
    assert run(NOON, hours=48) == []


def test_k3_planning_many_times_is_planning_once(sam):
    plan_of(sam)
    assert len(run(utc(2026, 11, 24, 23, 59, 50), hours=0.02, step=timedelta(seconds=1))) == 1


def test_k3_a_new_time_gives_no_second_reminder_on_the_day(sam):
    plan_of(sam, at=time(13))
    run(NOON, hours=2)
    plan = plan_of(sam, now=NOON + timedelta(hours=2), at=time(16))
    assert plan.next_at == utc(2026, 11, 25, 21, 0)
    assert [day for day, _at in run(NOON + timedelta(hours=2), hours=30)] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


def test_k3_a_time_that_is_over_today_begins_tomorrow(sam):
    assert plan_of(sam, at=time(9)).next_at == utc(2026, 11, 25, 14, 0)


# Each line: the zone, the time of the plan, when the test begins, and the next two reminders.
BOTH_CHANGES = [
    # 02:30 does not exist, 01:30 comes twice.
    ("America/New_York", time(2, 30), utc(2026, 3, 7, 12), [utc(2026, 3, 8, 7, 30), utc(2026, 3, 9, 6, 30)]),
    (
        "America/New_York",
        time(1, 30),
        utc(2026, 10, 31, 12),
        [utc(2026, 11, 1, 5, 30), utc(2026, 11, 2, 6, 30)],
    ),
    (
        "America/New_York",
        time(12, 15),
        utc(2026, 3, 7, 12),
        [utc(2026, 3, 7, 17, 15), utc(2026, 3, 8, 16, 15)],
    ),
    ("Europe/London", time(1, 30), utc(2026, 3, 28, 12), [utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)]),
    (
        "Europe/London",
        time(1, 30),
        utc(2026, 10, 24, 12),
        [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)],
    ),
    # Half an hour of change, and offsets of 30 and 45 minutes.
    (
        "Australia/Lord_Howe",
        time(12, 15),
        utc(2026, 4, 3, 12),
        [utc(2026, 4, 4, 1, 15), utc(2026, 4, 5, 1, 45)],
    ),
    ("Asia/Kathmandu", time(12, 15), utc(2026, 4, 3, 12), [utc(2026, 4, 4, 6, 30), utc(2026, 4, 5, 6, 30)]),
    ("Asia/Kolkata", time(12, 15), utc(2026, 4, 3, 12), [utc(2026, 4, 4, 6, 45), utc(2026, 4, 5, 6, 45)]),
    # Midnight is what does not exist in Cairo on 24 April.
    ("Africa/Cairo", time(0, 15), utc(2026, 4, 23, 12), [utc(2026, 4, 23, 22, 15), utc(2026, 4, 24, 21, 15)]),
]


@pytest.mark.parametrize(("zone", "at", "start", "moments"), BOTH_CHANGES)
def test_k3_gap_and_overlap(sam, zone, at, start, moments):
    Stay.objects.update(admitted_on=date(2026, 1, 1))
    sam.time_zone = zone
    sam.save()
    plan_of(sam, now=start, at=at)
    found = run(start, hours=47)
    assert [moment for _day, moment in found][:2] == moments
    assert len({day for day, _at in found}) == len(found)


@pytest.mark.parametrize(
    ("old", "new", "moments"),
    [
        # East at noon: the evening comes earlier, today still.
        ("America/Los_Angeles", "America/New_York", [utc(2026, 11, 25, 0), utc(2026, 11, 26, 0)]),
        # West at noon: it comes later.
        ("America/New_York", "America/Los_Angeles", [utc(2026, 11, 25, 3), utc(2026, 11, 26, 3)]),
        # Where it is late evening already, today's minute is over.
        ("America/New_York", "Europe/Athens", [utc(2026, 11, 25, 17), utc(2026, 11, 26, 17)]),
    ],
)
def test_k3_who_moves_zone_at_noon_is_reminded_by_the_new_clock(sam, old, new, moments):
    sam.time_zone = old
    sam.save()
    ReminderPlan.objects.plan(NOON - timedelta(hours=1))
    sam.time_zone = new
    sam.save()
    found = run(NOON + timedelta(minutes=30), hours=48)
    assert [moment for _day, moment in found][:2] == moments


def test_k3_who_crosses_the_date_line_after_a_reminder_gets_none_twice_on_a_date(sam):
    sam.time_zone = "Pacific/Auckland"
    sam.save()
    start = utc(2026, 11, 24, 3)  # 16:00 in Auckland
    ReminderPlan.objects.plan(start)
    run(start, hours=4)
    sam.time_zone = "Pacific/Honolulu"  # where the 24th has only begun
    sam.save()
    days = [day for day, _at in run(start + timedelta(hours=4), hours=72)]
    assert days == sorted(set(days))
    assert days[:2] == [date(2026, 11, 24), date(2026, 11, 25)]


def test_an_outage_of_three_days_brings_back_todays_reminder_only(sam):
    plan_of(sam)
    back = utc(2026, 11, 28, 0, 30)  # Friday 19:30
    ReminderPlan.objects.plan(back)
    rows = Notification.objects.order_by("due_on")
    assert list(rows.filter(state="due").values_list("due_on", flat=True)) == [date(2026, 11, 27)]
    assert ReminderPlan.objects.get().next_at == utc(2026, 11, 29, 0)
    # Those of the days before are never sent: their rows only say how many they were.
    past = [date(2026, 11, day) for day in (24, 25, 26)]
    assert list(rows.exclude(state="due").values_list("due_on", flat=True)) == past
    assert list(rows.taken_by_outage(date(2026, 11, 1)).values_list("due_on", flat=True)) == past
    assert not rows.exclude(state="due").exclude(shown_at=None).exists()


def test_a_discharge_puts_the_plan_to_sleep_and_a_new_stay_wakes_it(sam):
    plan_of(sam)
    Stay.objects.update(discharged_on=date(2026, 11, 24))
    ReminderPlan.objects.plan(utc(2026, 11, 25, 0))
    assert ReminderPlan.objects.get().next_at is None
    assert Notification.objects.count() == 0
    Stay.objects.create(client=sam, admitted_on=date(2026, 11, 26))
    ReminderPlan.objects.plan(utc(2026, 11, 26, 17))
    assert ReminderPlan.objects.get().next_at == utc(2026, 11, 27, 0)


@pytest.mark.parametrize("weekdays", [0, 128])
def test_the_database_wants_some_weekday(sam, weekdays):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderPlan.objects.create(client=sam, weekdays=weekdays)


def test_changing_needs_ones_own_plan(sam, noor):
    plan = ReminderPlan.objects.for_client(sam)
    with pytest.raises(ReminderPlan.DoesNotExist):
        plan.change(by=noor, now=NOON, is_on=False)
