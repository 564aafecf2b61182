"""An editor's whole way: written, hinted at, read by a second person, scheduled, moved, brought back (F1)."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on
from tests.product import Product

TITLE = "A quiet room for the first night"
ADDRESS = "/articles/a-quiet-room-for-the-first-night/"
NEW_ADDRESS = "/articles/first-night/"
# What anybody gets at that address one second before a minute, and on it.
AT_THE_MINUTE = """
from datetime import timedelta
import time_machine
from django.test import Client
from faq.models import Release
at = Release.objects.get(title="{title}").public_from
for moment in (at - timedelta(seconds=1), at):
    with time_machine.travel(moment, tick=False):
        print(Client(headers={{"host": "localhost"}}).get("{address}").status_code)
"""


@pytest.fixture
def people(
    browser: Browser, browser_context_args: dict[str, object], context: BrowserContext, sign_in: SignIn
) -> Iterator[tuple[Page, Page, Page]]:
    """Eli who writes, Mara who reads it a second time, and anybody at all."""
    options: dict[str, object] = browser_context_args
    with (
        browser.new_context(**options) as second,  # type: ignore[arg-type]
        browser.new_context(**options) as third,  # type: ignore[arg-type]
    ):
        eli, mara = context.new_page(), second.new_page()
        sign_in(eli, "eli")
        sign_in(mara, "mara")
        yield eli, mara, third.new_page()


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer
    return answer.status


def press(page: Page, name: str) -> None:
    leads_on(page.locator("main").get_by_role("button", name=name, exact=True))


def adds_a_picture(page: Page, axe: Axes) -> None:
    """Without words it is refused (F1)."""
    file = BytesIO()
    Image.linear_gradient("L").resize((1600, 900)).save(file, "PNG")
    page.goto("/library/pictures/")
    for words in ("", "A window with a curtain"):
        page.set_input_files(
            "input[type=file]", {"name": "a.png", "mimeType": "image/png", "buffer": file.getvalue()}
        )
        page.get_by_label("What it shows").fill(words)
        press(page, "Add")
        if not words:
            expect(page.locator("main")).to_contain_text("Say what the picture shows.")
        axe(page)


def writes(page: Page, axe: Axes) -> None:
    """A hint is followed, a picture put in, and the text on a phone's width follows (F4)."""
    page.goto("/library/")
    leads_on(page.get_by_role("link", name="New article"))
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Topic").select_option(label="First days")
    page.get_by_label("Summary").fill("Where you sleep, and who is awake.")
    area = page.locator(".ProseMirror")
    area.click()
    page.keyboard.type("No addict has to explain anything here tonight.")
    hints = page.locator("#beside .hints")
    expect(hints).to_contain_text("a person with addiction")
    area.get_by_text("No addict").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Nobody has to explain anything here tonight.")
    expect(page.locator("#beside")).not_to_contain_text("a person with addiction")
    page.locator("summary", has_text="Pictures").click()
    page.keyboard.press("Escape")
    page.locator("[data-picture]").first.click()
    expect(page.locator("#beside .phone img")).to_be_visible()
    axe(page)
    press(page, "Keep")
    expect(page.locator("article img")).to_have_attribute("alt", "A window with a curtain")
    axe(page)


def is_read_by_a_second_person(eli: Page, mara: Page, axe: Axes) -> None:
    """Sent, given back with a comment, mended, sent again and agreed to (F1)."""
    press(eli, "Ask for a second reader")
    mara.goto("/library/")
    axe(mara)
    leads_on(mara.get_by_role("link", name=f"Read {TITLE}"))
    mara.get_by_label("A word to the others").fill("Please say who is awake at night.")
    press(mara, "Give it back")
    axe(mara)
    eli.goto("/today/")
    expect(eli.locator("main")).to_contain_text("It came back with a comment.")
    leads_on(eli.get_by_role("link", name=f"Read {TITLE}"))
    expect(eli.locator("main")).to_contain_text("Please say who is awake at night.")
    leads_on(eli.get_by_role("link", name="Edit", exact=True))
    eli.get_by_label("Summary").fill("Where you sleep, and that somebody is awake all night.")
    press(eli, "Keep")
    press(eli, "Ask for a second reader")
    mara.reload()
    press(mara, "I have read it and agree")


def is_scheduled(eli: Page, anybody: Page, product: Product, axe: Axes) -> None:
    """The button says what it will do, with the zone; the text is there at the minute, not before (F2)."""
    eli.reload()
    leads_on(eli.get_by_role("link", name="Choose a day and a time"))
    day = timezone.localdate() + timedelta(days=10)
    eli.get_by_label("On a day").check()
    eli.get_by_role("textbox", name="Day", exact=True).fill(day.isoformat())
    eli.get_by_role("textbox", name="Time").fill("09:00")
    button = eli.get_by_role("button", name=f"{day:%A, %-d %B %Y} at 9:00 a.m.")
    expect(button).to_contain_text("New York")
    axe(eli)
    leads_on(button)
    preview = eli.url
    assert status(anybody, ADDRESS) == 404
    script = AT_THE_MINUTE.format(title=TITLE, address=ADDRESS)
    assert product.manage("shell", "--verbosity", "0", "--command", script).split()[-2:] == ["404", "200"]
    assert status(anybody, preview) == 404


def is_public(eli: Page, anybody: Page) -> None:
    press(eli, "Do not publish it on that day")
    press(eli, "Publish for everybody")
    assert status(anybody, ADDRESS) == 200


def moves(eli: Page, mara: Page, anybody: Page) -> None:
    """A changed address leads on from the old one (F2)."""
    leads_on(eli.get_by_role("link", name="Edit", exact=True))
    eli.locator("summary", has_text="Where readers find it").click()
    eli.get_by_label("Address").fill("first-night")
    eli.get_by_label("Summary").fill("One quiet room, and somebody awake.")
    press(eli, "Keep")
    assert status(anybody, NEW_ADDRESS) == 404
    mara.reload()
    press(mara, "I have read it and agree")
    press(mara, "Publish for everybody")
    assert status(anybody, ADDRESS) == 200
    assert anybody.url.endswith(NEW_ADDRESS)
    expect(anybody.locator("main")).to_contain_text("One quiet room, and somebody awake.")


def is_brought_back(eli: Page, mara: Page, anybody: Page, axe: Axes) -> None:
    eli.reload()
    leads_on(eli.get_by_role("link", name="History"))
    axe(eli)
    leads_on(eli.get_by_role("link", name="Version 2"))
    axe(eli)
    press(eli, "Bring this text back")
    mara.reload()
    press(mara, "I have read it and agree")
    press(mara, "Publish for everybody")
    anybody.reload()
    expect(anybody.locator("main")).to_contain_text("somebody is awake all night.")


def test_f1_an_editors_whole_way(people: tuple[Page, Page, Page], product: Product, axe: Axes) -> None:
    eli, mara, anybody = people
    adds_a_picture(eli, axe)
    writes(eli, axe)
    is_read_by_a_second_person(eli, mara, axe)
    is_scheduled(eli, anybody, product, axe)
    is_public(eli, anybody)
    moves(eli, mara, anybody)
    is_brought_back(eli, mara, anybody, axe)
