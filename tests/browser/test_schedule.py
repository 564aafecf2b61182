"""A clinician's work with the schedule, from the first plan of a group to the week on paper."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on

GROUP = "Letters home"


def tuesday_after_next() -> date:
    """A day on which Gentle movement has the Garden room from 7:45 to 8:30."""
    today = date.today()  # noqa: DTZ011  # any such day will do
    return today + timedelta(days=14 + (1 - today.weekday()) % 7)


def board_of(page: Page, day: date) -> None:
    year, week, _day = day.isocalendar()
    page.goto(f"/schedule/?week={year}-W{week:02}")


def slot_of(page: Page) -> Locator:
    return page.locator(".slot", has_text=GROUP)


def plan_every_other_week(page: Page, first: date, axe: Axes) -> None:
    page.goto("/schedule/")
    page.get_by_role("link", name="Plan sessions").click()
    page.locator("select[name=group]").select_option(index=0)
    page.locator("input[name=new-name]").fill(GROUP)
    page.locator("[name=new-purpose]").fill("Writing to somebody at home, or to nobody.")
    page.locator("select[name=new-kind]").select_option("circle")
    page.locator("input[name=new-capacity]").fill("6")
    page.locator("select[name=room]").select_option(label="Garden room")
    page.locator("select[name=often]").select_option("2")
    page.locator(f"input[name=weekdays][value='{first.weekday()}']").check(force=True)
    page.locator("input[name=start_date]").fill(first.isoformat())
    page.locator("input[name=start_time]").fill("07:45")
    page.locator("input[name=end_time]").fill("08:45")
    page.locator("input[name=ends][value=after]").check(force=True)
    page.locator("input[name=count]").fill("3")
    page.locator("input[name=count]").press("Tab")
    dates = page.locator("#dates")
    expect(dates).to_contain_text("Every 2 weeks on Tuesday, 7:45 a.m. to 8:45 a.m., 3 times")
    expect(dates).to_contain_text("Garden room is taken by Gentle movement")
    axe(page)


def take_another_room(page: Page, axe: Axes) -> None:
    page.locator("main").get_by_role("button", name="Plan sessions").click()
    expect(page.locator("#clashes")).to_have_text("Nothing is saved yet: 3 dates are taken")
    axe(page)
    page.get_by_label(re.compile(r"Meet in Library")).check(force=True)
    page.locator("main").get_by_role("button", name="Plan sessions").click()
    expect(page.locator(".messages")).to_contain_text("3 sessions are planned")
    expect(slot_of(page)).to_contain_text("Library")


def move_by_drag(page: Page, first: date) -> None:
    """Half an hour later. The drop only asks; the page it leads to says what will happen and does it."""
    board_of(page, first)
    slot = slot_of(page)
    slot.scroll_into_view_if_needed()
    box, column = slot.bounding_box(), slot.locator("xpath=ancestor::div[contains(@class, 'day')]")
    assert box
    quarter = column.evaluate(
        "day => day.getBoundingClientRect().height"
        " / (b => (b.lastHour - b.firstHour) * 4)(day.closest('.board').dataset)"
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + quarter, steps=3)
    page.mouse.move(x, y + 2 * quarter, steps=3)
    page.mouse.up()
    page.wait_for_url("**/move/**")
    assert parse_qs(urlsplit(page.url).query) == {"date": [first.isoformat()], "time": ["08:15"]}
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("main")).to_contain_text("8:15 a.m. to 9:15 a.m.")


def move_by_form(page: Page, first: date, axe: Axes) -> None:
    """A day later, without a pointer; and back again, since the last change can be undone."""
    page.get_by_role("link", name="Move", exact=True).click()
    page.locator("input[name=day]").fill((first + timedelta(days=1)).isoformat())
    page.locator("input[name=day]").press("Tab")
    expect(page.locator("#outlook")).not_to_contain_text("Nothing is saved by looking")
    axe(page)
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("main")).to_contain_text("Wednesday")
    leads_on(page.get_by_role("link", name="See the series"))
    axe(page)
    page.get_by_role("button", name="Undo the last change").click()
    board_of(page, first)
    day = page.locator(f".day[data-date='{first.isoformat()}']")
    expect(day.locator(".slot", has_text=GROUP)).to_have_count(1)


def cancel_one(page: Page, day: date, axe: Axes) -> None:
    board_of(page, day)
    slot_of(page).click()
    leads_on(page.get_by_role("link", name="Cancel this session"))
    axe(page)
    page.get_by_role("button", name="Cancel it").click()
    expect(page.locator("main")).to_contain_text("Cancelled")
    board_of(page, day)
    expect(slot_of(page)).to_contain_text("Cancelled")


def find_a_substitute(page: Page, day: date, axe: Axes) -> None:
    board_of(page, day)
    slot_of(page).click()
    leads_on(page.get_by_role("link", name="Find somebody to stand in"))
    axe(page)
    page.get_by_label(re.compile("Ruth Abelson")).check(force=True)
    page.get_by_role("button", name="Let them stand in").click()
    expect(page.locator("main")).to_contain_text("Ruth Abelson")
    expect(page.locator("main")).to_contain_text("Ana Ruiz")


def print_the_week(page: Page, day: date) -> None:
    board_of(page, day)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_a_clinician_makes_a_fortnightly_group_and_keeps_it_going(
    page: Page, sign_in: SignIn, axe: Axes
) -> None:
    first = tuesday_after_next()
    second, third = first + timedelta(weeks=2), first + timedelta(weeks=4)
    sign_in(page, "ana")
    plan_every_other_week(page, first, axe)
    take_another_room(page, axe)
    move_by_drag(page, first)
    move_by_form(page, first, axe)
    cancel_one(page, second, axe)
    find_a_substitute(page, third, axe)
    print_the_week(page, third)
