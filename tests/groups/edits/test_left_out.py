"""What an edit leaves out, lets rest, refuses, and what a manager said (C1, C2, C4, T9)."""

from datetime import time, timedelta

import pytest

from groups import notices, recurrence
from groups.answers import Answer
from groups.edits import changing
from groups.models import Facilitator, Room, Series, Session, SkippedDate
from groups.refusals import GroupOver, OutOfUse, RoomClosed
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import FOLLOWING, WEEK, book, on, told
from tests.groups.edits.test_lost_and_found import THURSDAY, TUESDAY, by_hand

pytestmark = pytest.mark.django_db
NEXT = TODAY + WEEK


def test_c4_a_date_left_out_goes_where_only_a_person_is_taken(weekly, change, make_session, elm, ana, sam):
    booking = book(on(weekly, NEXT), sam)
    make_session(day=NEXT, at=time(18), room=elm, lead=ana)
    edit = change(weekly, leads=(ana,), answer=Answer(skip=frozenset([NEXT])))
    session = on(weekly, NEXT)
    booking.refresh_from_db()
    assert (session.withdrawn_by, SkippedDate.objects.get().day) == (edit, NEXT)
    assert (booking.needs_place_since, told(notices.NEEDS_PLACE)) == (NOW, [sam.pk])


def test_c4_a_date_left_out_is_withdrawn_at_the_hour_that_people_knew(weekly, change, make_session, elm, ana):
    was = Session.objects.filter(pk=on(weekly, NEXT).pk).values(
        "starts_at", "ends_at", "room_free_at", "room"
    )
    before = was.get()
    make_session(day=NEXT, at=time(9), room=elm, lead=ana)
    change(weekly, start_time=time(9), room=elm, answer=Answer(skip=frozenset([NEXT])))
    assert on(weekly, NEXT).withdrawn_by is not None
    assert was.get() == before


def test_c4_a_room_chosen_as_an_answer_is_held(weekly, change, make_session, ana, mara, monkeypatch):
    ash, real = Room.objects.create(name="Ash", capacity=4), changing.hold_all
    make_session(day=NEXT, at=time(9), lead=ana)

    def hold_all(*args):
        Room.objects.get(pk=ash.pk).close(by=mara, now=NOW)  # another request, a moment before
        return real(*args)

    monkeypatch.setattr(changing, "hold_all", hold_all)
    with pytest.raises(RoomClosed):
        change(weekly, start_time=time(9), answer=Answer(rooms={NEXT: ash}))
    assert not ash.sessions.exists()


@pytest.mark.parametrize("what", ["group", "room"])
def test_c1_nothing_new_in_a_closed_room_or_for_an_ended_group(
    make_series, dev, mara, oak, seeking, change, frozen, what
):
    make_series(start_date=NEXT, count=2).schedule(leads=[dev], by=dev, now=NOW)
    for session in Session.objects.all():
        session.cancel(by=dev, now=NOW)
    seeking.end(by=mara, now=NOW) if what == "group" else oak.close(by=mara, now=NOW)
    with pytest.raises(GroupOver if what == "group" else OutOfUse):
        change(Series.objects.get(), count=5)
    assert Session.objects.count() == 2


def test_c2_another_room_keeps_what_a_manager_allowed(weekly, change, make_session, dev, elm, mara):
    facilitator = Facilitator.objects.filter(session=on(weekly, NEXT))
    facilitator.update(overlap_allowed_by=mara, overlap_reason="They share the hour.")
    make_session(day=NEXT, at=time(18), room=Room.objects.create(name="Ash", capacity=9), lead=dev)
    change(weekly, room=elm)
    assert facilitator.get().overlap_reason == "They share the hour."
    change(Series.objects.get(), start_time=time(17))
    assert facilitator.get().overlap_reason == ""


def test_t9_a_day_that_comes_back_into_a_rest_rests(weekly, change, dev):
    change(weekly, rule=THURSDAY)
    rest = Series.objects.get().suspend(first=NEXT, last=NEXT + timedelta(days=6), by=dev, now=NOW)
    change(Series.objects.get(), rule=TUESDAY, since=NEXT)
    assert (on(weekly, NEXT).cancelled_at, on(weekly, NEXT).suspension) == (None, rest)


def test_t9_a_session_carried_back_into_a_rest_rests(weekly, change, dev):
    by_hand(on(weekly, NEXT), dev, day=NEXT + timedelta(days=9))
    rest = weekly.suspend(first=NEXT, last=NEXT + timedelta(days=6), by=dev, now=NOW)
    change(weekly, own=True, start_time=time(17))
    assert on(weekly, NEXT).suspension == rest


def test_t9_the_end_of_a_rest_that_was_parted_is_told_once(weekly, change, dev, sam):
    for number in (1, 2, 3):
        book(on(weekly, TODAY + number * WEEK), sam)
    whole = weekly.suspend(first=NEXT, last=NEXT + 3 * WEEK, by=dev, now=NOW)
    ends = Notification.objects.filter(kind=notices.MEETS_AGAIN, recipient=sam)
    edit = change(weekly, FOLLOWING, TODAY + 2 * WEEK, rule=recurrence.weekly([1, 2]))
    part = Series.objects.get(follows=weekly).suspensions.get()
    assert ends.get().about == part.pk
    edit.undo(by=dev, now=NOW)
    assert ends.get().about == whole.pk
