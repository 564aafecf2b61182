"""A group that was open takes people in another way from now on, while some wait for it (B6)."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from groups.models import Admission, Booking, Group, Session
from groups.refusals import NotOpen, PartOfThePlan
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, residents
from tests.groups.test_joining import at_once
from tests.groups.test_offers import HOUR, NEXT_WEEK, State, leave, line, state, told
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = 24 * HOUR


def takes(group: Group, admission: Admission, mara, now=NOW) -> None:
    group.admission = admission
    group.keep(by=mara, now=now)


@pytest.mark.parametrize("admission", [Admission.CLOSED, Admission.MANDATORY])
def test_b6_whoever_waits_for_a_group_that_is_open_no_longer_is_told_once(
    make_session, seeking, mara, admission
):
    here, later = make_session(day=NEXT_WEEK), make_session(day=NEXT_WEEK + DAY)
    rows = line(here, 5)
    Booking.objects.bulk_create(
        Booking(session=later, client=row.client, state="waitlisted", joined_at=NOW) for row in rows[3:]
    )
    leave(rows[0], NOW)
    assert [state(row) for row in rows[3:]] == [State.OFFERED, State.WAITLISTED]
    takes(seeking, admission, mara, NOW + HOUR)
    assert [state(row) for row in rows[1:]] == [State.CONFIRMED] * 2 + [State.REMOVED] * 2
    assert not Booking.objects.in_line().exists()
    assert sorted(told("line_ended")) == sorted((row.client_id, seeking.pk) for row in rows[3:])
    notice = Notification.objects.filter(kind="groups.line_ended").first()
    assert kinds.get("groups.line_ended").page(notice) == seeking.get_absolute_url()


def test_b6_no_place_of_a_closed_group_is_offered_to_who_is_no_member(make_session, seeking, mara):
    rows = line(make_session(day=NEXT_WEEK), 4)
    takes(seeking, Admission.CLOSED, mara)
    leave(rows[0], NOW)
    Session.objects.turn_waitlists(NOW + HOUR)
    Session.objects.expect_people(NOW + HOUR)
    assert state(rows[3]) == State.REMOVED
    assert told("offer") == []


def test_b6_who_waited_for_what_is_part_of_the_plan_now_is_expected_like_everybody(
    make_session, seeking, mara
):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    takes(seeking, Admission.MANDATORY, mara)
    Session.objects.expect_people(NOW + HOUR)
    assert session.bookings.confirmed().filter(client=rows[3].client).count() == 1


def test_b6_a_group_that_stays_open_keeps_its_line(make_session, seeking, mara):
    rows = line(make_session(day=NEXT_WEEK), 4)
    seeking.purpose = "To meet."
    seeking.keep(by=mara, now=NOW)
    assert state(rows[3]) == State.WAITLISTED
    assert told("line_ended") == []


def test_b6_what_is_part_of_the_plan_binds_who_has_a_place_and_not_who_waits(make_session, client_of):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    Group.objects.update(admission=Admission.MANDATORY)  # a line from before
    with pytest.raises(PartOfThePlan):
        leave(rows[0], NOW)
    browser = client_of(rows[3].client)
    assert "Leave the waitlist" in browser.get(session.get_absolute_url()).content.decode()
    assert browser.post(page("cancellation", session.pk)).status_code == 303
    assert state(rows[3]) == State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_b6_nobody_is_left_waiting_who_came_while_the_group_was_closed(make_session, seeking, mara):
    """Whoever asks to wait is told that the group has its own members, at once or once they wait."""
    for number in range(3):
        session = make_session(day=NEXT_WEEK + number * DAY)
        takes(seeking, Admission.OPEN, mara)
        line(session, 4)
        people = residents(6, name=f"late{number}")
        works = [partial(session.join, by=one, now=NOW, or_wait=True) for one in people]
        works.insert(3, partial(takes, Group.objects.get(), Admission.CLOSED, mara))
        results = at_once(lambda work: work(), works)
        assert all(isinstance(one, Booking | NotOpen | None) for one in results), results
        assert not session.bookings.in_line().exists()
        waited = session.bookings.filter(state=State.REMOVED, client__in=people)
        assert waited.count() == sum(isinstance(one, Booking) for one in results)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_b6_who_stood_before_a_locked_session_is_told_that_the_group_closed_meanwhile(
    make_session, seeking, mara
):
    """On PostgreSQL, a row that is locked at last comes with the group as it was before the wait."""
    session = make_session(day=NEXT_WEEK)
    [late] = residents(1)

    def join() -> Exception | Booking:
        try:
            return session.join(by=late, now=NOW, or_wait=True)
        except NotOpen as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Session.objects.select_for_update().get(pk=session.pk)
            joining = threads.submit(join)
            wait_until_somebody_waits()
            takes(Group.objects.get(), Admission.CLOSED, mara)
        assert isinstance(joining.result(timeout=30), NotOpen)
    assert not session.bookings.exists()


def wait_until_somebody_waits() -> None:
    """For a lock that this very connection holds."""
    for _turn in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
