"""Debian's Chromium against a real server with the demo program. Nothing here touches the test database."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from tests.product import Product, running

QUIET_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = (
    "The browser tests need Chromium. On Debian and Ubuntu: apt-get install chromium. "
    "Elsewhere set CHROMIUM to the path of a Chromium or Chrome."
)
# A form with a mistake answers 422 and a page one may not see 404; Chromium calls both an error.
EXPECTED_STATUS = re.compile(r"Failed to load resource: .* status of (404|422)")

Axes = Callable[[Page], None]
SignIn = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product"), number=1) as product:
        product.serve()
        yield product


@pytest.fixture(scope="session")
def base_url(product: Product) -> str:
    return product.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not Path(chromium).exists():
        pytest.fail(NO_CHROMIUM, pytrace=False)
    return {
        "executable_path": chromium,
        "args": QUIET_CHROMIUM,
        # Playwright turns the back-forward cache off; people have it, and it is what Back shows.
        "ignore_default_args": ["--disable-back-forward-cache"],
    }


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For one file at a time: while it lives, its event loop hides Django's connection from this thread."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-US",
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def no_console_errors(context: BrowserContext) -> Iterator[list[str]]:
    """Scripts ran clean, the policy blocked nothing, and no page called another host.

    A test that breaks something on purpose takes what it expected off the list.
    """
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_STATUS.match(message.text):
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def watch(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", "127.0.0.1", None):
            complaints.append(f"called {request.url}")

    context.on("console", listen)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", watch)
    yield complaints
    assert complaints == []


@pytest.fixture
def axe(request: pytest.FixtureRequest) -> Axes:
    """Asserts that axe finds nothing on the page as it stands. It is a script, so it needs scripts."""
    marker = request.node.get_closest_marker("browser_context_args")
    if marker and not marker.kwargs.get("java_script_enabled", True):
        return lambda page: None
    return assert_clean


def leads_on(what: Locator) -> None:
    """Clicks, and stays until the page it leads to is there; else axe looks at the page that is going."""
    with what.page.expect_navigation():
        what.click()


def assert_clean(page: Page) -> None:
    found = violations(page)
    assert not found, "\n".join([page.url, *found])


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """Asked twice on one page, axe is there already; only what it found comes back.

    The size of targets (24 px, or room around them) is a rule of WCAG 2.2 that axe only checks when asked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"runOnly": list(rules)} if rules else {"rules": {"target-size": {"enabled": True}}}
    found = page.evaluate(
        "asked => axe.run(asked).then(results => results.violations)",
        {"resultTypes": ["violations"], **asked},
    )
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def by_the_form(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill("stillwater-demo")
    page.locator("main form button").first.click()
    page.wait_for_url("**/today/")


@pytest.fixture(scope="session")
def sign_in() -> SignIn:
    return by_the_form
