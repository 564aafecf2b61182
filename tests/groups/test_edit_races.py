"""Two at once: one edit wins, the other is told; who joins, leaves or is marked comes before or after."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from groups.edits import changing
from groups.edits.wish import Wish
from groups.models import Booking, Edit, Room, Scope, Series, Session
from groups.recurrence import weekly
from groups.refusals import EditedMeanwhile, Refused
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_admission_changes import wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(weeks=1)


@pytest.fixture
def series(frozen, make_series, dev) -> Series:
    series = make_series(until=TODAY + 4 * WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW)
    return Series.objects.get(pk=series.pk)


def at_once(*works) -> list[object]:
    start = Barrier(len(works))

    def work(doing) -> object:
        start.wait()
        try:
            return doing()
        except Refused as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(work, works))


def edit(series: Series, by, *, token=None, mark=None, scope=Scope.ALL, **wishes):
    wish = replace(Wish.of(series, TODAY), **wishes)
    given = {"by": by, "now": NOW, "token": token or uuid.uuid4(), "mark": mark}
    return changing.change(series, wish, scope=scope, since=TODAY, **given)


def test_of_two_edits_at_once_one_wins_and_the_other_is_told(series, dev):
    mark = changing.mark_of(series)
    answers = at_once(
        lambda: edit(series, dev, mark=mark, start_time=time(17)),
        lambda: edit(series, dev, mark=mark, minutes=90),
    )
    assert sorted(type(answer) for answer in answers if isinstance(answer, Refused)) == [EditedMeanwhile]
    assert Edit.objects.count() == 1
    assert len(set(series.sessions.values_list("starts_at__time", "sequence"))) == 1


def test_one_edit_sent_twice_at_once_is_one(series, dev):
    token = uuid.uuid4()
    answers = at_once(*[lambda: edit(series, dev, token=token, start_time=time(17))] * 2)
    assert answers[0] == answers[1] == Edit.objects.get()
    assert set(series.sessions.values_list("sequence", flat=True)) == {1}


def test_t8_who_joins_while_the_date_goes_is_told_or_refused(series, dev):
    people = residents(4)
    session = series.sessions.get(rule_date=TODAY + WEEK)
    at_once(
        lambda: edit(series, dev, rule=weekly([3])),
        *[lambda person=person: session.join(by=person, now=NOW, or_wait=True) for person in people],
    )
    session.refresh_from_db()
    assert session.cancelled_at == NOW
    for booking in Booking.objects.all():
        assert booking.state == "session_cancelled"
        assert (booking.needs_place_since == NOW) == (booking.closed_from == "confirmed")


def test_who_leaves_while_the_room_changes_lets_somebody_in(series, dev):
    people = residents(5)
    session = series.sessions.get(rule_date=TODAY + WEEK)
    for person in people:
        session.join(by=person, now=NOW, or_wait=True)
    small = Room.objects.create(name="Small", capacity=2)
    first = session.bookings.get(client=people[0])
    at_once(lambda: edit(series, dev, room=small), lambda: first.cancel(by=people[0], now=NOW))
    states = sorted(session.bookings.values_list("state", flat=True))
    assert states.count("confirmed") in (2, 3)  # lowered under them, nobody goes (C5)
    assert states.count("cancelled") == 1
    assert len(states) == 5


def test_t6_a_mark_comes_before_or_after_and_stays_true(series, dev, sam):
    session = series.sessions.get(rule_date=TODAY)
    Booking.objects.create(session=session, client=sam, state="confirmed", joined_at=NOW)
    minutes = timedelta(minutes=10)
    soon = session.starts_at - minutes
    wish = replace(Wish.of(series, TODAY), rule=weekly([3]))
    given = {"scope": Scope.ALL, "since": TODAY, "by": dev, "now": soon, "token": uuid.uuid4()}
    at_once(
        lambda: changing.change(series, wish, **given),
        lambda: session.record({sam.pk: "present"}, by=dev, now=soon),
    )
    session = Session.objects.get(pk=session.pk)
    assert bool(session.cancelled_at) != session.attendance.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_who_waited_for_a_session_that_went_to_another_room_holds_it(series):
    """On PostgreSQL, a row that was joined to before the wait no longer fits the one that is held."""
    session = series.sessions.get(rule_date=TODAY + WEEK)
    small = Room.objects.create(name="Small", capacity=2)

    def hold() -> Session:
        try:
            with transaction.atomic():
                return session.locked()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Session.objects.filter(pk=session.pk).update(room=small)
            holding = threads.submit(hold)
            wait_until_somebody_waits()
        assert holding.result(timeout=30).room == small
