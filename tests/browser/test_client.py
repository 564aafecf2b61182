"""What a client does on an ordinary day, with scripts and without."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on

# A client of their own for each way, so that no test finds what another has done.
with_and_without_scripts = pytest.mark.parametrize(
    "client",
    [
        pytest.param("sam", id="scripts"),
        pytest.param(
            "noor", id="no-scripts", marks=pytest.mark.browser_context_args(java_script_enabled=False)
        ),
    ],
)


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True),
        pytest.param(False, marks=pytest.mark.browser_context_args(java_script_enabled=False)),
    ],
)
def test_empty_check_in_says_what_is_missing(page: Page, scripts: bool, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, "sam")
    page.goto("/check-in/")
    page.locator("#check-in form button", has_text="Send").first.click()
    expect(page.locator(".form-errors")).to_contain_text("Choose a face")
    expect(page.locator(".form-errors")).to_be_focused()
    axe(page)


@with_and_without_scripts
def test_client_checks_in(page: Page, client: str, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, client)
    page.goto("/check-in/")
    axe(page)
    if page.get_by_text("Change or add something").is_visible():  # some of the demo program said it already
        page.get_by_text("Change or add something").click()
    page.locator("input[name=mood][value='4']").check(force=True)
    page.locator("#check-in form button", has_text="Send").first.click()
    expect(page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()
    axe(page)
    page.goto("/today/")
    expect(page.get_by_role("link", name="Change or add something")).to_be_visible()
    axe(page)
    page.goto("/check-in/history/")
    axe(page)


@with_and_without_scripts
def test_client_joins_a_session_and_leaves_it(page: Page, client: str, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, client)
    page.goto("/groups/")
    axe(page)
    leads_on(page.locator("section[aria-labelledby=fits] h3 a").first)
    axe(page)
    if page.locator("#agreed").count():
        page.locator("#agreed").check()
    page.get_by_role("button", name="Join").click()
    leave = page.get_by_role("button", name="Leave this session")
    expect(leave).to_be_visible()
    axe(page)
    session = page.url
    page.goto("/schedule/week/")
    axe(page)
    page.goto(session)
    leave.click()
    expect(page.get_by_role("button", name="Join")).to_be_visible()


@with_and_without_scripts
def test_client_writes_in_the_journal(page: Page, client: str, sign_in: SignIn, axe: Axes) -> None:
    sign_in(page, client)
    write(page, "The weir was loud after the rain.", axe)
    page.goto("/journal/")
    axe(page)
    page.locator(".pages a").first.click()
    expect(page.get_by_text("The weir was loud after the rain.")).to_be_visible()


@with_and_without_scripts
def test_client_leaves_quickly_and_back_shows_nothing(
    page: Page, context: BrowserContext, client: str, sign_in: SignIn
) -> None:
    sign_in(page, client)
    write(page, "Only I should ever see this line.")
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/about/")
    page.go_back()
    expect(page.locator("input[name=password]")).to_be_visible()
    assert "Only I should ever see this line." not in page.content()
    assert context.cookies() == [] or not any("session" in cookie["name"] for cookie in context.cookies())


def test_three_times_shift_leaves_quickly(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "sam")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/about/")
    page.goto("/today/")
    expect(page.locator("input[name=password]")).to_be_visible()


def write(page: Page, text: str, axe: Axes | None = None) -> None:
    page.goto("/journal/new/")
    if axe:
        axe(page)
    page.locator("textarea[name=text]").fill(text)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(text)).to_be_visible()
    if axe:
        axe(page)


def test_a_fragment_that_fails_says_so(page: Page, sign_in: SignIn, no_console_errors: list[str]) -> None:
    """What looks like it worked must have worked."""
    sign_in(page, "sam")
    page.goto("/today/")
    page.route("**/today/act/**", lambda route: route.fulfill(status=503, body=""))
    page.get_by_role("link", name="Another one").click()
    expect(page.locator("#messages")).to_contain_text("That did not go through.")
    assert [" 503 " in line for line in no_console_errors] == [True, True]
    no_console_errors.clear()
