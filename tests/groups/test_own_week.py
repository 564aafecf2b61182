"""A client's week, as a list and by the hour, and what fits into it."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils.html import escape

from groups.models import Booking, Group, Kind, Pace, Room
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
MONDAY = TODAY - timedelta(days=1)
WEEK, GROUPS = "/schedule/week/", "/groups/"


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'")


def slots(html: str) -> list[str]:
    return [plain(one).strip() for one in re.findall(r'<a class="slot.*?</a>', html, re.DOTALL)]


@pytest.fixture
def books(make_session, sam):
    """So many places of Sam's in this week, one after the other, the first on Thursday."""
    group = Group.objects.create(name="A <full> week", purpose="Much.", kind=Kind.CIRCLE, capacity=50)
    room = Room.objects.create(name="Hall", capacity=50)

    def book(number: int) -> list[Booking]:
        made = []
        for n in range(number):
            day, hour = MONDAY + timedelta(days=(n + 3) % 7), 7 + n // 7 * 2
            session = make_session(day=day, at=time(hour), minutes=60, group=group, room=room)
            made.append(session.bookings.create(client=sam, state=State.CONFIRMED, joined_at=NOW))
        return made

    return book


@pytest.mark.parametrize(("path", "asked"), [(WEEK, 5), (f"{WEEK}?look=hours", 5), (GROUPS, 5)])
def test_the_week_and_the_groups_ask_as_much_with_forty_places_as_with_one(
    client_of, sam, books, path, asked, django_assert_num_queries
):
    browser, [first] = client_of(sam), books(1)
    browser.get(path)
    with django_assert_num_queries(asked):
        browser.get(path)
    first.session.bookings.all().delete()
    first.session.delete()
    books(40)
    with django_assert_num_queries(asked):
        assert browser.get(path).status_code == 200


def test_by_the_hour_the_week_shows_the_same_as_in_the_list(client_of, sam, noor, make_session, books, dev):
    [place] = books(1)
    waiting = make_session(day=TODAY + timedelta(days=3), lead=dev)
    for person in [*residents(3), sam]:
        waiting.join(by=person, now=NOW, or_wait=True)
    not_mine = make_session(day=TODAY + timedelta(days=2), lead=dev)
    browser = client_of(sam)
    html = browser.get(f"{WEEK}?look=hours").content.decode()
    assert slots(html) == [
        "A &lt;full&gt; week 7:00 a.m. Hall",
        "Seeking safety 1:00 p.m. Waitlist, you are 1st Oak room",
    ]
    assert 'class="slot r1 h4 whole' in html
    listed = browser.get(WEEK).content.decode()
    for session in (place.session, waiting):
        assert all(session.get_absolute_url() in text for text in (html, listed))
    assert not_mine.get_absolute_url() not in html + listed


def test_from_week_to_week_the_look_stays_and_is_remembered_nowhere(client_of, sam, books):
    books(1)
    browser = client_of(sam)
    html = browser.get(f"{WEEK}?week=2026-W48&look=hours").content.decode()
    for week in ("47", "49"):
        assert f'href="{escape(f"{WEEK}?week=2026-W{week}&look=hours")}"' in html
    assert f'href="{WEEK}?week=2026-W48"' in html  # as a list
    assert slots(browser.get(f"{WEEK}?week=2026-W48").content.decode()) == []
    assert slots(browser.get(f"{WEEK}?look=nonsense").content.decode()) == []


def test_a_week_with_too_much_at_one_time_stands_as_a_list(client_of, sam, make_session, other_group):
    for n in range(5):
        session = make_session(day=TODAY, at=time(18), **other_group(f"Group {n}"))
        session.bookings.create(client=sam, state=State.WAITLISTED, joined_at=NOW)
    html = client_of(sam).get(f"{WEEK}?look=hours").content.decode()
    assert "it stands as a list" in html
    assert html.count('<ul class="agenda">') == 1


def test_an_empty_week_says_so_in_both_looks(client_of, sam):
    for path in (WEEK, f"{WEEK}?look=hours"):
        assert "Nothing is planned for you in this week." in client_of(sam).get(path).content.decode()


@pytest.fixture
def three(make_session, other_group):
    """A gentle circle, a demanding circle and a demanding meal, tomorrow."""
    kinds = {
        "Quiet": {"kind": Kind.CIRCLE, "pace": Pace.GENTLE},
        "Loud": {"kind": Kind.CIRCLE},
        "Soup": {"kind": Kind.MEAL},
    }
    return {
        name: make_session(day=TODAY + timedelta(days=1), at=time(9 + n * 3), **other_group(name, **fields))
        for n, (name, fields) in enumerate(kinds.items())
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Quiet", "Loud", "Soup"]),
        ("?kind=circle", ["Quiet", "Loud"]),
        ("?pace=3", ["Loud", "Soup"]),
        ("?kind=circle&pace=1", ["Quiet"]),
        ("?kind=meal&pace=1", []),
        ("?kind=nonsense&pace=9", ["Quiet", "Loud", "Soup"]),
        ("?kind=%27&pace=two", ["Quiet", "Loud", "Soup"]),
    ],
)
def test_what_fits_can_be_asked_by_kind_and_pace(client_of, sam, three, query, found):
    html = client_of(sam).get(GROUPS + query).content.decode()
    assert [name for name, session in three.items() if session.get_absolute_url() in html] == found
    assert ("Nothing like this is free" in html) == (not found)


def test_the_wish_stands_in_the_form_and_is_gone_the_next_time(client_of, sam, three):
    browser = client_of(sam)
    html = browser.get(f"{GROUPS}?kind=meal&pace=3").content.decode()
    assert re.findall(r'<option value="(\w+)"\s+selected', html) == ["meal", "3"]
    html = browser.get(GROUPS).content.decode()
    assert re.findall(r'<option value="(\w+)"\s+selected', html) == []


def test_b2_a_place_that_is_kept_for_who_waits_is_no_free_place(client_of, sam, noor, make_session, seeking):
    session = make_session(day=TODAY + timedelta(days=1))
    browser = client_of(sam)
    assert session.get_absolute_url() in browser.get(GROUPS).content.decode()
    for person in residents(2):
        session.join(by=person, now=NOW)
    session.bookings.create(client=noor, state=State.WAITLISTED, joined_at=NOW)
    assert session.get_absolute_url() not in browser.get(GROUPS).content.decode()
    assert "Full" in plain(browser.get(seeking.get_absolute_url()).content.decode())


def test_b2_no_list_counts_a_place_that_is_kept_for_who_waits(client_of, frozen, sam, noor, make_session):
    """Today, the groups, their pages and the week."""
    session = make_session(at=time(18))
    for person in residents(2):
        session.join(by=person, now=NOW)
    pages = ["/today/", GROUPS, session.group.get_absolute_url()]
    read = [plain(client_of(sam).get(path).content.decode()) for path in pages]
    assert ["1 place left" in text for text in read] == [True] * 3
    session.bookings.create(client=noor, state=State.WAITLISTED, joined_at=NOW)
    read = [plain(client_of(sam).get(path).content.decode()) for path in [*pages, WEEK]]
    assert ["place left" in text for text in read] == [False] * 4


def test_the_session_page_leads_to_its_group_and_keeps_the_promise_in_sight(
    client_of, sam, dev, make_session, seeking
):
    seeking.agreement = "Be kind."
    seeking.save()
    session = make_session(day=date(2026, 11, 27))
    session.join(by=sam, now=NOW, agreed="1")
    html = client_of(sam).get(session.get_absolute_url()).content.decode()
    assert f'href="{page("group_detail", seeking.pk)}"' in html
    assert plain(html).count("Be kind.") == 1
