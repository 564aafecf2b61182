"""T7 and K3: many plans at once, several planners, and what an outage took."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Stay, User
from accounts.roles import Role
from checkins.models import ReminderPlan, reminder_plan_queries
from checkins.models.reminder_plan import EVERY_DAY
from notifications.models import Notification
from tests.checkins.test_reminder_plan import NOON, plan_of, utc


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
