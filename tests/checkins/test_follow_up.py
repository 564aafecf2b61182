"""K4: asked once more on a day that is still open, where the client chose that."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from checkins import still_wanted
from checkins.models import ReminderPlan
from notifications.delivery import decide
from notifications.models import Notification, Preference
from tests.checkins.test_reminder_page import (
    CHOICES,
    PAGE,
    answered,
    body,
    closed,
    discharged,
    paused,
    sams,
    switched_off,
)

__all__ = ["sams"]  # a fixture


def chosen_follow_up(response):
    return re.search(r'name="follow_up_after"\s+value="(\d*)"[^>]*checked', body(response))[1]


@pytest.mark.parametrize(("sent", "kept"), [("", None), ("60", 60), ("120", 120)])
def test_k4_a_follow_up_is_the_clients_choice_and_none_by_default(sams, sam, sent, kept):
    sams.post(PAGE, CHOICES)
    assert ReminderPlan.objects.get(client=sam).follow_up_after is None
    assert sams.post(PAGE, CHOICES | {"follow_up_after": sent}).status_code == 303
    assert ReminderPlan.objects.get(client=sam).follow_up_after == kept
    assert chosen_follow_up(sams.get(PAGE)) == sent


@pytest.mark.parametrize(
    "sent", [{"at": "18:30", "follow_up_after": "180"}, {"at": "20:00", "follow_up_after": "60"}]
)
def test_k4_a_follow_up_in_quiet_hours_is_refused(sams, sam, sent):
    response = sams.post(PAGE, CHOICES | sent)
    assert response.status_code == 422
    assert "when we do not write" in body(response)
    assert chosen_follow_up(response) == sent["follow_up_after"]
    assert ReminderPlan.objects.get(client=sam).follow_up_after is None


def test_k4_a_follow_up_past_midnight_is_refused_where_nights_are_not_quiet(sams, sam):
    Preference.objects.create(person=sam, quiet_from=time(12), quiet_until=time(14))
    late = CHOICES | {"at": "22:30", "follow_up_after": "120"}
    assert sams.post(PAGE, late).status_code == 422
    assert sams.post(PAGE, late | {"follow_up_after": "60"}).status_code == 303


@pytest.fixture
def both(sam):
    """Sam's reminder of 18:30, which went out, its follow-up of an hour later, and a moment after that."""
    due = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    plan = ReminderPlan.objects.for_client(sam)
    plan.change(by=sam, now=due - timedelta(hours=5), at=time(18, 30), follow_up_after=60)
    ReminderPlan.objects.plan(due)
    first, second = Notification.objects.order_by("not_before")
    Notification.objects.filter(pk=first.pk).update(shown_at=due, sent_at=due, state="sent")
    return first, second, due + timedelta(minutes=61)


def test_k4_the_follow_up_comes_so_much_later_on_the_same_date(both):
    first, second, now = both
    assert (first.kind, second.kind) == ("checkins.reminder", "checkins.follow_up")
    assert second.not_before - first.not_before == timedelta(hours=1)
    assert (second.due_on, second.not_after) == (first.due_on, first.not_after)
    assert still_wanted.wanted_among([second], now) == {second.pk}
    assert decide(second, now) is None
    assert second.notice == "Your check-in is still open, if you like."


@pytest.mark.parametrize("lost", [answered, switched_off, paused, discharged, closed])
def test_k4_a_follow_up_that_lost_its_point_is_dropped(sam, both, lost):
    _first, second, now = both
    lost(sam, now)
    assert still_wanted.wanted_among([Notification.objects.get(pk=second.pk)], now) == set()


def test_k4_a_follow_up_that_is_not_chosen_any_more_is_dropped(sam, both):
    _first, second, now = both
    sam.reminder_plan.change(by=sam, now=now, follow_up_after=None)
    assert still_wanted.wanted_among([second], now) == set()


def test_k4_a_follow_up_in_quiet_hours_is_dropped(both):
    _first, second, now = both
    assert still_wanted.wanted_among([second], now + timedelta(hours=1, minutes=28)) == {second.pk}  # 20:59
    assert still_wanted.wanted_among([second], now + timedelta(hours=1, minutes=29)) == set()


@pytest.mark.parametrize(("shown_before", "wanted"), [(None, False), (29, False), (30, True)])
def test_k4_after_an_outage_of_the_mail_a_follow_up_does_not_come_right_behind_its_reminder(
    both, shown_before, wanted
):
    first, second, now = both
    shown_at = now - timedelta(minutes=shown_before) if shown_before else None
    Notification.objects.filter(pk=first.pk).update(shown_at=shown_at, sent_at=shown_at)
    assert (second.pk in still_wanted.wanted_among([second], now)) is wanted


@pytest.mark.parametrize(("state", "wanted"), [("due", False), ("noted", True), ("dead", False)])
def test_k4_a_try_that_failed_is_no_reminder_that_went_out(both, state, wanted):
    """It shows the notice, but the mail would come in the same second as the follow-up."""
    first, second, now = both
    Notification.objects.filter(pk=first.pk).update(sent_at=None, state=state)
    assert (second.pk in still_wanted.wanted_among([second], now)) is wanted


def test_k4_a_late_reminder_has_a_follow_up_as_much_later(sam, frozen):
    due = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    plan = ReminderPlan.objects.for_client(sam)
    plan.change(by=sam, now=due - timedelta(hours=5), at=time(18, 30), follow_up_after=60)
    back = due + timedelta(minutes=50)
    ReminderPlan.objects.plan(back)
    assert Notification.objects.get(kind="checkins.follow_up").not_before == back + timedelta(hours=1)


def test_k4_asking_what_is_still_wanted_takes_as_many_queries_for_thirty(django_assert_num_queries, both):
    _first, second, now = both
    second = Notification.objects.select_related("recipient__reach").get(pk=second.pk)
    rows = [
        Notification(
            pk=number,
            recipient=second.recipient,
            kind="checkins.reminder",
            about=second.about,
            due_on=second.due_on,
        )
        for number in range(29)
    ]
    for some in ([second], [second, *rows]):
        with django_assert_num_queries(3):
            assert len(still_wanted.wanted_among(some, now)) == len(some)
