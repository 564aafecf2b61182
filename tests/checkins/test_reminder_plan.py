"""K3: reminders by the person's own clock, once on each local date."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Stay, User
from accounts.roles import Role
from checkins.models import ReminderPlan, reminder_plan_queries
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


@pytest.fixture
def house(db):
    """Clients with a plan each that falls due at one moment."""

    def fill(number, due=NOON):
        guests = User.objects.bulk_create(
            User(username=f"guest-{n}", role=Role.CLIENT, chosen_name=f"Guest {n}") for n in range(number)
        )
        Stay.objects.bulk_create(Stay(client=guest, admitted_on=date(2026, 11, 1)) for guest in guests)
        ReminderPlan.objects.bulk_create(
            ReminderPlan(client=guest, next_on=date(2026, 11, 24), next_at=due, zone_name="America/New_York")
            for guest in guests
        )

    return fill


@pytest.mark.parametrize("number", [1, 200])
def test_t8_an_idle_tick_is_two_queries(house, number):
    house(number, due=NOON + timedelta(hours=1))
    with CaptureQueriesContext(connection) as queries:
        assert ReminderPlan.objects.plan(NOON) == 0
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2


def test_planning_a_thousand_takes_no_more_queries_than_planning_ten(house):
    counts = []
    for number in (10, 1000):
        ReminderPlan.objects.all().delete()
        User.objects.all().delete()
        house(number)
        with CaptureQueriesContext(connection) as queries:
            ReminderPlan.objects.plan(NOON)
        counts.append(len([query for query in queries if query["sql"].startswith(("SELECT", "UPDATE"))]))
    assert counts[0] == counts[1]


def test_k3_a_planner_that_dies_between_posting_and_moving_on_leaves_both_undone(house, monkeypatch):
    house(3)
    monkeypatch.setattr(reminder_plan_queries.ReminderPlanQuerySet, "_move", dies)
    with pytest.raises(MemoryError):
        ReminderPlan.objects.plan(NOON)
    assert Notification.objects.count() == 0
    assert ReminderPlan.objects.filter(next_at=NOON).count() == 3
    monkeypatch.undo()
    assert (ReminderPlan.objects.plan(NOON), Notification.objects.count()) == (3, 3)


def dies(*_arguments):
    raise MemoryError


def test_t7_plans_of_many_kinds_are_each_moved_by_their_own_choices(house):
    """What is reckoned once for some is never given to others."""
    house(40)
    for number, plan in enumerate(ReminderPlan.objects.all()):
        plan.weekdays = EVERY_DAY if number % 2 else 0b0000010  # Tuesday alone
        plan.follow_up_after = (None, 60, 120)[number % 3]
        plan.at = time(12, number % 4)
        plan.save()
    ReminderPlan.objects.plan(NOON + timedelta(minutes=5))
    for plan in ReminderPlan.objects.all():
        every_day = plan.weekdays == EVERY_DAY
        next_on = date(2026, 11, 25) if every_day else date(2026, 12, 1)
        due = NOON + timedelta(minutes=plan.at.minute)
        assert (plan.planned_on, plan.next_on) == (date(2026, 11, 24), next_on)
        assert plan.next_at == due + (next_on - date(2026, 11, 24))
        kinds = {row.kind: row.not_before for row in Notification.objects.filter(about=plan.pk)}
        assert kinds.pop("checkins.reminder") == due
        later = plan.follow_up_after and NOON + timedelta(minutes=5 + plan.follow_up_after)
        assert kinds == ({"checkins.follow_up": later} if later else {})


def test_row26_every_day_that_an_outage_took_is_counted_once_and_no_paused_or_unchosen_one(sam, noor):
    plan_of(sam, weekdays=0b0110010)  # Tuesday, Friday and Saturday
    plan_of(noor, now=NOON, paused_until=date(2026, 11, 27))
    for hours in (0, 1, 2):
        ReminderPlan.objects.plan(utc(2026, 11, 29, 17) + timedelta(hours=hours))  # Sunday noon
    gone = Notification.objects.taken_by_outage(date(2026, 11, 1))
    assert list(gone.filter(recipient=sam).order_by("due_on").values_list("due_on", flat=True)) == [
        date(2026, 11, 24),
        date(2026, 11, 27),
        date(2026, 11, 28),
    ]
    assert list(gone.filter(recipient=noor).order_by("due_on").values_list("due_on", flat=True)) == [
        date(2026, 11, 27),
        date(2026, 11, 28),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_post_each_reminder_once(house):
    house(300)
    failures = []

    def work():
        try:
            ReminderPlan.objects.plan(NOON)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    planners = [threading.Thread(target=work) for _number in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()
    assert failures == []
    assert Notification.objects.count() == 300
    assert not ReminderPlan.objects.filter(next_at__lte=NOON).exists()
