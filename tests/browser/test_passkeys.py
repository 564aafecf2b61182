"""Signing in with a passkey, and staff led through their second step, in a house that requires it (A3)."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axes, leads_on
from tests.product import Product, running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of its own: whoever sets up a second step there is asked for it by every later test."""
    with running(tmp_path_factory.mktemp("house"), number=4, REQUIRE_SECOND_FACTOR="1") as house:
        house.serve()
        yield house


@pytest.fixture
def at(house: Product, page: Page) -> Page:
    """A browser on the house's address, on a device that unlocks with a finger."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    abilities = dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | abilities})
    page.goto(f"{house.url}/accounts/login/")
    return page


def sign_in(page: Page, username: str) -> None:
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill("stillwater-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str) -> str:
    # Not at the end of a period, or it would be too old when it arrives.
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    while time.time() % 30 > 25:
        time.sleep(0.5)
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30))


def test_a_client_adds_a_passkey_and_signs_in_with_it(at: Page, house: Product, axe: Axes) -> None:
    page = at
    axe(page)
    sign_in(page, "teo")
    page.wait_for_url("**/today/")
    page.goto(f"{house.url}/accounts/2fa/")
    axe(page)
    leads_on(page.get_by_role("link", name="Add a passkey on this device"))
    axe(page)
    page.get_by_role("button", name="Add it").click()  # the box is not ticked, so nothing happens
    assert page.url.endswith("/accounts/2fa/passkeys/add/")
    page.get_by_label("This device is mine").check()
    page.get_by_label("A name for this device").fill("The blue phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".codes li")).to_have_count(10)
    axe(page)
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/today/")
    page.goto(f"{house.url}/accounts/2fa/passkeys/")
    expect(page.get_by_text("The blue phone")).to_be_visible()
    axe(page)
    page.goto(f"{house.url}/accounts/logout/")
    page.locator("main form button").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/today/")
    page.goto(f"{house.url}/accounts/sessions/")
    expect(page.get_by_text("This device")).to_have_count(1)
    axe(page)


def test_staff_are_led_through_setting_up_an_app_to_their_page(at: Page, house: Product, axe: Axes) -> None:
    page = at
    sign_in(page, "mara")
    page.wait_for_url("**/accounts/2fa/set-up/")
    axe(page)
    page.get_by_role("link", name="Use an app").click()
    expect(page.locator(".qr")).to_be_visible()
    axe(page)
    page.get_by_text("Type this key instead").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".codes li")).to_have_count(10)
    spare = page.locator(".codes li").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep as a file").click()
    assert spare in download.value.path().read_text()
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/today/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{house.url}/accounts/login/")
    sign_in(page, "mara")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    axe(page)
    page.get_by_label("Code from your app").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today/")


def test_staff_use_a_passkey_instead(at: Page, house: Product, axe: Axes) -> None:
    page = at
    sign_in(page, "ana")
    page.wait_for_url("**/accounts/2fa/set-up/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/today/")
    page.goto(f"{house.url}/accounts/2fa/passkeys/reauthenticate/?next=/me/")
    axe(page)
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url("**/me/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{house.url}/accounts/login/")
    sign_in(page, "ana")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    axe(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/today/")


def test_who_changes_their_mind_is_told_that_nothing_happened(page: Page, house: Product) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")  # a browser that knows passkeys, and has none
    page.goto(f"{house.url}/accounts/login/")
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_visible()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException()) }")
    button.click()
    expect(page.locator("#passkey-trouble")).to_be_visible()
