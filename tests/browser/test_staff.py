"""The main job of each role that works in the house."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on


def test_clinician_schedules_a_weekly_group(page: Page, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, "ana")
    page.goto("/schedule/")
    axe(page)
    leads_on(page.get_by_role("link", name="Plan sessions"))
    axe(page)
    page.locator("select[name=group]").select_option(index=0)
    page.locator("select[name=room]").select_option(index=1)
    first = datetime.now(UTC).date() + timedelta(days=7)
    page.locator("input[name=start_date]").fill(first.isoformat())
    page.locator("input[name=start_time]").fill("06:15")
    page.locator("input[name=end_time]").fill("06:45")
    page.locator(f"input[name=weekdays][value='{first.weekday()}']").check(force=True)
    page.locator("input[name=new-name]").fill("Early walk")
    page.locator("[name=new-purpose]").fill("A slow walk before breakfast.")
    page.locator("select[name=new-kind]").select_option("movement")
    page.locator("input[name=new-capacity]").fill("8")
    page.get_by_role("button", name="See the dates").click()
    expect(page.locator("#dates li")).to_have_count(8)
    page.get_by_role("button", name="Plan sessions").click()
    expect(page.locator(".messages")).to_contain_text("sessions are planned")
    expect(page.get_by_role("link", name="Early walk")).to_be_visible()
    axe(page)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("A garden in winter", id="scripts"),
        pytest.param(
            "Bread on Saturdays",
            id="no-scripts",
            marks=pytest.mark.browser_context_args(java_script_enabled=False),
        ),
    ],
)
def test_editor_publishes_an_article(
    page: Page, browser: Browser, base_url: str, title: str, sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, "eli")
    page.goto("/library/")
    page.get_by_role("link", name="New article").click()
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=topic]").select_option(index=1)
    page.locator("textarea[name=summary]").fill("What grows when people do it together.")
    body = page.locator(".ProseMirror, textarea[name=body]").locator("visible=true").first
    body.fill("We dig, and we talk while we dig.")
    axe(page)
    leads_on(page.get_by_role("button", name="Keep"))
    axe(page)
    page.get_by_role("button", name="Publish for everybody").click()
    expect(page.locator(".messages")).to_contain_text("Published")

    with browser.new_context(base_url=base_url) as anybody:
        reader = anybody.new_page()
        reader.goto("/articles/")
        reader.get_by_role("link", name=title).click()
        expect(reader.get_by_text("We dig, and we talk while we dig.")).to_be_visible()
        axe(reader)


def test_manager_adds_a_room(page: Page, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, "mara")
    page.goto("/rooms/")
    axe(page)
    page.locator("input[name=name]").fill("Orchard room")
    page.locator("input[name=capacity]").fill("9")
    page.locator("main form button").first.click()
    expect(page.get_by_text("Orchard room").first).to_be_visible()
    axe(page)
