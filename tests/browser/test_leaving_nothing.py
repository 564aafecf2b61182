"""What is left in a browser when somebody has gone: nothing to read, by any way of going (A4, H2)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Axes, SignIn
from tests.browser.test_pages import reachable
from tests.product import Product

CANARY = "The heron stood in the reeds until it was dark."
WALK = 20
WATCH = """
(text) => {
    const look = () => {
        const body = document.body;
        if (body && getComputedStyle(body).display !== "none" && body.textContent.includes(text)) spotted();
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}
"""
STORES = """
async () => ({
    local: localStorage.length,
    session: Object.entries(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
})
"""
AGE = """
from importlib import import_module
from django.conf import settings
from django.contrib.sessions.models import Session
store = import_module(settings.SESSION_ENGINE).SessionStore
for row in Session.objects.all():
    session = store(row.session_key)
    if "seen_at" in session:
        session["seen_at"] -= {seconds}
        session.save()
"""

Going = Callable[[Page, Product], None]


def age(product: Product, seconds: int) -> None:
    """Nobody has used any session for so much longer."""
    product.manage("shell", "--command", AGE.format(seconds=seconds))


def sign_out(page: Page, product: Product) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def switch_person(page: Page, product: Product) -> None:
    page.get_by_role("button", name="Not you? Switch person").click()
    page.wait_for_url("**/accounts/login/")


def leave(page: Page, product: Product) -> None:
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/about/")


def press_shift(page: Page, product: Product) -> None:
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/about/")


def expire_elsewhere(page: Page, product: Product) -> None:
    """They went on to another site, and the session ended meanwhile."""
    page.goto(f"http://127.0.0.1:{product.port}/about/")
    age(product, 16 * 60)


def write(page: Page) -> None:
    page.goto("/journal/new/")
    page.locator("textarea[name=text]").fill(CANARY)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(CANARY)).to_be_visible()


NO_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.mark.parametrize(
    ("go", "scripts"),
    [
        pytest.param(sign_out, True, id="sign-out"),
        pytest.param(sign_out, False, marks=NO_SCRIPTS, id="sign-out-no-scripts"),
        pytest.param(switch_person, True, id="switch-person"),
        pytest.param(leave, True, id="leave"),
        pytest.param(leave, False, marks=NO_SCRIPTS, id="leave-no-scripts"),
        pytest.param(press_shift, True, id="shift"),
        pytest.param(expire_elsewhere, True, id="expired"),
    ],
)
def test_back_shows_nothing(
    page: Page, context: BrowserContext, product: Product, sign_in: SignIn, go: Going, scripts: bool
) -> None:
    spotted: list[str] = []
    gone = False
    context.expose_binding("spotted", lambda source: spotted.append(source["page"].url) if gone else None)
    context.add_init_script(f"({WATCH})({CANARY!r})")
    if go is switch_person:
        remember_shared(page)
    sign_in(page, "sam")
    write(page)
    go(page, product)
    gone = True
    for _press in range(3):
        page.go_back(wait_until="load")
        if page.url == "about:blank":
            break
        expect(page.locator("input[name=password]")).to_be_visible()
        assert CANARY not in page.content()
    assert spotted == []
    assert not any("session" in cookie["name"] for cookie in context.cookies())


def remember_shared(page: Page) -> None:
    page.goto("/accounts/login/")
    page.context.add_cookies([{"name": "shared", "value": "1", "url": page.url}])


def test_a_walk_leaves_no_byte_of_content(
    page: Page, context: BrowserContext, base_url: str, sign_in: SignIn
) -> None:
    sign_in(page, "sam")
    write(page)
    seen = 0
    for path in reachable(page, base_url, "sam"):
        page.goto(path)
        seen += 1
        stores = page.evaluate(STORES)
        for key, value in stores.pop("session"):
            # htmx notes the address of the page that is open, and nothing of what stands on it.
            assert (key, base_url + value) == ("htmx-current-path-for-history", page.url)
        assert stores == {"local": 0, "databases": 0, "caches": 0}, path
        if seen == WALK:
            break
    assert seen >= 12
    cookies = context.cookies()
    assert {"sessionid", "csrftoken"} <= {cookie["name"] for cookie in cookies}
    for cookie in cookies:
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


LOST = "What you have not kept here will be lost."


def test_an_idle_page_says_what_would_be_lost(page: Page, product: Product, sign_in: SignIn) -> None:
    page.clock.install()
    sign_in(page, "sam")
    page.goto("/me/")
    age(product, 14 * 60)
    page.clock.run_for(13 * 60 * 1000 + 10_000)  # milliseconds
    expect(page.get_by_role("alertdialog").get_by_text(LOST)).to_be_visible()


def test_an_idle_page_asks_first_and_then_goes(
    page: Page, product: Product, sign_in: SignIn, axe: Axes
) -> None:
    page.clock.install()
    sign_in(page, "sam")
    write(page)
    question = page.get_by_role("alertdialog", name="Are you still here?")
    age(product, 14 * 60)
    page.clock.run_for(13 * 60 * 1000 + 10_000)  # milliseconds
    expect(question).to_be_visible()
    assert not any(character.isdigit() for character in question.inner_text())
    expect(question.get_by_text(LOST)).to_be_hidden()  # nothing is being written on this page
    axe(page)
    with page.expect_response("**/me/staying/"):
        question.get_by_role("button", name="Stay signed in").click()
    expect(question).to_be_hidden()
    expect(page.get_by_text(CANARY)).to_be_visible()
    age(product, 15 * 60)
    page.clock.run_for(15 * 60 * 1000)
    page.wait_for_url(re.compile(r"/accounts/login/\?ended=1&next=/journal/"))
    expect(page.get_by_text("You were signed out because nobody used this page")).to_be_visible()
    axe(page)
    page.go_back()
    assert CANARY not in page.content()


def test_a_page_that_is_used_in_another_tab_stays(page: Page, product: Product, sign_in: SignIn) -> None:
    page.clock.install()
    sign_in(page, "sam")
    write(page)
    with page.expect_response("**/me/staying/"):  # the server knows better than this page's clock
        page.clock.run_for(14 * 60 * 1000)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_writing_keeps_the_session_alive(page: Page, product: Product, sign_in: SignIn) -> None:
    page.clock.install()
    sign_in(page, "sam")
    page.goto("/journal/new/")
    age(product, 10 * 60)
    page.clock.run_for(61 * 1000)
    with page.expect_response(lambda response: response.request.method == "POST") as sent:
        page.locator("textarea[name=text]").press_sequentially("So")
    assert sent.value.json()["left"] > 14 * 60
