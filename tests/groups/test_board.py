"""The board: where a session stands, a month, and how much a board asks."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.board.dates import clock, day_of, full_hour, month_of, span
from groups.board.month import shown_days
from groups.board.pauses import Pauses
from groups.board.placing import LANES_AT_MOST
from groups.board.rows import Row, read
from groups.board.week import Week
from groups.models import Booking, Facilitator, Group, Room, Session, Suspension
from groups.models.holiday import Holiday
from tests.groups.boards import WEEK, board, cells, slot
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
MONDAY = date(2026, 11, 23)


def week(monday=MONDAY, resting=None) -> Week:
    resting = resting or Pauses()
    return Week(monday, read(Session.objects.week(monday), resting), resting)


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
    day = board(client_of(mara), day="2026-11-24", by="person")
    assert cells(day, "1 p.m.")[0].count("1:00 p.m.") == LANES_AT_MOST + 1


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


def test_t9_a_month_counts_what_rests_apart(client_of, ana, make_series, dev):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    rest = Suspension.objects.create(
        series=series, first=TODAY, last=TODAY, suspended_by=dev, suspended_at=NOW
    )
    series.sessions.filter(local_date=TODAY).update(suspension=rest)
    html = client_of(ana).get(reverse("groups:month"), {"month": "2026-11"}).text
    today = re.search(r'<td class=" today">.*?</td>', html, re.DOTALL)[0]
    assert " ".join(re.sub(r"<[^>]+>", " ", today).split()) == "24 November 1 rests"


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
        ("schedule", WEEK | {"by": "room"}, 5),
        ("schedule", WEEK | {"by": "person"}, 5),
        ("schedule", {"day": "2026-11-24"}, 5),
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
    allowed = {"overlap_allowed_by": lead, "overlap_reason": "To be many"}
    Facilitator.objects.bulk_create(Facilitator(session=each, person=lead, **allowed) for each in sessions)
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
