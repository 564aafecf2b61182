"""The month picture on the list, and the list of one day or from one month back (J5)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.month import Month, day_of, following, month_of


def days_linked(page):
    return [int(day) for day in re.findall(r'href="\?day=\d{4}-\d\d-(\d\d)"', page)]


def titles(page):
    return re.findall(r"<bdi>(Title \d+)</bdi>", page)


def test_j5_the_month_picture_leads_to_the_days_with_pages(sam, noor, client_of, write):
    for day in (3, 3, 17):
        write(sam, title=f"Title {day}", on=date(2026, 11, day))
    write(sam, title="Title 31", on=date(2026, 10, 31))
    write(noor, on=date(2026, 11, 5))
    write(sam, on=date(2026, 11, 6)).discard(by=sam, now=timezone.now())
    browser = client_of(sam)
    page = browser.get("/journal/").text
    assert days_linked(page) == [3, 17]
    assert 'href="?month=2026-10"' in page
    assert "?month=2026-12" not in page
    assert re.search(r'<td aria-current="date">\s*<span>24</span>', page)
    page = browser.get("/journal/", {"day": "2026-11-03"}).text
    assert titles(page) == ["Title 3", "Title 3"]
    assert re.search(r'href="\?day=2026-11-03"\s+aria-current="true"', page)
    page = browser.get("/journal/", {"month": "2026-10"}).text
    assert (days_linked(page), titles(page)) == ([31], ["Title 31"])
    assert 'href="?month=2026-11"' in page


def test_j5_a_month_and_a_day_are_paged_by_key(sam, client_of, write):
    for number in range(25):
        write(sam, title=f"Title {number}", on=date(2026, 10, 30))
    write(sam, title="Title 99", on=date(2026, 11, 2))
    write(sam, title="Title 98", on=date(2026, 9, 2))
    browser = client_of(sam)
    for asked, rest in (({"day": "2026-10-30"}, 5), ({"month": "2026-10"}, 6)):
        first = browser.get("/journal/", asked).text
        assert len(titles(first)) == 20
        more = re.search(r'href="(\?(?:day|month)=[^"]+after=[^"]+)"', first)[1].replace("&amp;", "&")
        second = browser.get(f"/journal/{more}").text
        assert len(titles(second)) == rest
        assert set(titles(first)).isdisjoint(titles(second))
        assert "Title 99" not in titles(first + second)


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("asked", [{}, {"month": "2026-11"}, {"day": "2026-11-24"}, {"day": "2026-11-01"}])
def test_the_list_takes_four_queries_with_its_picture(
    sam, client_of, write, django_assert_num_queries, number, asked
):
    for _number in range(number):
        write(sam)
    browser = client_of(sam)
    with django_assert_num_queries(4):  # session, person, what there is, entries
        browser.get("/journal/", asked)


def test_nothing_written_is_no_picture(sam, client_of, frozen):
    assert "?month=" not in client_of(sam).get("/journal/").text


@pytest.mark.parametrize(
    "asked",
    ["", "nonsense", "2026-13", "2026-11-31", "0001-01", "1899-12", "9999-12", "２０２６-11", "x" * 4000],
)
@pytest.mark.parametrize("name", ["day", "month"])
def test_what_is_no_day_shows_the_newest(sam, client_of, write, name, asked):
    write(sam, title="Title 1")
    page = client_of(sam).get("/journal/", {name: asked})
    assert page.status_code == 200
    assert titles(page.text) == ["Title 1"]


def test_a_day_without_a_page_says_so(sam, client_of, write):
    write(sam)
    page = client_of(sam).get("/journal/", {"day": "2026-11-02"}).text
    assert "There is no page of this day." in page
    assert "Write the first one" not in page


def test_the_ends_of_time():
    assert day_of("1900-01-01") == date(1900, 1, 1)
    assert (month_of("1899-12"), day_of("1899-12-31")) == (None, None)
    assert following(date(2026, 12, 31)) == date(2027, 1, 1)
    first = Month.of(date(1900, 1, 5), written=frozenset(), today=date(2026, 11, 24))
    assert (first.before, first.after) == (None, date(1900, 2, 1))
    assert following(date(9999, 12, 5)) == date(9999, 12, 1)
    last = Month.of(date(9999, 12, 5), written=frozenset({5}), today=date(2026, 11, 24))
    assert last.after is None
    assert [day.date.day for week in last.weeks for day in week if day and day.is_written] == [5]


def test_every_day_of_a_month_stands_under_its_weekday():
    for month in range(36):
        first = (date(2026, 1, 1) + timedelta(days=31 * month)).replace(day=1)
        weeks = Month.of(first, written=frozenset(), today=first).weeks
        found = [(number, day.date) for week in weeks for number, day in enumerate(week) if day]
        assert [number for number, _day in found] == [day.weekday() for _number, day in found]
        assert found[-1][1] + timedelta(days=1) == following(first)
