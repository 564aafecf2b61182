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


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_an_article_is_written_read_and_published_without_scripts(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, object],
    sign_in: SignIn,
    axe: Axes,
) -> None:
    """With scripts: tests/browser/test_desk.py."""
    title, words = "Bread on Saturdays", "We bake, and we talk while it rises."
    sign_in(page, "eli")
    page.goto("/library/")
    page.get_by_role("link", name="New article").click()
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=topic]").select_option(index=1)
    page.locator("textarea[name=summary]").fill("What rises when people do it together.")
    page.locator("textarea[name=body]").fill(words)
    axe(page)
    leads_on(page.get_by_role("button", name="Keep"))
    axe(page)
    leads_on(page.get_by_role("button", name="Ask for a second reader"))
    options: dict[str, object] = browser_context_args
    with browser.new_context(**options) as second, browser.new_context(**options) as anybody:  # type: ignore[arg-type]
        mara, reader = second.new_page(), anybody.new_page()
        sign_in(mara, "mara")
        mara.goto(page.url)
        leads_on(mara.get_by_role("button", name="I have read it and agree"))
        page.reload()
        page.get_by_role("button", name="Publish for everybody").click()
        expect(page.locator(".messages")).to_contain_text("Published")
        reader.goto("/articles/")
        reader.get_by_role("link", name=title).click()
        expect(reader.get_by_text(words)).to_be_visible()
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
