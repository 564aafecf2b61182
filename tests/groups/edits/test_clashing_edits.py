import uuid
from datetime import time, timedelta

import pytest

from groups import notices, recurrence
from groups.answers import Answer
from groups.clashes import Clashes
from groups.edits import changing
from groups.models import (
    Edit,
    Facilitator,
    Room,
    Scope,
    Series,
    Session,
    SkippedDate,
)
from groups.refusals import AllLeftOut, EditedMeanwhile, NothingToPlan
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import book, hours, on, picture, told

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
ALL, FOLLOWING = Scope.ALL, Scope.FOLLOWING


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


def test_c4_every_date_left_out_is_no_change(weekly, change, make_session, elm, ana):
    days = [one.rule_date for one in weekly.sessions.filter(starts_at__gt=NOW)]
    for day in days:
        make_session(day=day, at=time(18), room=elm, lead=ana)
    before = picture()
    with pytest.raises(AllLeftOut, match="Every date would be left out"):
        change(weekly, room=elm, answer=Answer(skip=frozenset(days)))
    assert (picture(), Edit.objects.count()) == (before, 0)


def test_c4_another_room_for_the_dates_that_clash(weekly, change, make_session, elm, ana):
    day = TODAY + WEEK
    make_session(day=day, at=time(18), room=elm, lead=ana)
    ash = Room.objects.create(name="Ash", capacity=5)
    change(weekly, room=elm, answer=Answer(rooms={day: ash}))
    assert (on(weekly, day).room, on(weekly, day).own_room) == (ash, True)
    assert (on(weekly, day + WEEK).room, on(weekly, day + WEEK).own_room) == (elm, False)


def test_c2_a_manager_lets_somebody_be_in_two_places(weekly, change, make_session, elm, ana, mara):
    day = TODAY + WEEK
    make_session(day=day, at=time(17), minutes=60, room=elm, lead=weekly.people()[0])
    answer = Answer(twice=frozenset([day]), reason="They share the hour.")
    with pytest.raises(Clashes):
        change(weekly, start_time=time(17), answer=answer)
    change(weekly, start_time=time(17), answer=answer, by=mara)
    row = Facilitator.objects.get(session=on(weekly, day))
    assert (row.overlap_allowed_by, row.overlap_reason) == (mara, "They share the hour.")
    assert Facilitator.objects.filter(overlap_allowed_by__isnull=False).count() == 1
    assert "They%20share%20the%20hour." in on(weekly, day).history.first().history_change_reason


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
