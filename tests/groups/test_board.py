"""The board: where a session stands, what it says, and who and what is free."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.board.columns import Head
from groups.board.dates import clock, day_of, full_hour, month_of, span
from groups.board.day import DayBoard
from groups.board.month import shown_days
from groups.board.pauses import Pauses, pauses
from groups.board.placing import LANES_AT_MOST
from groups.board.rows import Row, read
from groups.board.week import Week
from groups.models import Booking, Facilitator, Group, Room, Session
from groups.models.edit import Edit
from groups.models.holiday import Holiday
from groups.models.leave import Leave
from groups.models.suspension import Suspension
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = pytest.mark.usefixtures("frozen")
MONDAY = date(2026, 11, 23)
WEEK = {"week": "2026-W48"}


def week(monday=MONDAY, resting=None) -> Week:
    resting = resting or Pauses()
    return Week(monday, read(Session.objects.week(monday), resting), resting)


def board(browser, **query) -> str:
    response = browser.get(reverse("groups:schedule"), query)
    assert response.status_code == 200
    return response.content.decode()


def slot(html: str, session: Session) -> str:
    """What the board says about this session."""
    return re.search(rf'<a class="(?:slot|entry)[^>]*{session.pk}.*?</a>', html, re.DOTALL)[0]


def cells(html: str, name: str) -> list[str]:
    """The days of one line of the table, tags left out."""
    line = re.search(rf'<th scope="row">{name}<.*?</tr>', html, re.DOTALL)[0]
    found = re.findall(r"<td.*?</td>", line, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


# Where a session stands


@pytest.mark.parametrize(
    ("at", "minutes", "place"),
    [
        (time(8), 60, (0, 4)),
        (time(13), 75, (20, 5)),
        (time(9, 20), 10, (5, 2)),  # its name needs half an hour
        (time(23, 30), 90, (62, 2)),  # to midnight, and no further
        (time(8), 600, (0, 32)),
    ],
)
def test_a_session_stands_at_its_quarter_of_an_hour(make_session, at, minutes, place):
    make_session(at=at, minutes=minutes)
    [found] = week().columns[1].slots
    assert (found.row, found.height) == place


def test_the_scale_of_hours_is_as_long_as_it_has_to_be(make_session):
    assert (week().first_hour, week().last_hour, week().length) == (8, 18, "")
    make_session(at=time(6, 30))
    make_session(at=time(23), minutes=120, day=TODAY + timedelta(days=1))
    longer = week()
    assert (longer.first_hour, longer.last_hour, longer.length) == (6, 24, "longest")
    assert longer.hours[0] == ("06:00", "6 a.m.")


@pytest.mark.parametrize(
    ("monday", "day", "at", "minutes", "place"),
    [
        # The clock goes forward at 2:00: 1:30 and an hour is 3:30 on the wall.
        (date(2026, 3, 2), date(2026, 3, 8), time(1, 30), 60, (2, 8)),
        # It goes back at 2:00: an hour after 1:30 it is 1:30 again.
        (date(2026, 10, 26), date(2026, 11, 1), time(1, 30), 60, (2, 2)),
    ],
)
def test_t2_the_wall_clock_places_sessions_when_the_clock_changes(
    make_session, monday, day, at, minutes, place
):
    make_session(day=day, at=at, minutes=minutes)
    found = week(monday)
    [only] = found.columns[6].slots
    assert (found.first_hour, (only.row, only.height)) == (1, place)


def test_sessions_at_one_time_get_lanes_and_one_alone_the_whole_width(make_session):
    rooms = [Room.objects.create(name=f"Room {n}", capacity=5) for n in range(4)]
    make_session(at=time(9), minutes=60, room=rooms[0])
    make_session(at=time(13), minutes=60, room=rooms[0])
    make_session(at=time(13, 30), minutes=60, room=rooms[1])
    make_session(at=time(14), minutes=60, room=rooms[2])
    day = week().columns[1]
    assert day.lanes == 2
    assert [found.lane for found in day.slots] == [0, 1, 2, 1]


def test_the_weekend_shows_when_something_is_on(make_session):
    assert len(week().columns) == 5
    make_session(day=MONDAY + timedelta(days=5))
    assert len(week().columns) == 7
    assert week().title == "23 to 29 November"


def test_a_week_too_full_for_lanes_stands_as_lists(client_of, mara, make_session):
    for n in range(LANES_AT_MOST + 1):
        session = make_session(room=Room.objects.create(name=f"Room {n}", capacity=5))
    html = board(client_of(mara), **WEEK)
    assert "stands as lists" in html
    assert "Room 4 0/3" in " ".join(re.sub(r"<[^>]+>", " ", slot(html, session)).split())
    assert cells(html, "1 p.m.")[0] == ""
    assert cells(html, "1 p.m.")[1].count("1:00 p.m.") == LANES_AT_MOST + 1


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


# A month


def test_a_month_counts_each_day_and_names_what_comes_first(client_of, ana, mara, make_session):
    for n in range(4):
        group = Group.objects.create(name=f"Group {n}", kind="circle", capacity=5)
        make_session(at=time(9 + n), minutes=30, group=group)
    make_session(at=time(20), group=group).cancel(by=mara, now=NOW)
    Holiday.objects.create(name="Rest", first=TODAY, last=TODAY, made_by=mara, made_at=NOW)
    html = client_of(ana).get(reverse("groups:month"), {"month": "2026-11"}).content.decode()
    today = re.search(r'<td class=" today">.*?</td>', html, re.DOTALL)[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", today).split())
    assert said == (
        "24 November 4 sessions Rest 9:00 a.m. Group 0 10:00 a.m. Group 1 and 2 more groups 1 cancelled"
    )
    assert html.count("<tr>") == 7
    assert "?month=2026-10" in html
    assert "?month=2026-12" in html
    assert 'href="/schedule/?day=2026-11-24"' in html


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ("2026-02", (date(2026, 1, 26), date(2026, 3, 1))),
        ("2027-02", (date(2027, 2, 1), date(2027, 2, 28))),  # four whole weeks
        ("2026-12", (date(2026, 11, 30), date(2027, 1, 3))),
    ],
)
def test_a_month_is_shown_in_whole_weeks(month, days):
    assert shown_days(month_of(month)) == days


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("schedule", {"day": "2026-02-30"}, "There is no such day, so here is today."),
        ("schedule", {"day": "20261124"}, "There is no such day, so here is today."),
        ("month", {"month": "2026-13"}, "There is no such month, so here is this one."),
        ("month", {"month": "x"}, "There is no such month, so here is this one."),
    ],
)
def test_what_is_no_day_or_month_shows_the_present_one(client_of, ana, name, query, words):
    response = client_of(ana).get(reverse(f"groups:{name}"), query)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_times_read_as_everywhere_in_the_program():
    local = timezone.localtime(NOW)
    assert [clock(local.replace(hour=hour)) for hour in (0, 9, 12, 13)] == [
        *("12:00 a.m.", "9:00 a.m.", "12:00 p.m.", "1:00 p.m.")
    ]
    assert [full_hour(hour) for hour in (0, 8, 12, 18)] == ["12 a.m.", "8 a.m.", "12 p.m.", "6 p.m."]
    assert span(date(2026, 11, 30), date(2026, 12, 6)) == "30 November to 6 December"
    assert day_of("2026-11-24") == TODAY


# Many


@pytest.mark.parametrize(
    ("name", "query", "queries"),
    [
        ("schedule", WEEK, 5),
        ("schedule", WEEK | {"by": "room"}, 6),
        ("schedule", WEEK | {"by": "person"}, 6),
        ("schedule", {"day": "2026-11-24"}, 6),
        ("month", {}, 4),
    ],
)
def test_t4_a_board_asks_as_much_with_one_session_as_with_many(
    client_of, ana, dev, sam, make_session, django_assert_num_queries, name, query, queries
):
    browser = client_of(ana)
    for number in (1, 29, 170):
        fill(number, dev, sam, make_session)
        with django_assert_num_queries(queries):
            response = browser.get(reverse(f"groups:{name}"), query)
        assert response.status_code == 200


def fill(number: int, lead, client, make_session) -> None:
    have = Room.objects.count()
    rooms = Room.objects.bulk_create(Room(name=f"Room {have + n}", capacity=9) for n in range(number))
    like = make_session(day=TODAY, room=rooms[0])
    sessions = [
        Session.plan(group=like.group, room=room, day=like.local_date, starts_at=like.starts_at, minutes=60)
        for room in rooms[1:]
    ]
    Session.objects.bulk_create(sessions)
    Facilitator.objects.bulk_create(Facilitator(session=each, person=lead) for each in sessions)
    Booking.objects.bulk_create(
        Booking(session=each, client=client, state=Booking.State.CONFIRMED, joined_at=NOW)
        for each in [like, *sessions]
    )


def test_a_row_reads_like_its_session(make_session, dev):
    session = make_session(lead=dev)
    [row] = read(Session.objects.on(TODAY), Pauses())
    assert isinstance(row, Row)
    assert (row.pk, row.group, row.capacity) == (session.pk, session.group.name, session.capacity)
    assert (row.starts, row.ends, row.names) == (session.starts_at, session.ends_at, "Dev Patel")
