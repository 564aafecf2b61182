"""One person's way through the house: in by a card, a stay, an emergency, leaving, and gone (A1 to A10)."""

import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import SignIn, assert_clean, leads_on
from tests.product import Product

WRITTEN = "The kingfisher came back to the bridge in the rain."
REASON = "They called from the garden and did not sound safe."
PASSWORD = "plum kettle harbour ninety"

# What a dump holds of one person's journal: who, and each sealed text with what it is bound to.
DUMP = """
import json
from journal.models import Entry
rows = Entry.objects.filter(owner__username="fieldfare")
found = [[str(r.owner_id), str(r.pk), r.revision, bytes(r.text_sealed).hex()] for r in rows]
print(json.dumps(found))
"""
# Each sealed text of a dump, opened with what the database holds now; or why it does not open.
OPEN = """
import json
from uuid import UUID
from accounts import vault
def opened(owner, entry, revision, sealed):
    try:
        key = vault.key_for(UUID(owner))
        return key.unseal(bytes.fromhex(sealed), "journal.entry", entry, "text", revision)
    except Exception as error:
        return type(error).__name__
print(json.dumps([opened(*row) for row in json.loads({dump!r})]))
"""

Visitor = Callable[[], Page]


@pytest.fixture
def visitor(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Visitor]:
    """A browser of its own for each person."""
    contexts: list[BrowserContext] = []

    def arrive() -> Page:
        contexts.append(browser.new_context(**browser_context_args))
        return contexts[-1].new_page()

    yield arrive
    for context in contexts:
        context.close()


def invited(manager: Page) -> str:
    """The address on a card that a manager makes."""
    manager.goto("/people/invite/")
    assert_clean(manager)
    manager.get_by_label("Client").check()
    manager.get_by_label("What to call them in the list below").fill("Arrives on Tuesday")
    leads_on(manager.get_by_role("button", name="Make the invitation"))
    assert_clean(manager)
    return manager.locator(".paper-card code").inner_text()


def arrives(client: Page, address: str) -> None:
    """First steps: a name, a password, what is seen by whom, how check-ins are read, and a passkey (K9)."""
    devices = client.context.new_cdp_session(client)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    abilities = dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | abilities})
    client.goto(address)
    assert_clean(client)
    client.locator("input[name=chosen_name]").fill("Fieldfare")
    client.locator("input[name=username]").fill("fieldfare")
    client.locator("input[name=password]").fill(PASSWORD)
    client.get_by_role("button", name="I am ready").click()
    client.wait_for_url("**/first-steps/")
    assert_clean(client)
    client.get_by_role("button", name="I have read this").click()
    client.get_by_role("link", name="It is mine: add a passkey").click()
    client.get_by_label("This device is mine").check()
    client.get_by_role("button", name="Add it").click()
    client.get_by_role("link", name="I have them").click()
    client.goto("/today/")
    client.get_by_role("button", name="Sign out").click()
    comes_in_by_passkey(client)


def comes_in_by_passkey(client: Page) -> None:
    client.get_by_role("button", name="Sign in with a passkey").click()
    client.wait_for_url(lambda url: urlsplit(url).path == "/today/")


def begins_a_stay(manager: Page) -> str:
    """The path of the new client's page."""
    manager.goto("/people/")
    manager.get_by_role("searchbox").fill("fieldfare")
    manager.get_by_role("button", name="Find").click()
    manager.get_by_role("link", name="Fieldfare").click()
    page = manager.url
    leads_on(manager.get_by_role("link", name="Begin a stay"))
    assert_clean(manager)
    manager.get_by_label("Bed").fill("Willow 9")
    manager.get_by_label("Primary clinician").select_option(label="Ana Ruiz")
    manager.get_by_role("button", name="Begin the stay").click()
    expect(manager.get_by_text("Willow 9")).to_be_visible()
    assert_clean(manager)
    return page


def lives_here(client: Page) -> None:
    client.goto("/check-in/")
    client.locator("input[name=mood][value='2']").check(force=True)
    client.locator("#check-in form button", has_text="Send").first.click()
    client.goto("/journal/new/")
    client.locator("textarea[name=text]").fill(WRITTEN)
    client.get_by_role("button", name="Keep it").click()
    expect(client.get_by_text(WRITTEN)).to_be_visible()


def shows_it_is_them(page: Page, password: str) -> None:
    page.wait_for_url("**/reauthenticate/**")
    assert_clean(page)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()


def opens_in_an_emergency(colleague: Page, page: str) -> None:
    """A colleague of no care team finds nothing, gives a reason, and then sees a little for an hour (A10)."""
    assert colleague.goto(page).status == 404
    colleague.goto(page + "emergency/")
    assert_clean(colleague)
    colleague.get_by_role("link", name="Show that it is you").click()
    shows_it_is_them(colleague, "stillwater-demo")
    colleague.get_by_label("What has happened?").fill(REASON)
    colleague.get_by_role("button", name="Open the page").click()
    expect(colleague.get_by_text("Check-ins of seven days")).to_be_visible()
    expect(colleague.get_by_text(WRITTEN)).to_have_count(0)
    assert_clean(colleague)


def reads_who_looked(client: Page) -> None:
    client.goto("/me/access/")
    expect(client.get_by_text("Dev Patel").first).to_be_visible()
    expect(client.get_by_text(REASON)).to_be_visible()
    assert_clean(client)


def lets_go(manager: Page, page: str) -> None:
    manager.goto(page + "discharge/")
    expect(manager.get_by_role("heading", name="This ends")).to_be_visible()
    expect(manager.get_by_text("The care team: Ana Ruiz")).to_be_visible()
    assert_clean(manager)
    manager.get_by_role("button", name="End the stay").click()
    expect(manager.get_by_role("heading", name="The stay has ended")).to_be_visible()
    assert_clean(manager)


def takes_it_along_and_goes(client: Page) -> None:
    """Signed out by the discharge; the journal can still be read, taken along, and deleted (A6, A7, A8)."""
    client.goto("/today/")
    comes_in_by_passkey(client)
    assert_clean(client)
    assert client.goto("/check-in/").status == 404
    client.goto("/me/export/")
    shows_it_is_them(client, PASSWORD)
    expect(client.get_by_role("heading", name="Download everything")).to_be_visible()
    assert_clean(client)
    with client.expect_download() as download:
        client.get_by_role("button", name="Download it").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert WRITTEN in archive.read("journal.html").decode()
        assert REASON in "".join(archive.read(name).decode() for name in archive.namelist())
    client.goto("/me/delete/")
    assert_clean(client)
    client.locator("main form input[type=text]").fill("fieldfare")
    client.get_by_role("button", name="Delete everything").click()
    client.wait_for_url("**/gone/")
    assert_clean(client)


def test_a_whole_life_in_the_house(visitor: Visitor, product: Product, sign_in: SignIn) -> None:
    manager, client, colleague = visitor(), visitor(), visitor()
    sign_in(manager, "mara")
    arrives(client, invited(manager))
    page = begins_a_stay(manager)
    lives_here(client)
    sign_in(colleague, "dev")
    opens_in_an_emergency(colleague, page)
    reads_who_looked(client)
    lets_go(manager, page)
    dump = product.manage("shell", "--verbosity", "0", "--command", DUMP).strip()
    assert opened(product, dump) == [WRITTEN]
    takes_it_along_and_goes(client)
    assert opened(product, dump) == ["Unreadable"]


def opened(product: Product, dump: str) -> list[str]:
    return json.loads(product.manage("shell", "--verbosity", "0", "--command", OPEN.format(dump=dump)))
