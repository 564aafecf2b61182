import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from groups import notices, recurrence
from groups.answers import Answer
from groups.clashes import Clashes
from groups.edits import changing
from groups.edits.plan import next_day
from groups.edits.wish import Wish
from groups.models import (
    Attendance,
    Booking,
    Edit,
    Facilitator,
    Room,
    Scope,
    Series,
    Session,
    SkippedDate,
    Suspension,
)
from groups.refusals import EditedMeanwhile, NothingToPlan, SomethingHappened
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
ALL, FOLLOWING = Scope.ALL, Scope.FOLLOWING


@pytest.fixture
def elm(db) -> Room:
    return Room.objects.create(name="Elm room", capacity=12)


@pytest.fixture
def weekly(frozen, make_series, dev) -> Series:
    """Tuesdays at six, from three weeks ago on, with no end; three of them are past."""
    frozen.move_to(NOW - 3 * WEEK)
    series = make_series(start_date=TODAY - 3 * WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW - 3 * WEEK)
    frozen.move_to(NOW)
    series.lay_out(NOW)
    return Series.objects.get(pk=series.pk)


@pytest.fixture
def change(dev) -> Callable[..., Edit]:
    def do(series, scope=ALL, since=None, *, by=None, token=None, mark=None, answer=None, **wishes) -> Edit:
        since = since or next_day(series, NOW) or TODAY
        wish = replace(Wish.of(series, since), **wishes)
        return changing.change(
            series,
            wish,
            scope=scope,
            since=since,
            by=by or dev,
            now=NOW,
            token=token or uuid.uuid4(),
            mark=mark,
            answer=answer,
        )

    return do


def on(series: Series, day: date) -> Session:
    return Session.objects.get(series=series, rule_date=day)


def book(session: Session, client, state="confirmed") -> Booking:
    return Booking.objects.create(session=session, client=client, state=state, joined_at=NOW)


def told(kind: str) -> list[uuid.UUID]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def hours(sessions) -> set[time]:
    from django.utils import timezone

    return {timezone.localtime(one.starts_at).time() for one in sessions}


def picture() -> list[tuple]:
    rows = Session.objects.order_by("pk")
    return list(
        rows.values_list("pk", "series", "starts_at", "ends_at", "room", "local_date", "cancelled_at")
    )


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
    assert waits.state == "confirmed"
    assert edit.can_be_undone(NOW)


def test_c4_clashing_dates_save_nothing_until_they_are_answered(
    weekly, change, make_session, elm, ana, seeking
):
    day = TODAY + WEEK
    make_session(day=day, at=time(18), room=elm, lead=ana)
    before = picture()
    with pytest.raises(Clashes) as clash:
        change(weekly, room=elm)
    assert [one.planned.rule_date for one in clash.value.found] == [day]
    assert (picture(), Edit.objects.count()) == (before, 0)
    change(weekly, room=elm, answer=Answer(skip=frozenset([day])))
    assert on(weekly, day).withdrawn_by is not None
    assert SkippedDate.objects.get().day == day
    assert on(weekly, day + WEEK).room == elm


def test_c4_another_room_for_the_dates_that_clash(weekly, change, make_session, elm, ana):
    day = TODAY + WEEK
    make_session(day=day, at=time(18), room=elm, lead=ana)
    ash = Room.objects.create(name="Ash", capacity=5)
    change(weekly, room=elm, answer=Answer(rooms={day: ash}))
    assert (on(weekly, day).room, on(weekly, day).own_room) == (ash, True)
    assert (on(weekly, day + WEEK).room, on(weekly, day + WEEK).own_room) == (elm, False)


def test_c2_a_manager_lets_somebody_be_in_two_places(weekly, change, make_session, elm, ana, mara):
    day = TODAY + WEEK
    make_session(day=day, at=time(17), room=elm, lead=weekly.people()[0])
    answer = Answer(twice=frozenset([day]), reason="They share the hour.")
    with pytest.raises(Clashes):
        change(weekly, start_time=time(17), answer=answer)
    change(weekly, start_time=time(17), answer=answer, by=mara)
    row = Facilitator.objects.get(session=on(weekly, day))
    assert (row.overlap_allowed_by, row.overlap_reason) == (mara, "They share the hour.")
    assert Facilitator.objects.filter(overlap_allowed_by__isnull=False).count() == 1


def test_a_series_moves_past_its_own_former_times(make_series, change, dev, frozen):
    series = make_series(
        rule=recurrence.weekly([0, 1, 2, 3, 4, 5, 6]),
        minutes=480,
        start_time=time(13),
        until=TODAY + 2 * WEEK,
    )
    series.schedule(leads=[dev], by=dev, now=NOW)
    change(series, start_time=time(15))
    assert hours(series.sessions.all()) == {time(15)}
    change(Series.objects.get(), start_time=time(12))
    assert hours(series.sessions.all()) == {time(12)}


def test_other_people_lead_and_those_in_the_room_are_told(weekly, change, sam, ana, dev, elm):
    book(on(weekly, TODAY + WEEK), sam)
    own = on(weekly, TODAY + 2 * WEEK)
    own._change(NOW, dev, own_people=True)
    change(weekly, leads=(ana,))
    assert weekly.people() == [ana]
    assert on(weekly, TODAY + WEEK).people == [ana]
    assert own.people == [dev]
    assert told(notices.LEADS) == [sam.pk]
    assert told(notices.HANDED_OVER) == [ana.pk]
    past = Session.objects.filter(series=weekly, starts_at__lt=NOW)
    assert {person for one in past for person in one.people} == {dev}


def test_sent_twice_it_is_one_edit(weekly, change, elm):
    token = uuid.uuid4()
    first = change(weekly, room=elm, token=token)
    again = change(weekly, room=elm, token=token)
    assert (first, Edit.objects.count()) == (again, 1)
    assert on(weekly, TODAY + WEEK).sequence == 1


def test_somebody_else_edited_meanwhile(weekly, change, elm):
    mark = changing.mark_of(weekly)
    change(weekly, room=elm, mark=mark)
    with pytest.raises(EditedMeanwhile):
        change(weekly, minutes=90, mark=mark)
    weekly.refresh_from_db()
    assert weekly.minutes == 60


def test_an_end_withdraws_what_lies_after_it(weekly, dev, sam):
    booking = book(on(weekly, TODAY + 2 * WEEK), sam)
    weekly.end(on=TODAY + WEEK, by=dev, now=NOW, token=uuid.uuid4())
    weekly.refresh_from_db()
    booking.refresh_from_db()
    assert weekly.until == TODAY + WEEK
    assert list(weekly.sessions.upcoming(NOW).values_list("rule_date", flat=True)) == [TODAY, TODAY + WEEK]
    assert (booking.state, booking.needs_place_since) == ("session_cancelled", NOW)
    assert weekly.lay_out(NOW) == 0


def test_an_edit_leaves_something(weekly, change):
    with pytest.raises(NothingToPlan):
        change(weekly, until=TODAY - WEEK)


def test_undo_puts_everything_back_and_tells_again(weekly, change, elm, sam, noor, dev, ana):
    mine, other = book(on(weekly, TODAY + WEEK), sam), book(on(weekly, TODAY + 3 * WEEK), noor)
    before, led = (
        picture(),
        list(
            Facilitator.objects.order_by("session", "person").values_list(
                "session", "series", "person", "role"
            )
        ),
    )
    edit = change(weekly, FOLLOWING, TODAY + WEEK, rule=recurrence.weekly([1], 2), room=elm, leads=(ana,))
    assert picture() != before
    Notification.objects.all().delete()
    edit.undo(by=dev, now=NOW)
    edit.undo(by=dev, now=NOW)
    assert picture() == before
    assert (
        list(
            Facilitator.objects.order_by("session", "person").values_list(
                "session", "series", "person", "role"
            )
        )
        == led
    )
    mine.refresh_from_db()
    other.refresh_from_db()
    for booking in (mine, other):
        assert (booking.state, booking.closed_from, booking.needs_place_since) == ("confirmed", "", None)
    weekly.refresh_from_db()
    assert (weekly.until, Series.objects.count(), edit.undone_by) == (None, 1, dev)
    assert told(notices.MOVED) == sorted([sam.pk, noor.pk])


def test_undo_gives_lost_places_back(weekly, change, sam, dev):
    booking = book(on(weekly, TODAY + WEEK), sam)
    edit = change(weekly, rule=recurrence.weekly([3]))
    edit.undo(by=dev, now=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.closed_at, booking.needs_place_since) == ("confirmed", None, None)
    assert told(notices.PLACE) == [sam.pk]
    assert told(notices.NEEDS_PLACE) == []
    assert set(Session.objects.filter(series=weekly).values_list("cancelled_at", flat=True)) == {None}
    assert not Session.objects.filter(rule_date=TODAY + timedelta(days=2)).exists()


@pytest.mark.parametrize(
    "what", ["edit", "booking", "left", "attendance", "substitute", "begun", "taken", "settled"]
)
def test_undo_is_refused_when_something_happened(
    weekly, change, elm, sam, noor, dev, ana, make_session, what
):
    first, second = on(weekly, TODAY + WEEK), on(weekly, TODAY + 2 * WEEK)
    gone = book(second, noor)
    booking = book(first, sam)
    edit = change(weekly, rule=recurrence.weekly([1], 2), room=elm, since=TODAY + WEEK, scope=FOLLOWING)
    now = NOW
    if what == "edit":
        change(Series.objects.get(follows=weekly), minutes=45)
    if what == "booking":
        book(first, noor)
    if what == "left":
        booking.cancel(by=sam, now=NOW)
    if what == "attendance":
        Attendance.objects.create(
            session=first, client=sam, state="present", recorded_by=dev, recorded_at=NOW
        )
    if what == "substitute":
        Facilitator.objects.filter(session=first).update(person=ana, role="sub", stands_in_for=dev)
    if what == "begun":
        now = NOW + WEEK + timedelta(hours=12)
    if what == "taken":
        make_session(day=second.local_date, at=time(18), lead=ana)
    if what == "settled":
        gone.refresh_from_db()
        gone.settle(by=dev, now=NOW)
    before = picture()
    with pytest.raises(SomethingHappened):
        edit.undo(by=dev, now=now)
    assert picture() == before
    edit.refresh_from_db()
    assert edit.undone_at is None


def test_what_is_kept_of_an_edit_holds_no_words(weekly, change, elm, sam):
    book(on(weekly, TODAY + WEEK), sam)
    edit = change(weekly, room=elm)
    edit.refresh_from_db()
    for word in ("Sam", "Oak", "Elm", "Seeking", str(sam.pk)):
        assert word not in str(edit.before)


def test_the_questions_asked_do_not_grow_with_the_sessions(
    make_series, dev, elm, frozen, django_assert_max_num_queries, change
):
    """Thirty dates cost what one does; rows are written by the hundred."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for number, room in ((1, elm), (30, Room.objects.create(name="Ash", capacity=9))):
        series = make_series(count=number, start_date=TODAY + WEEK)
        series.schedule(leads=[dev], by=dev, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            change(series, room=room, start_time=time(9))
        with CaptureQueriesContext(connection) as undone:
            Edit.objects.get(series=series).undo(by=dev, now=NOW)
        asked.append((len(queries), len(undone)))
        series.sessions.update(cancelled_at=NOW, cancelled_by=dev)
    assert asked[0] == asked[1]
