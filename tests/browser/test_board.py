"""The board with a hand on it: planning on a free place, carrying a session elsewhere, printing the week."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def monday() -> date:
    today = date.today()  # noqa: DTZ011  # any week ahead will do
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture
def week(page: Page, monday: date, sign_in: SignIn) -> str:
    sign_in(page, "mara")
    year, number, _day = monday.isocalendar()
    return f"/schedule/?week={year}-W{number:02}"


def test_keys_find_a_free_place_and_a_session_to_move(page: Page, week: str, monday: date) -> None:
    # With keys: one stop of the tab, arrows to the place, Enter.
    page.goto(week)
    place = page.locator(".place")
    expect(place).to_have_count(1)
    place.focus()
    expect(page.locator(".board-help")).to_contain_text("Arrow keys")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(place).to_have_text("+ 9:30 a.m.")
    expect(page.locator(".board-help")).to_contain_text("9:30 a.m.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule/new/**")
    assert asked(page) == {"date": (monday + timedelta(days=1)).isoformat(), "time": "09:30"}

    # M takes whoever has a session in focus to its move.
    page.goto(week)
    slot = page.locator(".slot[data-move]", has_text="Seeking safety").last
    path = slot.get_attribute("href")
    slot.focus()
    page.keyboard.press("m")
    page.wait_for_url(f"**{path}move/")


def test_a_session_is_carried_with_a_pointer(page: Page, week: str) -> None:
    # With a pointer: Escape lets go, a drop asks about the move, and nothing has changed by it.
    page.goto(week)
    slot = page.locator(".slot[data-move]", has_text="Seeking safety").last
    path = slot.get_attribute("href")
    slot.scroll_into_view_if_needed()
    x, y = middle(slot)
    column = slot.locator("xpath=ancestor::div[contains(@class, 'day')]")
    day = column.get_attribute("data-date")
    quarter = column.bounding_box()["height"] / column.evaluate(  # type: ignore[index]
        "day => (b => (b.lastHour - b.firstHour) * 4)(day.closest('.board').dataset)"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + quarter * 2, steps=3)
    expect(page.locator(".ghost")).to_contain_text("Seeking safety")
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    assert page.url.endswith(week)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + quarter * 2, steps=3)
    page.mouse.up()
    page.wait_for_url(f"**{path}move/**")
    assert asked(page) == {"date": day, "time": "13:30"}


def test_the_board_on_paper_and_on_a_phone(page: Page, week: str) -> None:
    # On paper: the board and its title alone.
    page.goto(week)
    page.emulate_media(media="print")
    for hidden in (".masthead", ".switches", ".footer", ".board .slot meter"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".board")).to_be_visible()
    page.emulate_media(media="screen")

    # On a phone: a list, day by day.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".board .slot time").first).to_be_visible()
    expect(page.locator(".place")).to_be_hidden()
