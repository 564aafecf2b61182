"""A screen on a wall: today's sessions, rooms and free places, and no name of any person."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from groups.models import Admission, Booking, Edit, Group, HouseBoard, Room, Suspension
from groups.views import secret_addresses
from groups.wall import Wall
from tests.groups.conftest import TODAY, residents


@pytest.fixture
def board(frozen, mara) -> HouseBoard:
    made = HouseBoard(label="Hall")
    made.path = f"/schedule/board/{made.open(by=mara, now=timezone.now())}/"
    return made


def book(session, people, state="confirmed"):
    Booking.objects.bulk_create(
        Booking(session=session, client=person, state=state, joined_at=timezone.now()) for person in people
    )


def words() -> list[str]:
    wall = Wall.at(timezone.now())
    return [str(line.words) for line in [*wall.ahead, *wall.over]]


def test_it_says_what_is_when_and_where_and_how_many_places(client, board, make_session):
    book(make_session(at=time(13)), residents(1))
    page = client.get(board.path).text
    for said in (
        "Tuesday, 24 November",
        "10:00 a.m.",
        "1:00 p.m.",
        "2:15 p.m.",
        "Seeking safety",
        "Oak room",
    ):
        assert said in page, said
    assert "2 places free" in page


def test_no_name_of_any_person_is_on_it(client, board, ana, sam, noor, make_session):
    session = make_session(lead=ana)
    book(session, [sam])
    book(session, [noor], "waitlisted")
    page = client.get(board.path).text
    people = [value for person in User.objects.all() for value in (person.chosen_name, person.username)]
    # Words of three letters stand in ordinary words.
    assert [name for name in people if f">{name}" in page or f" {name}" in page] == []
    assert "wait" not in page.lower().partition("<main")[2]


@pytest.mark.parametrize(
    ("taken", "waiting", "said"),
    [(0, 0, "3 places free"), (2, 0, "1 place free"), (3, 0, "full"), (2, 1, "full"), (3, 2, "full")],
)
def test_free_places_are_those_that_nobody_waits_for(frozen, make_session, taken, waiting, said):
    session = make_session()
    book(session, residents(taken))
    book(session, residents(waiting, "w"), "waitlisted")
    assert words() == [said]


def test_a_place_that_nobody_can_take_is_not_offered(frozen, make_session):
    plan = Group.objects.create(
        name="Part of the plan", kind="therapy", capacity=3, admission=Admission.MANDATORY
    )
    make_session(group=plan)
    assert words() == [""]


def test_cancelled_and_resting_are_said_and_what_was_withdrawn_is_gone(
    frozen, ana, dev, make_series, client, board
):
    series = make_series()
    series.schedule(leads=[ana], by=dev, now=timezone.now())
    session = series.sessions.get(local_date=TODAY)
    rest = Suspension.objects.create(
        series=series, first=TODAY, last=TODAY, suspended_by=dev, suspended_at=timezone.now()
    )
    rows = type(session).objects.filter(pk=session.pk)
    rows.update(suspension=rest)
    assert words() == ["not now, it pauses"]
    rows.update(suspension=None, cancelled_at=timezone.now(), cancelled_by=dev)
    assert words() == ["cancelled"]
    assert "cancelled" in client.get(board.path).text
    edit = Edit.objects.create(
        series=series, scope="following", edited_by=dev, edited_at=timezone.now(), before={}
    )
    rows.update(withdrawn_by=edit)
    assert words() == []


def test_what_is_on_stands_first_and_what_is_over_last(frozen, make_session):
    early, late = make_session(at=time(8), minutes=60), make_session(at=time(13), minutes=60)
    on = make_session(at=time(9, 30), minutes=60)
    wall = Wall.at(timezone.now())  # 10:00
    assert [line.session for line in wall.ahead] == [on, late]
    assert [line.session for line in wall.over] == [early]
    assert (wall.ahead[0].is_on, wall.ahead[0].words) == (True, "on now")


def test_the_day_is_that_of_the_program_and_ends_at_its_midnight(frozen, make_session):
    night = make_session(at=time(23, 30), minutes=60)
    tomorrow = make_session(day=TODAY + timedelta(days=1), at=time(8))
    frozen.move_to(night.starts_at + timedelta(minutes=20))  # 23:50 there, the next day in UTC
    assert [line.session for line in Wall.at(timezone.now()).ahead] == [night]
    frozen.shift(timedelta(minutes=20))
    assert [line.session for line in Wall.at(timezone.now()).ahead] == [night, tomorrow]
    frozen.shift(timedelta(minutes=30))
    assert [line.session for line in Wall.at(timezone.now()).ahead] == [tomorrow]
    assert Wall.at(timezone.now()).over == []


@pytest.mark.parametrize("number", [1, 30])
def test_the_same_queries_with_one_session_and_with_thirty(client, board, make_session, number):
    people = residents(2)
    for minute in range(number):
        room = Room.objects.create(name=f"Room {minute}", capacity=8)
        book(make_session(at=time(13, minute), room=room), people)
    with CaptureQueriesContext(connection) as queries:
        client.get(board.path)
    assert len(queries) == 3


def test_it_refreshes_itself_with_a_script_and_without(client, board, make_session):
    make_session()
    page = client.get(board.path).text
    assert f'hx-get="{board.path}" hx-trigger="every 60s"' in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    part = client.get(board.path, headers={"HX-Request": "true"}).text
    assert "Seeking safety" in part
    assert "<html" not in part


def test_it_is_kept_nowhere_asks_nobody_and_sets_no_cookie(client, client_of, sam, board):
    for browser in (client, client_of(sam)):
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(board.path)
        assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store, private", "noindex")
        assert not response.cookies
        assert not any("django_session" in query["sql"] for query in queries)


def test_h1_help_is_on_the_wall_too(client, board):
    assert '<a class="button clay small" href="/help/">Need help now</a>' in client.get(board.path).text


def test_an_ended_address_is_one_that_never_was_and_the_screen_goes_blank(client, board, mara):
    unknown = client.get("/no/such/page/")
    board.revoke(by=mara, now=timezone.now())
    board.revoke(by=mara, now=timezone.now())
    for path in (board.path, "/schedule/board/nonsense/"):
        response = client.get(path)
        assert (response.status_code, response.content) == (404, unknown.content)
        assert client.head(path).status_code == 404
        # What still stands on the screen asks for its next fragment, and is sent to that 404.
        assert client.get(path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_guesses_are_limited_and_the_wall_is_not(client, board, monkeypatch):
    monkeypatch.setattr(secret_addresses, "TRIES", {"secret_address": "2/5m/ip"})
    found = [client.get(f"/schedule/board/guess{n}/").status_code for n in range(4)]
    assert found == [404, 404, 429, 429]
    assert client.get(board.path).status_code == 200


def test_a_manager_makes_an_address_that_is_shown_once_and_ends_it(client_of, client, mara, frozen, settings):
    browser = client_of(mara)
    shown = browser.post("/schedule/boards/", {"label": "Dining room"})
    path = shown.context["address"].removeprefix(settings.SITE_URL)
    assert shown.context["address"] in shown.text
    assert client.get(path).status_code == 200
    listed = browser.get("/schedule/boards/").text
    assert "Dining room" in listed
    assert path not in listed
    asked, button = listed.index("<summary"), listed.index("End this address")
    assert asked < button < listed.index("</details>")  # a first press only opens the question
    made = HouseBoard.objects.get()
    assert browser.post(f"/schedule/boards/{made.pk}/ending/").status_code == 303
    assert client.get(path).status_code == 404
    assert "Dining room" not in browser.get("/schedule/boards/").text
    made.refresh_from_db()
    assert (made.revoked_by, made.revoked_at) == (mara, timezone.now())


def test_a_form_sent_twice_makes_one_screen(client_of, mara, frozen):
    browser = client_of(mara)
    browser.post("/schedule/boards/", {"label": "Hall"})
    again = browser.post("/schedule/boards/", {"label": "hall "})
    assert again.status_code == 422
    assert "A screen of this name is there already" in again.text
    assert HouseBoard.objects.count() == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_screens_takes_the_same_queries(client_of, mara, frozen, number):
    for count in range(number):
        HouseBoard(label=f"Screen {count}").open(by=mara, now=timezone.now())
    browser = client_of(mara)
    browser.get("/schedule/boards/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/schedule/boards/")
    assert len(queries) <= 3


def test_a_screen_whose_address_was_ended_goes_blank_also_when_the_house_guessed_too_often(
    client, board, mara, monkeypatch
):
    monkeypatch.setattr(secret_addresses, "TRIES", {"secret_address": "1/5m/ip"})
    board.revoke(by=mara, now=timezone.now())
    assert [client.get(board.path).status_code for _ in range(2)] == [404, 429]
    assert client.get(board.path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
