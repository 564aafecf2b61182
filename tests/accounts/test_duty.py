"""K7: who is on call is data: planned by managers, read by clinicians, true over nights and turned clocks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import DutyShift
from accounts.models.duty import shift_of

TODAY = date(2026, 11, 24)
FORM = {"day": "2026-11-24", "starts": "17:00", "ends": "09:00", "weeks": "1"}


def plan(person, day=TODAY, starts=time(9), ends=time(17), weeks=1) -> list[DutyShift]:
    return DutyShift.objects.plan(clinician=person, day=day, starts=starts, ends=ends, weeks=weeks)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (TODAY, time(9), time(17), 8),
        (TODAY, time(17), time(9), 16),  # over night
        (TODAY, time(9), time(9), 24),
        (date(2026, 10, 31), time(17), time(9), 17),  # the clock is put back
        (date(2026, 3, 7), time(17), time(9), 15),  # and forward
    ],
)
def test_k7_duty_lasts_as_long_as_the_wall_clock_says(day, starts, ends, hours):
    begin, end = shift_of(day, starts, ends)
    assert end - begin == timedelta(hours=hours)


def test_t3_duty_from_a_time_that_does_not_exist_begins_before_the_gap(ana):
    assert shift_of(date(2026, 3, 8), time(2, 30), time(9))[0] == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_t3_duty_in_an_hour_that_does_not_exist_is_refused_in_words(ana, frozen):
    with pytest.raises(ValidationError, match="the clock leaves out that hour"):
        plan(ana, day=date(2027, 3, 14), starts=time(2), ends=time(3))


def test_k7_duty_is_half_open(ana, frozen):
    [shift] = plan(ana)
    people = [DutyShift.objects.people_at(moment) for moment in (shift.starts_at, shift.ends_at)]
    assert people == [[ana], []]


def test_k7_whoever_works_here_no_more_is_on_call_no_more(ana, frozen):
    plan(ana)
    ana.is_active = False
    ana.save()
    assert DutyShift.objects.people_at(timezone.now()) == []


def test_k7_planned_for_weeks_it_keeps_its_wall_clock(ana, frozen):
    shifts = plan(ana, day=date(2027, 3, 9), weeks=2)
    assert [timezone.localtime(shift.starts_at).hour for shift in shifts] == [9, 9]
    assert shifts[1].starts_at - shifts[0].starts_at == timedelta(days=7) - timedelta(hours=1)


def test_k7_nobody_is_on_call_twice_at_one_time_and_all_weeks_are_planned_or_none(ana, dev, frozen):
    plan(ana, day=TODAY + timedelta(days=7))
    with pytest.raises(ValidationError) as refusal:
        plan(ana, weeks=3, starts=time(16), ends=time(20))
    assert refusal.value.messages == ["They are on call at that time already, on Tuesday, 1 December."]
    assert DutyShift.objects.count() == 1
    plan(ana, starts=time(17), ends=time(20))  # right after is no overlap
    plan(dev, weeks=2)
    assert DutyShift.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_k7_two_plans_at_once_are_one(ana, frozen):
    def work(hour: int) -> bool:
        try:
            return bool(plan(ana, starts=time(hour), ends=time(hour + 4)))
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(work, (9, 10, 11))) == 1
    assert DutyShift.objects.count() == 1


def test_k7_gaps_are_the_times_that_nobody_covers(ana, dev, frozen):
    now = timezone.now()  # ten in the morning
    plan(ana)
    plan(dev, starts=time(16), ends=time(20))
    plan(dev, day=TODAY + timedelta(days=1))
    told = [
        tuple(f"{timezone.localtime(moment):%d %H}" for moment in gap)
        for gap in DutyShift.objects.gaps(now, now + timedelta(days=2))
    ]
    assert told == [("24 20", "25 09"), ("25 17", "26 10")]


def test_k7_a_manager_plans_changes_and_takes_out(mara, ana, dev, client_of, frozen):
    maras = client_of(mara)
    assert maras.post("/duty/", FORM | {"clinician": ana.pk}).status_code == 303
    shift = DutyShift.objects.get()
    assert "until Wednesday" not in maras.get("/duty/").content.decode()
    changed = {"clinician": dev.pk, "day": "2026-11-24", "starts": "09:00", "ends": "20:00"}
    assert maras.post(f"/duty/{shift.pk}/", changed).status_code == 303
    html = maras.get("/duty/").content.decode()
    assert "until Tuesday, 8:00 p.m." in " ".join(html.split())
    for _twice in range(2):
        assert maras.post(f"/duty/{shift.pk}/removal/").status_code == 303
    assert not DutyShift.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"clinician": ""}, "Choose somebody from the list."),
        ({"day": "soon"}, "Write the day like 2026-11-30."),
        ({"ends": ""}, "Choose a time."),
        ({"weeks": "27"}, "26"),
    ],
)
def test_k7_a_plan_with_a_mistake_says_which_and_changes_nothing(mara, ana, client_of, frozen, wrong, words):
    page = client_of(mara).post("/duty/", FORM | {"clinician": ana.pk} | wrong)
    assert (page.status_code, DutyShift.objects.count()) == (422, 0)
    assert words in page.content.decode()
    assert 'value="17:00"' in page.content.decode()


def test_k7_a_plan_on_top_of_another_keeps_what_was_chosen(mara, ana, client_of, frozen):
    plan(ana, starts=time(16), ends=time(20))
    page = client_of(mara).post("/duty/", FORM | {"clinician": ana.pk})
    assert page.status_code == 422
    assert "They are on call at that time already" in page.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_k7_the_page_costs_the_same_for_one_and_for_thirty(
    dev, ana, client_of, frozen, number, django_assert_num_queries
):
    for week in range(number):
        plan(
            ana,
            day=TODAY + timedelta(days=week % 28),
            starts=time(week // 28 * 4 + 11),
            ends=time(14 + week // 28 * 4),
        )
    browser = client_of(dev)
    with django_assert_num_queries(4):  # session, person, shifts, gaps
        assert browser.get("/duty/").status_code == 200


def test_k7_today_says_until_when_one_is_on_call_and_managers_when_nobody_is(ana, mara, client_of, frozen):
    assert "Nobody is on call just now." in client_of(mara).get("/today/").content.decode()
    plan(ana)
    assert "Nobody is on call just now." not in client_of(mara).get("/today/").content.decode()
    assert "You are on call until Tuesday, 5:00 p.m." in " ".join(
        client_of(ana).get("/today/").content.decode().split()
    )
