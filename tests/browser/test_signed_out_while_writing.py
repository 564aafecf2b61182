"""Somebody writes, and the session ends meanwhile: after signing in the same words are there (J4)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on
from tests.browser.test_leaving_nothing import NO_SCRIPTS, age
from tests.faults.private_words import run
from tests.product import Product

WORDS = "A kingfisher sat on the gate."
END = "DELETE FROM django_session"
WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, marks=NO_SCRIPTS, id="no-scripts")]
)


def come_back(page: Page, username: str) -> None:
    expect(page.get_by_text("What you wrote is kept, and locked.")).to_be_visible()
    assert WORDS not in page.content()
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill("stillwater-demo")
    page.locator("main form button").first.click()


@WITH_AND_WITHOUT_SCRIPTS
def test_a_journal_page(page: Page, product: Product, sign_in: SignIn, axe: Axes, scripts: bool) -> None:
    sign_in(page, "sam")
    page.goto("/journal/new/?fresh=1")
    run(product, END)
    page.locator("textarea[name=text]").fill(WORDS)
    leads_on(page.get_by_role("button", name="Keep it"))
    axe(page)
    come_back(page, "sam")
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    draft = page.url
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    page.go_back()
    expect(page.locator("input[name=password]")).to_be_visible()
    assert WORDS not in page.content()
    sign_in(page, "sam")
    page.goto(draft)
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(WORDS)).to_be_visible()


def test_a_form_of_staff_waits_on_a_page_of_its_own(
    page: Page, product: Product, sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, "mara")
    page.goto("/groups/new/")
    page.locator("input[name=name]").fill("Gate circle")
    page.locator("input[name=purpose]").fill("To look at birds.")
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("input[name=capacity]").fill("5")
    page.locator("textarea[name=what_to_expect]").fill(WORDS)
    run(product, END)
    page.locator("main form .button").first.click()
    come_back(page, "mara")
    expect(page.get_by_role("heading", name="Your words are here")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url("**/groups/**")
    expect(page.get_by_text("Gate circle").first).to_be_visible()
    page.goto("/unsent/")
    expect(page.get_by_text("Nothing is waiting here.")).to_be_visible()


def test_an_idle_page_takes_the_words_along(page: Page, product: Product, sign_in: SignIn) -> None:
    page.clock.install()
    sign_in(page, "noor")
    page.goto("/check-in/")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    age(product, 16 * 60)
    page.locator("textarea[name=note]").fill(WORDS)
    page.clock.run_for(13 * 60 * 1000 + 10_000)  # milliseconds
    come_back(page, "noor")
    expect(page.get_by_text(WORDS)).to_be_visible()
