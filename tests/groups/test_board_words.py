"""What the board says of each session, and who and what it shows as free."""

import re
from datetime import date, time, timedelta

import pytest

from groups.board.columns import Head
from groups.board.day import DayBoard
from groups.board.pauses import Pauses, pauses
from groups.board.rows import read
from groups.models import Facilitator, Group, Room, Session
from groups.models.edit import Edit
from groups.models.holiday import Holiday
from groups.models.leave import Leave
from groups.models.suspension import Suspension
from tests.groups.boards import WEEK, board, cells, slot
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = pytest.mark.usefixtures("frozen")
MONDAY = date(2026, 11, 23)


# What it says


def test_a_session_says_how_full_it_is_and_who_waits(client_of, ana, dev, make_session):
    session = make_session(lead=dev)
    for client in residents(5):
        session.join(by=client, now=NOW, or_wait=True)
    said = slot(board(client_of(ana), **WEEK), session)
    assert '3/3<span class="sr"> places taken</span>' in said
    assert "<em>full, 2 waiting</em>" in said
    assert '<meter min="0" max="3" value="3" aria-hidden="true">' in said
    assert "1:00 p.m." in said
    assert "Client" not in said


def test_a_cancelled_session_says_so_and_a_withdrawn_one_is_gone(client_of, mara, dev, make_session):
    cancelled, withdrawn = make_session(lead=dev), make_session(at=time(17), lead=dev)
    cancelled.cancel(by=mara, now=NOW)
    withdrawn.cancel(by=mara, now=NOW)
    edit = Edit.objects.create(scope=Edit.Scope.values[0], session=withdrawn, edited_by=mara, edited_at=NOW)
    Session.objects.filter(pk=withdrawn.pk).update(withdrawn_by=edit)
    html = board(client_of(mara), **WEEK)
    assert "<em>Cancelled</em>" in slot(html, cancelled)
    assert "data-move" not in slot(html, cancelled)
    assert str(withdrawn.pk) not in html


def test_t9_a_resting_session_says_so_and_needs_nobody(client_of, ana, dev, make_session, make_series):
    series = make_series(created_by=dev)
    series.save()
    session = make_session()
    rest = Suspension.objects.create(
        series=series, first=TODAY, last=TODAY, suspended_by=dev, suspended_at=NOW
    )
    Session.objects.filter(pk=session.pk).update(suspension=rest)
    html = board(client_of(ana), **WEEK)
    assert "<em>Resting</em>" in slot(html, session)
    assert "needs someone" not in html


def test_a_session_whose_only_lead_is_away_needs_someone(client_of, ana, dev, make_session):
    session, theirs = make_session(lead=dev), make_session(day=MONDAY, lead=dev)
    Leave.objects.create(person=dev, first=TODAY, last=TODAY, noted_by=dev, noted_at=NOW)
    html = board(client_of(ana), **WEEK)
    assert "needs someone to lead it" in slot(html, session)
    assert "Dev Patel is away that day." in html
    assert "needs someone" not in slot(html, theirs)
    Facilitator.objects.create(
        session=session, person=ana, role=Facilitator.Role.SUBSTITUTE, stands_in_for=dev
    )
    assert "<em>Ana Ruiz stands in</em>" in slot(board(client_of(ana), **WEEK), session)


def test_t7_a_session_with_its_own_time_or_room_says_so(client_of, ana, dev, make_session):
    session = make_session(lead=dev)
    Session.objects.filter(pk=session.pk).update(own_time=True)
    assert "<em>not its usual time</em>" in slot(board(client_of(ana), **WEEK), session)
    Session.objects.filter(pk=session.pk).update(own_time=False, own_room=True)
    assert "<em>not its usual room</em>" in slot(board(client_of(ana), **WEEK), session)


def test_t9_a_holiday_is_named_at_the_head_of_its_days(client_of, ana, mara):
    Holiday.objects.create(
        name="Thanksgiving", first=TODAY, last=TODAY + timedelta(days=1), made_by=mara, made_at=NOW
    )
    assert board(client_of(ana), **WEEK).count(">Thanksgiving<") == 2
    assert "Thanksgiving" in board(client_of(ana), day="2026-11-25")
    assert "Thanksgiving" not in board(client_of(ana), day="2026-11-26")


def test_names_are_escaped(client_of, ana, make_session):
    make_session(group=Group.objects.create(name="<b>Tea & talk", kind="circle", capacity=3))
    for query in (WEEK, {"day": "2026-11-24"}, WEEK | {"by": "room"}):
        assert "&lt;b&gt;Tea &amp; talk" in board(client_of(ana), **query)


def test_only_whom_a_session_belongs_to_may_carry_it_elsewhere(client_of, ana, dev, mara, make_session):
    theirs, nobodys = make_session(lead=dev), make_session(day=MONDAY + timedelta(days=2))
    begun = make_session(day=MONDAY, lead=dev)
    for person, movable in ((dev, {theirs, nobodys}), (ana, {nobodys}), (mara, {theirs, nobodys})):
        html = board(client_of(person), **WEEK)
        found = {each for each in (theirs, nobodys, begun) if "data-move" in slot(html, each)}
        assert found == movable
        assert {each for each in (theirs, nobodys) if each.is_in_hands_of(person)} == movable


# By room and by person


def test_a_day_has_a_column_for_each_room_also_when_it_is_free(client_of, ana, oak, make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    Room.objects.create(name="Cellar", capacity=5, closed_at=NOW)
    session = make_session()
    html = board(client_of(ana), day="2026-11-24")
    assert re.findall(r'data-date="2026-11-24" data-room="([^"]+)"', html) == [str(oak.pk), str(studio.pk)]
    assert "Cellar" not in html
    assert "/schedule/new/?date=2026-11-24&amp;time=08%3A00" in html
    assert "data-move" in slot(html, session)


def test_a_day_by_person_shows_who_leads_and_who_is_away(client_of, ana, dev, mara, make_session):
    both = make_session(lead=dev)
    Facilitator.objects.create(session=both, person=ana, role=Facilitator.Role.CO)
    make_session(day=TODAY, at=time(16))
    Leave.objects.create(person=dev, first=TODAY, last=TODAY, noted_by=dev, noted_at=NOW)
    html = board(client_of(mara), day="2026-11-24", by="person")
    assert html.count(str(both.pk)) == 2
    assert re.findall(r'<div class="head"><span>([^<]+)', html) == ["Nobody yet", "Ana Ruiz", "Dev Patel"]
    assert html.count(">away<") == 1


def test_a_week_by_room_and_by_person_shows_what_is_free(client_of, ana, dev, oak, make_session):
    make_session(lead=dev)
    Leave.objects.create(
        person=dev,
        first=TODAY + timedelta(days=1),
        last=TODAY + timedelta(days=1),
        noted_by=dev,
        noted_at=NOW,
    )
    rooms = cells(board(client_of(ana), by="room", **WEEK), "Oak room")
    assert rooms[0] == ""  # gone by
    assert rooms[1] == "1:00 p.m. Seeking safety Dev Patel 0/3 places taken"
    assert rooms[2].startswith("free")
    html = board(client_of(ana), by="person", **WEEK)
    people = cells(html, "Dev Patel")
    assert people[1] == "1:00 p.m. Seeking safety Oak room 0/3 places taken"
    assert people[2] == "away"
    assert f"/schedule/new/?date=2026-11-26&amp;lead={dev.pk}" in html


def test_who_has_left_keeps_their_column_while_they_lead_something(dev, make_session):
    make_session(lead=dev)
    dev.is_active = False
    dev.save()
    rows = read(Session.objects.on(TODAY), Pauses())
    day = DayBoard(TODAY, rows, [Head("Dev Patel", person_id=dev.pk)], "person", pauses(TODAY, TODAY))
    assert [len(column.slots) for column in day.columns] == [1]
