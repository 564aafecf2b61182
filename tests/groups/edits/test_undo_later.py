"""An edit is undone some time after it was made: what came of it meanwhile counts (T7)."""

import uuid
from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.utils import timezone

from groups import notices
from groups.models import Booking, Edit, Facilitator, Room, Series, Session
from groups.models.moving import Move
from groups.refusals import GroupOverSince, RoomClosedSince, SomethingHappened
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import WEEK, book, on, picture, told

pytestmark = pytest.mark.django_db
DAY = TODAY + WEEK
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def move(dev):
    def do(session: Session, **to) -> Edit:
        return session.move(replace(Move.of(session), **to), by=dev, now=NOW, token=uuid.uuid4())

    return do


def refused(edit: Edit, by, why=SomethingHappened) -> None:
    before = picture()
    with pytest.raises(why):
        edit.undo(by=by, now=LATER)
    assert picture() == before


def test_c3_a_session_does_not_come_back_to_the_time_of_another_that_its_client_joined(
    weekly, move, make_session, elm, ana, dev, sam
):
    session = on(weekly, DAY)
    book(session, sam)
    edit = move(session, at=time(9))
    make_session(day=DAY, at=time(18), room=elm, lead=ana).join(by=sam, now=NOW)
    refused(edit, dev)


def test_c3_nor_do_the_sessions_of_a_series(weekly, change, make_session, elm, ana, dev, sam):
    book(on(weekly, DAY), sam)
    edit = change(weekly, start_time=time(9))
    make_session(day=DAY, at=time(18), room=elm, lead=ana).join(by=sam, now=NOW)
    refused(edit, dev)


def test_c3_a_longer_session_that_comes_back_counts_as_well(weekly, change, make_session, elm, ana, dev, sam):
    book(on(weekly, DAY), sam)
    edit = change(weekly, minutes=30)
    make_session(day=DAY, at=time(18, 40), room=elm, lead=ana).join(by=sam, now=NOW)
    refused(edit, dev)


def test_c5_who_came_in_by_an_edit_stays_in_when_it_is_undone(weekly, move, elm, dev, sam, noor):
    tiny = Room.objects.create(name="Tiny", capacity=1)
    session = on(weekly, DAY)
    move(session, room=tiny)
    book(session, sam)
    waiting = book(session, noor, "waitlisted")
    session.refresh_from_db()
    edit = move(session, room=elm)
    edit.undo(by=dev, now=LATER)
    waiting.refresh_from_db()
    session.refresh_from_db()
    assert (session.room, waiting.state, waiting.closed_from) == (tiny, "offered", "")


@pytest.mark.parametrize("what", ["moved", "cancelled", "substitute", "note", "nothing"])
def test_t5_what_was_laid_out_since_does_not_just_go(make_series, change, dev, ana, elm, frozen, what):
    series = make_series(start_date=TODAY + 4 * WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW)
    edit = change(Series.objects.get(), start_time=time(17))
    known, later = set(Session.objects.values_list("pk", flat=True)), NOW + 2 * WEEK
    frozen.move_to(later)
    Series.objects.lay_out(later)
    new = Session.objects.exclude(pk__in=known).latest("starts_at")
    if what == "moved":
        new.move(replace(Move.of(new), room=elm), by=dev, now=later, token=uuid.uuid4())
    if what == "cancelled":
        new.cancel(by=dev, now=later)
    if what == "substitute":
        Facilitator.objects.filter(session=new).update(person=ana, role="sub", stands_in_for=dev)
    if what == "note":
        new.write_note("Begin outside", seen=0, by=dev, now=later)
    assert edit.can_be_undone(later) is (what == "nothing")
    if what == "nothing":
        edit.undo(by=dev, now=later)
        assert {timezone.localtime(one.starts_at).time() for one in Session.objects.all()} == {time(18)}
    else:
        with pytest.raises(SomethingHappened):
            edit.undo(by=dev, now=later)


def test_c1_nothing_comes_back_into_a_closed_room(make_session, move, elm, oak, dev, mara):
    edit = move(make_session(day=DAY, lead=dev), room=elm)
    oak.close(by=mara, now=NOW)
    assert not edit.can_be_undone(LATER)
    refused(edit, dev, RoomClosedSince)


def test_an_ended_group_does_not_meet_again_by_an_undo(make_series, seeking, dev, mara, frozen):
    make_series(start_date=DAY).schedule(leads=[dev], by=dev, now=NOW)
    edit = Series.objects.get().end(on=TODAY, by=dev, now=NOW, token=uuid.uuid4())
    seeking.end(by=mara, now=NOW)
    assert not edit.can_be_undone(LATER)
    refused(edit, dev, GroupOverSince)


def test_t9_what_comes_back_into_a_rest_rests(weekly, move, dev):
    session = on(weekly, DAY)
    edit = move(session, day=DAY + timedelta(days=8))
    rest = weekly.suspend(first=DAY, last=DAY + timedelta(days=6), by=dev, now=NOW)
    edit.undo(by=dev, now=LATER)
    session.refresh_from_db()
    assert (session.local_date, session.suspension) == (DAY, rest)


@pytest.mark.parametrize("wish", ["time", "people"])
def test_t7_a_single_move_stands_once_its_series_is_another(weekly, move, change, elm, dev, ana, wish):
    """Else it would come back to a time, or people, that its series has no more, and nothing would say so."""
    session = on(weekly, DAY)
    if wish == "time":
        edit = move(session, day=DAY + timedelta(days=2), at=time(10))
        change(weekly, start_time=time(19))
    else:
        edit = move(session, leads=(ana,))
        change(weekly, leads=(dev, ana))
    refused(edit, dev)


def test_c2_a_reason_that_a_manager_wrote_comes_back(weekly, change, dev, mara):
    rows = Facilitator.objects.filter(session=on(weekly, DAY))
    rows.update(overlap_allowed_by=mara, overlap_reason="Both are next door.")
    edit = change(weekly, start_time=time(17))
    assert rows.get().overlap_reason == ""
    edit.undo(by=dev, now=LATER)
    assert (rows.get().overlap_allowed_by, rows.get().overlap_reason) == (mara, "Both are next door.")


def test_c2_who_leads_before_and_after_keeps_the_row(weekly, move, dev, ana):
    session = on(weekly, DAY)
    rows = Facilitator.objects.filter(session=session)
    before = list(rows.values_list("pk", "person"))
    edit = move(session, leads=(dev, ana))
    edit.undo(by=dev, now=LATER)
    assert list(rows.values_list("pk", "person")) == before


def test_t5_trouble_of_the_layout_does_not_stop_an_undo(weekly, change, dev, monkeypatch):
    from groups.clashes import Clashes

    def lay_out(*_args, **_options):
        raise Clashes([])

    edit = change(weekly, start_time=time(17))
    monkeypatch.setattr("groups.models.layout.lay_out", lay_out)
    edit.undo(by=dev, now=LATER)
    assert timezone.localtime(on(weekly, DAY).starts_at).time() == time(18)


def test_c1_what_the_database_refuses_is_something_that_happened(weekly, change, dev, monkeypatch):
    from contextlib import contextmanager

    from groups import clashes

    @contextmanager
    def guarded(*_args):
        raise clashes.Clashes([])
        yield

    edit = change(weekly, start_time=time(17))
    monkeypatch.setattr(clashes, "guarded", guarded)
    refused(edit, dev)


def test_undoing_holds_clients_before_staff(weekly, move, dev, sam, monkeypatch):
    from accounts.models import User
    from accounts.models.user_queries import UserQuerySet

    session, held, original = on(weekly, DAY), [], UserQuerySet.hold

    def hold(self, ids) -> None:
        held.append({*ids})
        original(self, held[-1])

    book(session, sam)
    edit = move(session, at=time(9))
    monkeypatch.setattr(UserQuerySet, "hold", hold)
    edit.undo(by=dev, now=LATER)
    assert held[:2] == [{sam.pk}, {dev.pk}]
    assert User.objects.count() == 2
    assert Booking.objects.get().state == "confirmed"
    assert told(notices.MOVED) == [sam.pk]
