"""Two absences in a row, without word, are one task for the primary clinician (B8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.models import AccessRecord, CareTeamMember, Contact, OutreachTask
from groups import missing, notices
from groups.models import Attendance, Booking, Room, Session
from tests.cast import person
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = pytest.mark.usefixtures("frozen")
DAYS = [TODAY - timedelta(days=ago) for ago in (4, 3, 2, 1)]


@pytest.fixture
def four(make_session, dev, sam) -> list[Session]:
    """Sam was expected at four sessions of the last days."""
    sessions = [make_session(day, time(9), lead=dev) for day in DAYS]
    for session in sessions:
        session.bookings.create(client=sam, state="confirmed", joined_at=NOW - timedelta(days=9))
    return sessions


@transaction.atomic
def mark(session: Session, client, state: str, *, by, now: datetime = NOW) -> None:
    """As the sheet does; nothing takes the mark back."""
    if state:
        fields = {"state": state, "recorded_by": by, "recorded_at": now}
        Attendance.objects.update_or_create(session=session, client=client, defaults=fields)
    else:
        session.attendance.filter(client=client).delete()
    missing.look_after(session, [client.pk], by=by, now=now)


def mark_all(sessions, client, states, *, by) -> None:
    for session, state in zip(sessions, states, strict=False):
        if state != "-":
            mark(session, client, STATES[state], by=by)


STATES = {
    "a": "absent",
    "p": "present",
    "l": "late",
    "e": "excused",
    "n": "not_required",
    "y": "left_early",
    "": "",
}


def tasks() -> list:
    return list(OutreachTask.objects.open().values_list("client__username", "reason", "about"))


@pytest.mark.parametrize(
    ("states", "first"),
    [
        ("a", None),
        ("aa", 0),
        ("aaa", 0),
        ("aaaa", 0),
        ("ap", None),
        ("apa", None),
        ("ala", None),
        ("aya", None),
        ("aea", None),
        ("apaa", 2),
        ("ana", 0),
        ("a-a", 0),  # what nobody recorded is passed over, and never counts as absent
        ("a---", None),
        ("----", None),
        ("eeee", None),
    ],
)
def test_b8_two_absences_in_a_row_without_word_are_one_task(four, sam, dev, states, first):
    mark_all(four, sam, states, by=dev)
    assert tasks() == ([] if first is None else [("sam", "missed_sessions", four[first].pk)])


def test_b8_the_order_is_that_of_the_sessions_not_of_the_sheets(four, sam, dev):
    mark_all(four[2:], sam, "aa", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[2].pk)]
    mark(four[1], sam, "absent", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[1].pk)]
    mark(four[0], sam, "present", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[1].pk)]


def test_b8_the_same_mark_twice_is_one_task(four, sam, ana, dev):
    mark_all(four, sam, "aa", by=dev)
    mark_all(four, sam, "aa", by=dev)
    assert OutreachTask.objects.count() == 1
    assert ana.notices.filter(kind=notices.MISSED).count() == 1


def test_b8_the_primary_clinician_is_told_and_the_care_team_reads_it(four, sam, ana, dev, mara):
    kim = person("kim", "clinician", "Kim Adu", "")
    CareTeamMember.objects.create(client=sam, clinician=kim)
    mark_all(four, sam, "aa", by=dev)
    told = {user.username: user.notices.filter(kind=notices.MISSED).count() for user in (ana, kim, dev, mara)}
    assert told == {"ana": 1, "kim": 0, "dev": 0, "mara": 0}
    seen = {
        user.username: OutreachTask.objects.visible_to(user).count() for user in (sam, ana, kim, dev, mara)
    }
    assert seen == {"sam": 1, "ana": 1, "kim": 1, "dev": 0, "mara": 0}


def test_b8_without_a_care_team_a_manager_reads_that_somebody_waits(four, sam, dev):
    mark_all(four, sam, "aa", by=dev)
    assert OutreachTask.objects.seen_by_nobody().count() == 1


def test_b8_a_corrected_mark_lays_the_task_down(four, sam, dev):
    mark_all(four, sam, "aa", by=dev)
    mark(four[1], sam, "present", by=dev)
    assert tasks() == []
    task = OutreachTask.objects.get()
    assert (task.closed_by, Contact.objects.count()) == (dev, 0)


@pytest.mark.parametrize("corrected", ["present", "excused", "not_required", ""])
def test_b8_the_first_of_three_corrected_makes_it_about_the_second(four, sam, dev, corrected):
    mark_all(four, sam, "aaa", by=dev)
    mark(four[0], sam, corrected, by=dev)
    assert tasks() == [("sam", "missed_sessions", four[1].pk)]


def test_b8_a_mark_corrected_back_asks_again(four, sam, dev):
    mark_all(four, sam, "aa", by=dev)
    mark(four[1], sam, "", by=dev)
    mark(four[1], sam, "absent", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[0].pk)]
    assert OutreachTask.objects.count() == 1


def test_b8_a_task_that_somebody_took_stays_when_the_mark_is_corrected(four, sam, ana, dev):
    mark_all(four, sam, "aa", by=dev)
    OutreachTask.objects.get().take(by=ana, now=NOW)
    mark(four[1], sam, "present", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[0].pk)]


def test_b8_a_task_for_another_reason_is_left_alone(four, sam, dev):
    mark_all(four, sam, "aa", by=dev)
    asked = OutreachTask.objects.ask(client=sam, reason="asked", about=four[0].pk, now=NOW)
    mark(four[0], sam, "present", by=dev)
    assert list(OutreachTask.objects.open()) == [asked]


def test_b8_a_talk_begins_the_count_anew(four, sam, ana, dev):
    mark_all(four, sam, "aa", by=dev)
    OutreachTask.objects.update(opened_at=four[1].starts_at)
    OutreachTask.objects.get().close(by=ana, now=four[1].ends_at)
    mark(four[2], sam, "absent", by=dev)
    assert tasks() == []
    mark(four[3], sam, "absent", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[2].pk)]


def test_b8_whoever_was_talked_with_since_is_missed_no_more(four, sam, ana, dev):
    Contact.objects.create(client=sam, clinician=ana, at=four[2].starts_at)
    mark_all(four, sam, "aa", by=dev)
    assert tasks() == []


def test_b8_an_absence_with_an_apology_ahead_is_none(four, sam, dev):
    four[1].bookings.update(apology_at=NOW - timedelta(days=5))
    mark_all(four, sam, "aa", by=dev)
    assert tasks() == []
    mark_all(four, sam, "aaaa", by=dev)
    assert tasks() == [("sam", "missed_sessions", four[2].pk)]


def test_b8_absences_of_an_earlier_stay_do_not_count(make_session, sam, dev):
    sam.stays.update(admitted_on=DAYS[1])
    for day in (DAYS[0], DAYS[2]):
        mark(make_session(day, time(9), lead=dev), sam, "absent", by=dev)
    assert tasks() == []


def test_b8_a_called_off_session_is_no_absence(four, sam, dev):
    mark(four[0], sam, "absent", by=dev)
    Session.objects.filter(pk=four[0].pk).update(cancelled_at=NOW, cancelled_by=dev)
    mark(four[1], sam, "absent", by=dev)
    assert tasks() == []


def test_b8_whoever_has_left_the_house_is_left_alone(four, sam, dev):
    mark(four[0], sam, "absent", by=dev)
    sam.stays.update(discharged_on=date(2026, 11, 24))
    mark(four[1], sam, "absent", by=dev)
    assert tasks() == []


def test_b8_each_person_is_counted_for_themselves(four, sam, noor, dev):
    mark(four[0], sam, "absent", by=dev)
    mark(four[1], noor, "absent", by=dev)
    assert tasks() == []


def test_b8_a_look_after_many_takes_as_many_queries_as_after_one(
    make_session, dev, django_assert_num_queries
):
    sessions = [make_session(day, time(9), lead=dev) for day in DAYS]
    for people in (residents(1), residents(29, "more")):
        mark_of = {"state": "absent", "recorded_by": dev, "recorded_at": NOW}
        Attendance.objects.bulk_create(
            Attendance(session=sessions[0], client=person, **mark_of) for person in people
        )
        with django_assert_num_queries(10), transaction.atomic():
            missing.look_after(sessions[0], [person.pk for person in people], by=dev, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_b8_two_sheets_at_one_moment_make_the_task(make_session, sam, ana, dev):
    other = Room.objects.create(name="Studio", capacity=5)
    sessions = [make_session(DAYS[2], time(9), lead=dev), make_session(DAYS[3], lead=ana, room=other)]
    barrier = Barrier(2)

    def record(session: Session) -> None:
        barrier.wait()
        mark(session, sam, "absent", by=dev)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(record, sessions))
    assert tasks() == [("sam", "missed_sessions", sessions[0].pk)]


def test_b8_nothing_of_it_is_a_look_at_somebody(four, sam, dev):
    mark_all(four, sam, "aa", by=dev)
    assert (AccessRecord.objects.count(), Booking.objects.count()) == (0, 4)
