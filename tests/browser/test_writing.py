"""J4 in a browser: the power goes, somebody leaves at once, two tabs are open, the network is away."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SignIn

NEW = "/journal/new/"
TEXT, SAVED = "#id_text", "[data-saved]"


def write(page: Page, words: str, *, at: str = f"{NEW}?fresh=1") -> None:
    page.goto(at)
    page.locator(TEXT).press_sequentially(words)


def test_j4_a_power_cut_loses_no_word(page: Page, context: BrowserContext, sign_in: SignIn) -> None:
    sign_in(page, "noor")
    write(page, "The lamp went out")
    expect(page.locator(SAVED)).to_contain_text("Saved at", timeout=15_000)
    page.route("**/journal/draft/", lambda route: route.abort())  # nothing more leaves this page
    page.close()
    after = context.new_page()
    after.goto(NEW)
    expect(after.locator(TEXT)).to_have_value("The lamp went out")
    after.locator(TEXT).press("End")
    after.locator(TEXT).press_sequentially(", and on again")
    after.goto("/journal/")  # at once: the page saves on its way out
    after.goto(NEW)
    expect(after.locator(TEXT)).to_have_value("The lamp went out, and on again")
    after.get_by_role("button", name="Keep it", exact=True).click()
    after.wait_for_url("**/journal/*-*/")
    after.goto(NEW)
    expect(after.locator(TEXT)).to_have_value("")


def test_j4_two_tabs_keep_two_texts(page: Page, context: BrowserContext, sign_in: SignIn) -> None:
    sign_in(page, "noor")
    write(page, "Begun. ")
    expect(page.locator(SAVED)).to_contain_text("Saved at", timeout=15_000)
    other = context.new_page()
    other.goto(NEW)
    for tab, words in ((page, "One."), (other, "Two.")):
        tab.locator(TEXT).press("End")
        with tab.expect_response("**/journal/draft/") as answer:
            tab.locator(TEXT).press_sequentially(words)
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
    expect(page.locator(SAVED)).to_contain_text("Not saved yet. Trying again.", timeout=15_000)
    context.set_offline(False)
    expect(page.locator(SAVED)).to_contain_text("Saved at", timeout=15_000)
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.locator(".written")).to_have_text("Under the hill.")
    no_console_errors[:] = [text for text in no_console_errors if "ERR_INTERNET_DISCONNECTED" not in text]
