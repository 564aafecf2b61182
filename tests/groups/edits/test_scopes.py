import uuid
from dataclasses import replace
from datetime import time, timedelta

import pytest

from groups import notices, recurrence
from groups.edits import changing
from groups.edits.plan import next_day
from groups.edits.wish import Wish
from groups.models import (
    Attendance,
    Facilitator,
    Room,
    Scope,
    Series,
    Session,
    SkippedDate,
    Suspension,
)
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.edits.conftest import book, hours, on, told

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
ALL, FOLLOWING = Scope.ALL, Scope.FOLLOWING


def test_t6_past_running_and_attended_sessions_never_change(weekly, change, elm, sam, dev, frozen):
    past = list(Session.objects.filter(series=weekly, starts_at__lt=NOW).order_by("pk").values())
    ten_before = on(weekly, TODAY).starts_at - timedelta(minutes=10)
    frozen.move_to(ten_before)
    book(on(weekly, TODAY), sam)
    on(weekly, TODAY).record({sam.pk: "present"}, by=dev, now=ten_before)
    change(weekly, room=elm, start_time=time(19), rule=recurrence.weekly([1, 3]))
    assert len(past) == 3
    assert list(Session.objects.filter(series=weekly, starts_at__lt=NOW).order_by("pk").values()) == past
    attended = on(weekly, TODAY)
    assert (attended.room, hours([attended]), attended.sequence) == (weekly.room, {time(18)}, 0)
    assert Attendance.objects.get().session == attended


def test_t6_a_running_session_stays_when_all_change(weekly, change, elm, frozen):
    begun = on(weekly, TODAY).starts_at
    frozen.move_to(begun)
    since = next_day(weekly, begun)
    wish = replace(Wish.of(weekly, since), room=elm)
    changing.change(weekly, wish, scope=ALL, since=since, by=weekly.created_by, now=begun, token=uuid.uuid4())
    assert since == TODAY + WEEK
    assert on(weekly, TODAY).room == weekly.room
    assert on(weekly, TODAY + WEEK).room == elm


def test_t7_all_changes_what_is_ahead_and_leaves_own_fields(weekly, change, elm, dev):
    own = on(weekly, TODAY + WEEK)
    own._change(
        NOW,
        dev,
        own_time=True,
        starts_at=own.starts_at + timedelta(hours=1),
        ends_at=own.ends_at + timedelta(hours=1),
        room_free_at=own.room_free_at + timedelta(hours=1),
    )
    change(weekly, start_time=time(17), room=elm)
    ahead = Session.objects.filter(series=weekly, starts_at__gt=NOW)
    assert set(ahead.values_list("room", flat=True)) == {elm.pk}
    assert hours(ahead.exclude(pk=own.pk)) == {time(17)}
    own.refresh_from_db()
    assert (hours([own]), own.own_time, own.sequence) == ({time(19)}, True, 2)


def test_t7_all_takes_own_fields_too_where_that_was_ticked(weekly, change, elm, dev, ana):
    own = on(weekly, TODAY + WEEK)
    own._change(NOW, dev, own_room=True, room=elm, own_people=True)
    Facilitator.objects.filter(session=own).update(person=ana)
    change(weekly, start_time=time(17), own=True)
    own.refresh_from_db()
    assert (own.room, own.own_room, own.own_people) == (weekly.room, False, False)
    assert own.people == [dev]
    assert hours([own]) == {time(17)}


def test_t7_following_ends_the_old_series_the_day_before_and_begins_a_linked_one(weekly, change, elm):
    since = TODAY + 2 * WEEK
    change(weekly, FOLLOWING, since, room=elm, rule=recurrence.weekly([1, 3]))
    weekly.refresh_from_db()
    linked = Series.objects.get(follows=weekly)
    assert weekly.until == since - timedelta(days=1)
    assert (linked.start_date, linked.room, linked.until) == (since, elm, None)
    assert linked.people() == weekly.people()
    assert on(weekly, TODAY + WEEK).room != elm
    assert not Session.objects.filter(series=weekly, rule_date__gte=since).exists()
    assert Session.objects.filter(series=linked).count() == 21
    assert (weekly.lay_out(NOW), linked.lay_out(NOW)) == (0, 0)


def test_t7_following_splits_a_count(make_series, change, dev, elm, frozen):
    series = make_series(count=10)
    series.schedule(leads=[dev], by=dev, now=NOW)
    change(series, FOLLOWING, TODAY + 4 * WEEK, room=elm)
    series.refresh_from_db()
    linked = Series.objects.get(follows=series)
    assert (series.count, linked.count) == (4, 6)
    assert (series.sessions.count(), linked.sessions.count()) == (4, 6)


def test_t7_following_from_the_first_session_is_all(make_series, change, dev, elm, frozen):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    change(series, FOLLOWING, TODAY, room=elm)
    assert Series.objects.count() == 1
    assert set(series.sessions.values_list("room", flat=True)) == {elm.pk}


def test_t7_what_lies_ahead_goes_over_cancelled_left_out_and_resting(weekly, change, elm, dev):
    since = TODAY + 2 * WEEK
    on(weekly, since).cancel(by=dev, now=NOW)
    skipped, rest = since + WEEK, (since - WEEK, since + 2 * WEEK)
    Session.objects.filter(series=weekly, rule_date=skipped).delete()
    SkippedDate.objects.create(series=weekly, day=skipped, skipped_by=dev, at=NOW)
    suspension = Suspension.objects.create(
        series=weekly, first=rest[0], last=rest[1], suspended_by=dev, suspended_at=NOW
    )
    Session.objects.filter(series=weekly, local_date__range=rest).update(suspension=suspension)
    change(weekly, FOLLOWING, since, room=elm, rule=recurrence.weekly([1, 3]))
    linked = Series.objects.get(follows=weekly)
    assert on(linked, since).cancelled_at == NOW
    assert on(linked, since).withdrawn_by is None
    assert not Session.objects.filter(rule_date=skipped).exists()
    assert SkippedDate.objects.get().series == linked
    there = linked.suspensions.get()
    suspension.refresh_from_db()
    assert (suspension.last, there.first, there.last) == (since - timedelta(days=1), since, rest[1])
    assert on(weekly, since - WEEK).suspension == suspension
    assert on(linked, since + timedelta(days=2)).suspension == there


def test_t8_a_booking_on_a_date_that_stays_is_kept_and_its_client_told(weekly, change, elm, sam):
    session = on(weekly, TODAY + WEEK)
    booking = book(session, sam)
    change(weekly, start_time=time(17), room=elm)
    session.refresh_from_db()
    booking.refresh_from_db()
    assert (session.room, session.sequence, booking.state) == (elm, 1, "confirmed")
    assert told(notices.MOVED) == [sam.pk]
    assert told(notices.NEEDS_PLACE) == []


def test_t8_what_does_not_really_change_keeps_its_number(weekly, change):
    change(weekly, rule=recurrence.weekly([1, 3]))
    assert set(Session.objects.values_list("sequence", flat=True)) == {0}


def test_t8_a_date_that_goes_names_who_needs_a_place(weekly, change, sam, noor, dev):
    session = on(weekly, TODAY + WEEK)
    mine, waits = book(session, sam), book(session, noor, "waitlisted")
    edit = change(weekly, rule=recurrence.weekly([3]))
    session.refresh_from_db()
    mine.refresh_from_db()
    waits.refresh_from_db()
    assert (session.withdrawn_by, session.cancelled_by, session.cancelled_at) == (edit, dev, NOW)
    assert (mine.state, mine.closed_from, mine.needs_place_since) == ("session_cancelled", "confirmed", NOW)
    assert (waits.state, waits.closed_from, waits.needs_place_since) == (
        "session_cancelled",
        "waitlisted",
        None,
    )
    assert told(notices.NEEDS_PLACE) == [sam.pk]
    assert told(notices.CANCELLED) == [noor.pk]
    new = on(weekly, TODAY + WEEK + timedelta(days=2))
    assert (new.bookings.count(), new.people) == (0, [dev])


def test_t8_a_date_that_comes_back_has_its_session_again(weekly, change):
    session = on(weekly, TODAY + WEEK)
    change(weekly, rule=recurrence.weekly([3]))
    weekly.refresh_from_db()
    change(weekly, rule=recurrence.weekly([1]))
    session.refresh_from_db()
    assert (session.cancelled_at, session.withdrawn_by, session.sequence) == (None, None, 2)


def test_t8_a_smaller_room_sends_nobody_away_and_a_larger_one_lets_them_in(weekly, change, seeking, elm):
    seeking.capacity = 12
    seeking.save()
    people = residents(4)
    session = on(weekly, TODAY + WEEK)
    for person in people[:3]:
        book(session, person)
    small = Room.objects.create(name="Small", capacity=2)
    change(weekly, room=small)
    assert session.bookings.confirmed().count() == 3
    waits = book(session, people[3], "waitlisted")
    weekly.refresh_from_db()
    edit = change(weekly, room=elm)
    waits.refresh_from_db()
    assert waits.state == "offered"
    assert edit.can_be_undone(NOW)
