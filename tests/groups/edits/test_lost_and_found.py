"""Whom an edit of a series costs a place, whom it gives one back, and on which days it meets (C3, T1, T8)."""

import uuid
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from groups import notices, recurrence
from groups.edits import changing
from groups.edits.preview import Preview
from groups.edits.wish import Wish
from groups.models import Booking, Room, Scope, Series, Session
from groups.models.moving import Move
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import FOLLOWING, WEEK, book, on, told

pytestmark = pytest.mark.django_db
NEXT = TODAY + WEEK
TUESDAY, THURSDAY = recurrence.weekly([1]), recurrence.weekly([3])


def by_hand(session: Session, by, **to):
    return session.move(replace(Move.of(session), **to), by=by, now=NOW, token=uuid.uuid4())


def ahead() -> list[date]:
    return list(Session.objects.upcoming(NOW).order_by("local_date").values_list("local_date", flat=True))


@pytest.fixture
def at_nine(make_session, elm, ana) -> Session:
    """Another group's, next week at nine."""
    return make_session(day=NEXT, at=time(9), room=elm, lead=ana)


def test_c3_a_new_hour_puts_nobody_in_two_places(weekly, change, at_nine, sam, noor):
    booking, stays = book(on(weekly, NEXT), sam), book(on(weekly, NEXT), noor)
    book(at_nine, sam)
    wish = replace(Wish.of(weekly, TODAY), start_time=time(9))
    plan = changing.preview(weekly, wish, scope=Scope.ALL, since=TODAY, now=NOW)
    assert Preview(plan).people_elsewhere == 1
    edit = change(weekly, start_time=time(9))
    booking.refresh_from_db()
    stays.refresh_from_db()
    assert (booking.state, booking.closed_from, booking.needs_place_since) == ("removed", "confirmed", NOW)
    assert stays.state == "confirmed"
    assert (told(notices.NEEDS_PLACE), told(notices.MOVED)) == ([sam.pk], [noor.pk])
    edit.undo(by=weekly.created_by, now=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.needs_place_since) == ("confirmed", None)


def test_c3_b3_the_place_goes_to_who_waits(weekly, change, at_nine, seeking, sam, noor):
    seeking.capacity = 1
    seeking.save()
    book(on(weekly, NEXT), sam)
    book(at_nine, sam)
    waits = book(on(weekly, NEXT), noor, "waitlisted")
    change(weekly, start_time=time(9))
    waits.refresh_from_db()
    assert (waits.state, told(notices.OFFER)) == ("offered", [noor.pk])


def test_c3_another_room_costs_nobody_a_place(weekly, change, make_session, elm, ana, sam):
    booking = book(on(weekly, NEXT), sam)
    change(weekly, room=elm)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_t1_every_second_week_stays_that_week(make_series, dev, change, frozen):
    make_series(rule=recurrence.weekly([1], 2)).schedule(leads=[dev], by=dev, now=NOW)
    change(Series.objects.get(), rule=recurrence.weekly([0], 2))
    assert ahead()[:2] == [date(2026, 12, 7), date(2026, 12, 21)]


def test_t7_following_stays_in_its_weeks_too(make_series, dev, change, frozen):
    make_series(rule=recurrence.weekly([1], 2)).schedule(leads=[dev], by=dev, now=NOW)
    change(Series.objects.get(), FOLLOWING, TODAY + 2 * WEEK, rule=recurrence.weekly([0], 2))
    assert ahead()[:3] == [TODAY, date(2026, 12, 7), date(2026, 12, 21)]
    linked = Series.objects.exclude(follows=None).get()
    assert (linked.start_date, linked.follows.until) == (date(2026, 12, 7), date(2026, 12, 6))


def test_t7_an_earlier_weekday_is_still_this_week_where_it_is_ahead(make_series, dev, change, frozen):
    make_series(start_date=NEXT).schedule(leads=[dev], by=dev, now=NOW)
    change(Series.objects.get(), rule=recurrence.weekly([0]))
    assert ahead()[0] == date(2026, 11, 30)


def test_t7_no_day_is_met_twice_where_the_week_has_two(make_series, dev, change, frozen):
    make_series(rule=recurrence.weekly([1, 3]), count=6).schedule(leads=[dev], by=dev, now=NOW)
    change(Series.objects.get(), FOLLOWING, NEXT + timedelta(days=2), rule=recurrence.weekly([0, 1, 2]))
    days = ahead()
    assert days == sorted(set(days))
    assert days[2:5] == [NEXT, NEXT + timedelta(days=1), NEXT + timedelta(days=6)]


def test_t8_a_session_moved_onto_a_day_of_the_new_rule_stays_there(weekly, change, dev, sam):
    session = on(weekly, NEXT)
    booking = book(session, sam)
    there = NEXT + timedelta(days=2)
    by_hand(session, dev, day=there)
    edit = change(weekly, rule=THURSDAY)
    session.refresh_from_db()
    booking.refresh_from_db()
    assert (session.rule_date, session.local_date, session.own_time) == (there, there, False)
    assert (session.cancelled_at, booking.state) == (None, "confirmed")
    assert Session.objects.filter(series=weekly, local_date=there).count() == 1
    edit.undo(by=dev, now=NOW)
    session.refresh_from_db()
    assert (session.rule_date, session.local_date, session.own_time) == (NEXT, there, True)


def test_t8_a_moved_session_keeps_its_day_while_the_rule_has_it(weekly, change, dev):
    session = on(weekly, NEXT)
    by_hand(session, dev, day=NEXT + timedelta(days=2), at=time(10))
    change(weekly, rule=recurrence.weekly([1, 3]))
    session.refresh_from_db()
    assert session.rule_date == NEXT


def test_t8_a_day_that_comes_back_has_its_people_again(weekly, change, sam, noor, dev):
    session = on(weekly, NEXT)
    mine, waits = book(session, sam), book(session, noor, "waitlisted")
    change(weekly, rule=THURSDAY)
    edit = change(Series.objects.get(), rule=TUESDAY, since=NEXT)
    mine.refresh_from_db()
    waits.refresh_from_db()
    assert (mine.state, mine.needs_place_since, waits.state) == ("confirmed", None, "offered")
    assert (told(notices.PLACE), told(notices.OFFER)) == ([sam.pk], [noor.pk])
    assert told(notices.NEEDS_PLACE) == []
    edit.undo(by=dev, now=NOW)
    mine.refresh_from_db()
    assert (mine.state, mine.needs_place_since) == ("session_cancelled", NOW)
    waits.refresh_from_db()
    assert (waits.state, waits.closed_from, waits.held_until) == ("session_cancelled", "offered", None)
    assert (told(notices.NEEDS_PLACE), told(notices.CANCELLED)) == ([sam.pk], [noor.pk])


@pytest.mark.parametrize("why", ["elsewhere", "settled"])
def test_t8_who_has_another_place_by_then_does_not_come_back(
    weekly, change, make_session, elm, ana, sam, why
):
    mine = book(on(weekly, NEXT), sam)
    change(weekly, rule=THURSDAY)
    mine.refresh_from_db()
    if why == "settled":
        mine.settle(by=ana, now=NOW)
    else:
        book(make_session(day=NEXT, at=time(18), room=elm, lead=ana), sam)
    change(Series.objects.get(), rule=TUESDAY, since=NEXT)
    assert not Booking.objects.confirmed().filter(session=on(weekly, NEXT)).exists()
    mine.refresh_from_db()
    assert (mine.needs_place_since is None) == (why == "settled")


def test_t7_what_is_called_off_changes_along_and_nobody_hears_of_it(weekly, change, elm, dev, ana, sam):
    session = on(weekly, NEXT)
    book(session, sam)
    session.cancel(by=dev, now=NOW)
    wish = replace(Wish.of(weekly, TODAY), start_time=time(10), room=elm, leads=(ana,))
    plan = changing.preview(weekly, wish, scope=Scope.ALL, since=TODAY, now=NOW)
    assert session not in Preview(plan).moving
    change(weekly, start_time=time(10), room=elm, leads=(ana,))
    session = on(weekly, NEXT)
    assert (session.cancelled_at, session.room, session.people) == (NOW, elm, [ana])
    assert told(notices.MOVED) == told(notices.LEADS) == []
    session.reinstate(by=ana, now=NOW)
    assert timezone.localtime(on(weekly, NEXT).starts_at).time() == time(10)


def test_t7_a_day_that_was_called_off_and_went_comes_back_called_off(weekly, change, dev):
    session = on(weekly, NEXT)
    session.cancel(by=dev, now=NOW)
    first = change(weekly, rule=THURSDAY)
    session.refresh_from_db()
    assert (session.withdrawn_by, session.can_be_reinstated_by(dev, NOW)) == (first, False)
    change(Series.objects.get(), rule=TUESDAY, since=NEXT)
    session.refresh_from_db()
    assert (session.withdrawn_by, session.cancelled_at, session.cancelled_by) == (None, NOW, dev)


def test_c1_the_turnover_is_that_of_the_moment(weekly, change, elm, monkeypatch):
    real = changing.hold_all

    def hold_all(*args):
        Room.objects.filter(pk=elm.pk).update(turnover_minutes=25)  # another request, a moment before
        return real(*args)

    monkeypatch.setattr(changing, "hold_all", hold_all)
    change(weekly, room=elm)
    session = on(weekly, NEXT)
    assert session.room_free_at - session.ends_at == timedelta(minutes=25)
