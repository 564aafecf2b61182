"""K3 to K5: the client chooses, and sees what a reminder looks like; one that lost its point is dropped."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Stay
from checkins.models import CheckIn, ReminderPlan
from checkins.notices import reminder_wanted
from notifications.delivery import decide
from notifications.models import Notification, Preference

PAGE = "/me/reminders/"
CHOICES = {"is_on": "on", "at": "18:30", "weekdays": ["0", "2"], "paused_until": "", "channel": "mail"}


def body(response):
    return response.content.decode()


def coming(client):
    """The next reminder, as the page says it."""
    found = re.search(r"Your next reminder: ([^<]*[^<\s])", body(client.get(PAGE)))
    return found and found[1]


@pytest.fixture
def sams(client_of, sam, frozen):
    return client_of(sam)


def test_the_programs_defaults_stand_in_the_form(sams):
    html = body(sams.get(PAGE))
    assert re.search(r'type="time"\s+name="at"\s+value="19:00"', html)
    assert len(re.findall(r'name="weekdays"[^>]*checked', html)) == 7


def test_the_next_reminder_is_named_and_is_the_one_the_planner_aims_at(sams, sam):
    assert coming(sams) == "Tuesday, 24 November, 7 p.m."
    ReminderPlan.objects.plan(timezone.now())
    assert coming(sams) == "Tuesday, 24 November, 7 p.m."
    assert ReminderPlan.objects.get().coming(timezone.now()) == ReminderPlan.objects.get().next_at


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", "Tuesday, 24 November, 7 p.m."),
        ("Asia/Tokyo", "Wednesday, 25 November, 7 p.m."),  # where it is past midnight
    ],
)
def test_k3_the_next_reminder_follows_a_new_zone_before_the_planner_runs(sams, sam, zone, words):
    ReminderPlan.objects.plan(timezone.now())
    sam.time_zone = zone
    sam.save()
    assert coming(sams) == words


def test_k4_after_a_check_in_the_next_reminder_is_that_of_the_next_chosen_day(sams, sam):
    sams.post(PAGE, CHOICES | {"weekdays": ["1", "3"]})  # Tuesday and Thursday
    assert coming(sams) == "Tuesday, 24 November, 6:30 p.m."
    CheckIn.objects.skip(by=sam, now=timezone.now())
    assert coming(sams) == "Thursday, 26 November, 6:30 p.m."


def test_k4_the_check_in_of_the_night_before_holds_back_no_reminder(sams, sam):
    CheckIn.objects.skip(by=sam, now=timezone.now() - timedelta(days=1))
    assert coming(sams) == "Tuesday, 24 November, 7 p.m."


def test_k4_a_reminder_before_three_belongs_to_the_check_in_of_the_day_before(sam, frozen):
    plan = ReminderPlan.objects.for_client(sam)
    plan.change(by=sam, now=timezone.now(), at=time(1))
    plan.refresh_from_db()
    assert plan.coming(timezone.now()) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    CheckIn.objects.skip(by=sam, now=timezone.now())
    assert plan.coming(timezone.now()) == datetime(2026, 11, 26, 6, tzinfo=UTC)


def test_k4_after_a_discharge_no_reminder_is_named(sams, sam):
    ReminderPlan.objects.plan(timezone.now())
    Stay.objects.update(discharged_on=date(2026, 11, 20))
    assert coming(sams) is None


def test_k3_the_choices_are_kept(sams, sam):
    response = sams.post(PAGE, CHOICES | {"paused_until": "2026-11-30"})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    plan = ReminderPlan.objects.get(client=sam)
    assert (plan.at, plan.weekdays, plan.paused_until) == (time(18, 30), 0b101, date(2026, 11, 30))
    assert plan.next_at == datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert "Monday, 30 November, 6:30 p.m." in body(sams.get(PAGE))


def test_k3_switching_off(sams, sam):
    sams.post(PAGE, {name: value for name, value in CHOICES.items() if name != "is_on"})
    plan = ReminderPlan.objects.get(client=sam)
    assert (plan.is_on, plan.next_at) == (False, None)
    assert coming(sams) is None


@pytest.mark.parametrize("at", ["21:00", "23:59", "00:00", "07:59"])
def test_k4_a_time_in_quiet_hours_is_refused(sams, at):
    response = sams.post(PAGE, CHOICES | {"at": at})
    assert response.status_code == 422
    assert "From 9 p.m. to 8 a.m. we keep quiet." in body(response)
    assert f'value="{at}"' in body(response)


@pytest.mark.parametrize("at", ["08:00", "20:59"])
def test_k4_quiet_hours_are_half_open(sams, at):
    assert sams.post(PAGE, CHOICES | {"at": at}).status_code == 303


def test_k4_the_quiet_hours_are_the_persons_own(sams, sam):
    Preference.objects.create(person=sam, quiet_from=time(12), quiet_until=time(14))
    assert sams.post(PAGE, CHOICES | {"at": "13:00"}).status_code == 422
    assert sams.post(PAGE, CHOICES | {"at": "22:00"}).status_code == 303


def test_k3_the_channel(sams, sam):
    sams.post(PAGE, CHOICES | {"channel": "notices"})
    assert Preference.objects.get(person=sam).channel == "notices"
    sams.post(PAGE, CHOICES)
    assert Preference.objects.get(person=sam).channel == "mail"


def test_k5_without_an_address_the_notice_is_named(sams, sam):
    sam.email = ""
    sam.save()
    html = body(sams.get(PAGE))
    assert "We have no e-mail address of yours, so the reminder appears under Notices." in html
    assert 'name="channel"' not in html
    without = {name: value for name, value in CHOICES.items() if name != "channel"}
    assert sams.post(PAGE, without).status_code == 303


def test_k5_the_page_shows_the_mail_as_it_is(sams):
    html = body(sams.get(PAGE))
    assert "You have a message" in html
    assert "There is a message for you." in html


BAD = [
    ({"at": ""}, "Choose a time."),
    ({"at": "25:00"}, "Write the time like 19:00."),
    ({"at": "\0"}, "Write the time like 19:00."),
    ({"weekdays": []}, "Choose at least one day."),
    ({"weekdays": ["7"]}, "Choose one of these."),
    ({"weekdays": ["0' OR 1=1"]}, "Choose one of these."),
    ({"paused_until": "1800-01-01"}, "Choose a day from tomorrow on, within a year."),
    ({"paused_until": "9999-12-31"}, "Choose a day from tomorrow on, within a year."),
    ({"paused_until": "99999-01-01"}, "Write the day like 2026-11-30."),
    ({"paused_until": "2026-11-24"}, "Choose a day from tomorrow on, within a year."),
    ({"paused_until": "x" * 1_000_000}, "Write the day like 2026-11-30."),
    ({"follow_up_after": "7"}, "Choose one of these."),
    ({"follow_up_after": "sixty"}, "Choose one of these."),
    ({"channel": "pigeon"}, "Choose one of these."),
]


@pytest.mark.parametrize(("sent", "message"), BAD)
def test_bad_input_is_told(sams, sam, sent, message):
    response = sams.post(PAGE, CHOICES | sent)
    assert response.status_code == 422
    assert message in body(response)
    assert ReminderPlan.objects.get(client=sam).at == time(19)


@pytest.fixture
def reminder(sam):
    """Sam's reminder of this evening, a minute after it fell due."""
    due = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    ReminderPlan.objects.plan(due - timedelta(hours=5))
    ReminderPlan.objects.plan(due)
    return Notification.objects.get(kind="checkins.reminder"), due + timedelta(minutes=1)


def test_k4_a_reminder_that_still_has_its_point_is_wanted(reminder):
    assert reminder_wanted(*reminder)


def answered(sam, now):
    CheckIn.objects.skip(by=sam, now=now)


def switched_off(sam, now):
    sam.reminder_plan.change(by=sam, now=now, is_on=False)


def paused(sam, now):
    sam.reminder_plan.change(by=sam, now=now, paused_until=date(2026, 11, 26))


def discharged(sam, now):
    Stay.objects.update(discharged_on=date(2026, 11, 24))


def closed(sam, now):
    sam.is_active = False
    sam.save()


@pytest.mark.parametrize("lost", [answered, switched_off, paused, discharged, closed])
def test_k4_a_reminder_that_lost_its_point_is_dropped(sam, reminder, lost):
    notification, now = reminder
    lost(sam, now)
    fresh = Notification.objects.get(pk=notification.pk)
    assert not reminder_wanted(fresh, now)
    assert decide(fresh, now) == {"state": Notification.State.DROPPED}


def test_k4_yesterdays_answer_does_not_count(sam, reminder):
    notification, now = reminder
    CheckIn.objects.skip(by=sam, now=now - timedelta(days=1))
    assert reminder_wanted(notification, now)


def test_k4_in_quiet_hours_a_reminder_is_dropped_and_not_postponed(reminder):
    notification, now = reminder
    assert decide(notification, now + timedelta(hours=1, minutes=58)) is None  # 20:59
    assert decide(notification, now + timedelta(hours=1, minutes=59)) == {"state": Notification.State.DROPPED}


def test_k4_after_the_day_has_ended_a_reminder_is_dropped(sam, reminder):
    Preference.objects.create(person=sam, quiet_from=time(4), quiet_until=time(5))
    notification, _now = reminder
    fresh = Notification.objects.get(pk=notification.pk)
    assert decide(fresh, notification.not_after - timedelta(seconds=1)) is None
    assert decide(fresh, notification.not_after + timedelta(seconds=1)) == {
        "state": Notification.State.DROPPED
    }


def test_the_notice_says_it_kindly_and_leads_to_the_check_in(reminder):
    notification, _now = reminder
    assert notification.notice == "Your check-in is open, if you like."
    assert notification.get_absolute_url() == "/check-in/"
