"""A page goes to one reader, an answer comes back, and taken back the page is gone at once (J2, J3)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on
from tests.browser.test_client import write

WORDS = "The kingfisher came back to the weir."
ANSWER = "Thank you. I looked for it this morning."
LATE = "One more thing that I wanted to say."


@pytest.fixture
def reader(browser: Browser, browser_context_args: dict[str, object], sign_in: SignIn) -> Iterator[Page]:
    """Ana, on a device of her own."""
    with browser.new_context(**browser_context_args) as context:  # type: ignore[arg-type]
        page = context.new_page()
        sign_in(page, "ana")
        yield page


def share(page: Page, axe: Axes) -> None:
    write(page, WORDS)
    page.get_by_role("link", name="Share with one person").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    axe(page)
    page.get_by_label("Ana Ruiz").check()
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_text("Not read yet")).to_be_visible()
    axe(page)


def open_newest(reader: Page, axe: Axes) -> None:
    leads_on(reader.get_by_role("link", name="Read them"))
    axe(reader)
    reader.locator("main .agenda a").first.click()
    expect(reader.get_by_text(WORDS)).to_be_visible()
    axe(reader)


def test_j3_a_page_is_shared_read_answered_and_taken_back(
    page: Page, reader: Page, sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, "sam")
    share(page, axe)
    reader.reload()
    open_newest(reader, axe)
    reader.get_by_label("Your answer").fill(ANSWER)
    reader.get_by_role("button", name="Send the answer").click()
    expect(reader.get_by_role("heading", name="What you answered")).to_be_visible()
    axe(reader)
    page.reload()
    expect(page.get_by_text("read this on")).to_be_visible()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    axe(page)

    reader.get_by_label("Your answer").fill(LATE)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(page.get_by_text(ANSWER)).to_be_visible()  # what was answered stays the writer's
    reader.get_by_role("button", name="Send the answer").click()
    expect(reader.get_by_text(LATE)).to_be_visible()
    assert WORDS not in reader.content()
    axe(reader)
    reader.go_back()
    expect(reader.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    reader.reload()
    assert WORDS not in reader.content()
