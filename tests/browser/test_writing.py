"""J4 in a browser: the power goes, somebody leaves at once, two tabs are open, the network is away."""

from time import monotonic

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SignIn

NEW = "/journal/new/"
TEXT, SAVED = "#id_text", "[data-saved]"
PAUSE = 2_000  # milliseconds after the last key


@pytest.fixture(autouse=True)
def clock(context: BrowserContext) -> None:
    """It goes on as any other; `then` moves it on past the pause, for which nobody has to wait."""
    context.clock.install()


def then(page: Page) -> None:
    page.clock.run_for(PAUSE)


def write(page: Page, words: str, *, at: str = f"{NEW}?fresh=1") -> None:
    page.goto(at)
    page.locator(TEXT).press_sequentially(words)
    then(page)


def comes_back(page: Page, words: str) -> None:
    """What a page sent on its way out is on its own way: whoever is back sooner finds it a moment later."""
    end = monotonic() + 10
    page.goto(NEW)
    while page.locator(TEXT).input_value() != words and monotonic() < end:
        page.goto(NEW)
    expect(page.locator(TEXT)).to_have_value(words)


def test_j4_a_power_cut_loses_no_word(page: Page, context: BrowserContext, sign_in: SignIn) -> None:
    sign_in(page, "noor")
    write(page, "The lamp went out")
    expect(page.locator(SAVED)).to_contain_text("Saved at")
    page.route("**/journal/draft/", lambda route: route.abort())  # nothing more leaves this page
    page.close()
    after = context.new_page()
    after.goto(NEW)
    expect(after.locator(TEXT)).to_have_value("The lamp went out")
    after.locator(TEXT).press("End")
    after.locator(TEXT).press_sequentially(", and on again")
    after.goto("/journal/")  # at once: the page saves on its way out
    comes_back(after, "The lamp went out, and on again")
    after.get_by_role("button", name="Keep it", exact=True).click()
    after.wait_for_url("**/journal/*-*/")
    after.goto(NEW)
    expect(after.locator(TEXT)).to_have_value("")


def test_j4_two_tabs_keep_two_texts(page: Page, context: BrowserContext, sign_in: SignIn) -> None:
    sign_in(page, "noor")
    write(page, "Begun. ")
    expect(page.locator(SAVED)).to_contain_text("Saved at")
    other = context.new_page()
    other.goto(NEW)
    for tab, words in ((page, "One."), (other, "Two.")):
        tab.locator(TEXT).press("End")
        with tab.expect_response("**/journal/draft/") as answer:
            tab.locator(TEXT).press_sequentially(words)
            then(tab)
        assert answer.value.ok
    for tab, words in ((page, "Begun. One."), (other, "Begun. Two.")):
        tab.get_by_role("button", name="Keep it", exact=True).click()
        expect(tab.locator(".written")).to_have_text(words)


def test_j4_without_a_network_it_says_so_and_goes_on_trying(
    page: Page, context: BrowserContext, sign_in: SignIn, no_console_errors: list[str]
) -> None:
    sign_in(page, "noor")
    page.goto(f"{NEW}?fresh=1")
    context.set_offline(True)
    page.locator(TEXT).press_sequentially("Under the hill.")
    then(page)
    expect(page.locator(SAVED)).to_contain_text("Not saved yet. Trying again.")
    context.set_offline(False)
    expect(page.locator(SAVED)).to_contain_text("Saved at")
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.locator(".written")).to_have_text("Under the hill.")
    no_console_errors[:] = [text for text in no_console_errors if "ERR_INTERNET_DISCONNECTED" not in text]
