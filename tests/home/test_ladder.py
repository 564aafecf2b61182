"""Missed days: two, a task of the primary clinician; three, or nobody went, the next one (K6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import CareTeamMember, Contact, OutreachTask, Stay, User
from checkins.models import CheckIn
from groups.models import Attendance
from recovery_site.home import ladder
from tests.cast import person

MONDAY = date(2026, 11, 16)  # the last day on which Sam said something
ZONES = ["America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


def clock(client: User, days: int, hour: int, minute: int = 0) -> datetime:
    """So many days after that Monday by the client's own clock."""
    day = MONDAY + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), tzinfo=client.zone).astimezone(UTC)


def said(client: User, day: date) -> None:
    at = datetime.combine(day, time(12), tzinfo=client.zone)
    CheckIn.objects.create(client=client, day=day, created_at=at, edited_at=at)


@pytest.fixture
def silent(sam, ana) -> User:
    """Sam, who was there on Monday and said nothing since."""
    User.objects.update(joined_at=datetime(2026, 11, 7, 12, tzinfo=UTC))
    said(sam, MONDAY)
    sam.refresh_from_db()
    return sam


@pytest.fixture
def mo(sam, ana) -> User:
    mo = person("mo", "clinician", "Mo Lindqvist", "")
    CareTeamMember.objects.create(client=sam, clinician=mo)
    return mo


def tasks() -> list[tuple[str, bool, list[str]]]:
    """Whose, whether it is open, and who was called, in order."""
    rows = OutreachTask.objects.filter(reason="missed_check_ins").order_by("opened_at", "pk")
    names = [list(row.calls.values_list("clinician__username", flat=True)) for row in rows]
    return [
        (row.client.username, row.closed_at is None, called) for row, called in zip(rows, names, strict=True)
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("days", "hour", "minute", "called"),
    [
        (0, 23, 0, None),
        (1, 12, 0, None),  # Tuesday is not over
        (2, 12, 0, None),  # one missed: nothing
        (3, 2, 59, None),  # Wednesday ends at three
        (3, 3, 0, ["ana"]),
        (3, 12, 0, ["ana"]),
        (4, 2, 59, ["ana"]),
        (4, 3, 0, ["ana", "mo"]),
        (9, 12, 0, ["ana", "mo"]),  # a worker that slept for days makes the truth of this day
    ],
)
def test_k6_each_rung_by_the_clients_own_days(silent, mo, zone, days, hour, minute, called):
    silent.time_zone = zone
    silent.save(update_fields=["time_zone"])
    for _twice in range(2):
        ladder.climb(clock(silent, days, hour, minute))
    assert tasks() == ([] if called is None else [("sam", True, called)])


@pytest.mark.parametrize(("last", "hour"), [(date(2026, 3, 6), 7), (date(2026, 10, 30), 8)])
def test_k6_days_on_which_the_clock_is_turned_are_days(sam, ana, last, hour):
    User.objects.update(joined_at=datetime(2026, 1, 7, 12, tzinfo=UTC))
    sam.stays.update(admitted_on=date(2026, 1, 7))
    said(sam, last)
    ends = datetime.combine(last + timedelta(days=3), time(hour), tzinfo=UTC)  # three in the morning
    ladder.climb(ends - timedelta(seconds=1))
    assert tasks() == []
    ladder.climb(ends)
    assert tasks() == [("sam", True, ["ana"])]


def test_k6_a_third_missed_day_calls_the_next_and_a_fourth_nobody(silent, mo, ana):
    for days in (3, 4, 5, 6):
        ladder.climb(clock(silent, days, 4))
    assert tasks() == [("sam", True, ["ana", "mo"])]


def test_k6_untouched_for_four_working_hours_it_goes_to_the_next(silent, mo):
    ladder.climb(clock(silent, 3, 3))
    assert OutreachTask.objects.get().next_call_at == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    OutreachTask.objects.call_next(clock(silent, 3, 12, 59))
    assert tasks() == [("sam", True, ["ana"])]
    OutreachTask.objects.call_next(clock(silent, 3, 13))
    ladder.climb(clock(silent, 4, 3))  # the third day calls nobody twice
    assert tasks() == [("sam", True, ["ana", "mo"])]


def test_k6_whoever_goes_is_left_in_peace(silent, mo, ana):
    ladder.climb(clock(silent, 3, 3))
    OutreachTask.objects.get().take(by=ana, now=clock(silent, 3, 9))
    ladder.climb(clock(silent, 4, 3))
    said(silent, MONDAY + timedelta(days=4))
    ladder.climb(clock(silent, 6, 3))
    assert tasks() == [("sam", True, ["ana"])]


def test_k6_another_absence_is_seen_although_the_one_before_is_still_in_hand(silent, mo, ana):
    ladder.climb(clock(silent, 3, 3))
    OutreachTask.objects.get().take(by=ana, now=clock(silent, 3, 9))
    said(silent, MONDAY + timedelta(days=4))
    for _twice in range(2):
        ladder.climb(clock(silent, 7, 3))
        assert tasks() == [("sam", False, ["ana"]), ("sam", True, ["ana"])]


def test_k6_days_before_they_came_do_not_count(silent, ana):
    CheckIn.objects.all().delete()
    silent.stays.update(admitted_on=MONDAY)
    ladder.climb(clock(silent, 3, 2))
    assert tasks() == []
    ladder.climb(clock(silent, 3, 3))
    assert tasks() == [("sam", True, ["ana"])]


def test_k6_nobody_is_missed_before_they_can_sign_in(silent, ana):
    CheckIn.objects.all().delete()
    User.objects.filter(pk=silent.pk).update(joined_at=clock(silent, 2, 12))
    ladder.climb(clock(silent, 4, 12))
    assert tasks() == []


def test_k6_whoever_comes_back_begins_anew(silent, ana):
    silent.stays.update(discharged_on=MONDAY)
    Stay.objects.create(client=silent, admitted_on=MONDAY + timedelta(days=4))
    ladder.climb(clock(silent, 6, 12))
    assert tasks() == []
    ladder.climb(clock(silent, 7, 3))
    assert tasks() == [("sam", True, ["ana"])]


def talk(client, ana, at, make_session):
    Contact.objects.create(client=client, clinician=ana, at=at)


def check_in(client, ana, at, make_session):
    CheckIn.objects.create(client=client, day=client.local_day(at), created_at=at, edited_at=at)


def attend(client, ana, at, make_session, state="late"):
    local = at.astimezone(ZoneInfo("America/New_York"))
    session = make_session(at=time(local.hour), day=local.date(), lead=ana)
    marked = {"state": state, "recorded_by": ana, "recorded_at": at}
    Attendance.objects.create(session=session, client=client, **marked)


@pytest.mark.parametrize("contact", [talk, check_in, attend])
@pytest.mark.parametrize(("days", "open_on_thursday"), [(0, True), (1, False), (2, False), (3, False)])
def test_k6_any_contact_counts_on_its_day(silent, ana, make_session, contact, days, open_on_thursday):
    if (contact, days) != (check_in, 0):
        contact(silent, ana, clock(silent, days, 11), make_session)
    ladder.climb(clock(silent, 3, 12))
    assert bool(tasks()) is open_on_thursday


@pytest.mark.parametrize("state", ["absent", "excused", "not_required"])
def test_k6_only_who_came_to_a_group_was_there(silent, ana, make_session, state):
    attend(silent, ana, clock(silent, 2, 11), make_session, state)
    ladder.climb(clock(silent, 3, 12))
    assert len(tasks()) == 1


@pytest.mark.parametrize("contact", [talk, check_in, attend])
def test_k6_a_contact_ends_what_nobody_took_and_the_next_absence_is_another(
    silent, ana, make_session, contact
):
    ladder.climb(clock(silent, 3, 4))
    contact(silent, ana, clock(silent, 3, 11), make_session)
    talks = Contact.objects.count()
    ladder.climb(clock(silent, 3, 12))
    task = OutreachTask.objects.get()
    assert (task.closed_by, task.taken_by, Contact.objects.count()) == (silent, None, talks)
    ladder.climb(clock(silent, 5, 12))
    assert [is_open for _who, is_open, _called in tasks()] == [False]
    ladder.climb(clock(silent, 6, 12))
    assert [is_open for _who, is_open, _called in tasks()] == [False, True]


def test_k6_not_today_ends_it_at_once(silent, ana):
    ladder.climb(clock(silent, 3, 4))
    CheckIn.objects.skip(by=silent, now=clock(silent, 3, 5))
    assert OutreachTask.objects.get().closed_by == silent


def test_k6_a_contact_that_was_a_slip_opens_the_same_one_again(silent, ana, make_session):
    ladder.climb(clock(silent, 3, 4))
    talk(silent, ana, clock(silent, 3, 5), make_session)
    ladder.climb(clock(silent, 3, 6))
    Contact.objects.all().delete()
    ladder.climb(clock(silent, 3, 7))
    assert [is_open for _who, is_open, _called in tasks()] == [True]


def test_k6_leaving_the_house_ends_it(silent, ana):
    ladder.climb(clock(silent, 3, 4))
    silent.stays.update(discharged_on=MONDAY + timedelta(days=3))
    ladder.climb(clock(silent, 3, 6))
    assert [is_open for _who, is_open, _called in tasks()] == [False]


@pytest.mark.parametrize("away", [{"is_active": False}, {"role": "editor"}])
def test_k6_a_closed_account_is_never_missed(silent, ana, away):
    User.objects.filter(pk=silent.pk).update(**away)
    assert ladder.climb(clock(silent, 4, 12)) == 0
    assert tasks() == []


def test_k6_without_a_primary_the_first_of_the_team_without_a_team_the_managers(silent, mo, ana, mara):
    CareTeamMember.objects.filter(clinician=ana).update(ended_at=clock(silent, 0, 12))
    ladder.climb(clock(silent, 3, 4))
    assert tasks() == [("sam", True, ["mo"])]
    OutreachTask.objects.all().delete()
    CareTeamMember.objects.update(ended_at=clock(silent, 0, 12))
    ladder.climb(clock(silent, 3, 4))
    assert OutreachTask.objects.seen_by_nobody().count() == 1


def test_k6_the_client_gets_no_message(silent, mo, ana):
    for days in (3, 4, 5):
        ladder.climb(clock(silent, days, 12))
    assert (silent.notices.count(), ana.notices.count(), mo.notices.count()) == (0, 1, 1)


def test_k6_idle_asks_as_much_for_300_as_for_one(silent, ana, django_assert_num_queries):
    ladder.climb(clock(silent, 3, 4))
    with django_assert_num_queries(2):
        assert ladder.climb(clock(silent, 3, 5)) == 0
    many = [
        User(username=f"p{n}", role="client", chosen_name="P", email=f"p{n}@x.example") for n in range(299)
    ]
    User.objects.bulk_create(many)
    Stay.objects.bulk_create(Stay(client=one, admitted_on=MONDAY) for one in many)
    with django_assert_num_queries(2):
        assert ladder.climb(clock(silent, 3, 5)) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [3, 4])
def test_k6_two_workers_at_once_make_one_task(silent, mo, days):
    barrier = Barrier(2)

    def work(_number: int) -> None:
        barrier.wait()
        ladder.climb(clock(silent, days, 12))
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert tasks() == [("sam", True, ["ana", "mo"][: days - 2])]
