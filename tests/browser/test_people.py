"""A manager finds people and begins a stay."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on

WITHOUT_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no-scripts", marks=WITHOUT_SCRIPTS)]
)
def test_manager_finds_somebody_and_no_address_tells_whom(
    page: Page, scripts: bool, sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, "mara")
    page.goto("/people/")
    axe(page)
    page.locator("input[name=q]").press_sequentially("TOMAS")
    if not scripts:
        page.get_by_role("button", name="Find").click()
    people = page.locator("#people table a")
    expect(people).to_have_text(["Tomás Herrera"])
    page.get_by_role("button", name="Lived here before").click()
    expect(page.get_by_text("0 people found.")).to_be_visible()
    page.get_by_role("button", name="Staff", exact=True).click()
    expect(people).to_have_text(["Tomás Herrera"])
    expect(page).to_have_url(re.compile(r"/people/$"))
    axe(page)
    people.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tomás Herrera")
    axe(page)


def test_manager_begins_a_stay_and_gives_the_lead_to_another(page: Page, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, "mara")
    page.goto("/people/?show=waiting")
    axe(page)
    page.get_by_role("link", name="Sky").click()
    leads_on(page.get_by_role("link", name="Begin a stay"))
    axe(page)
    page.get_by_label("Bed").fill("elm 2")
    page.get_by_label("Primary clinician").select_option(label="Dev Patel")
    page.get_by_label("Ana Ruiz").check()
    page.get_by_role("button", name="Begin the stay").click()
    expect(page.locator(".form-errors")).to_contain_text("Somebody has this bed already.")
    axe(page)
    page.get_by_label("Bed").fill("Pine 1")
    page.get_by_role("button", name="Begin the stay").click()
    expect(page.locator(".messages")).to_contain_text("The stay has begun.")
    page.get_by_role("link", name="Change the care team").click()
    page.get_by_role("button", name="Make primary: Ana Ruiz").click()
    page.get_by_role("button", name="End: Dev Patel").click()
    expect(page.locator(".messages")).to_contain_text("Dev Patel has left this care team.")
    axe(page)
