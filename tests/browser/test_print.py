"""What people take with them stands on one sheet of paper, without what only a screen needs.

An article on paper: test_public_quality.py. The board: test_board.py.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn


def sheets(page: Page) -> int:
    return page.pdf(format="Letter", prefer_css_page_size=True).count(b"/Type /Page\n")


def test_a_clients_week_is_one_sheet(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "sam")
    page.goto("/schedule/week/")
    page.emulate_media(media="print")
    # The demo program deals out more in some runs; fourteen are an ordinary week.
    page.locator(".agenda > li").evaluate_all("rows => rows.slice(14).forEach(row => row.remove())")
    assert page.locator(".agenda > li").count() > 6
    for hidden in (".masthead", ".footer", ".skip", "main .button"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert sheets(page) == 1


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_sign_in_card_is_one_sheet_and_stands_alone(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "mara")
    page.goto("/people/invite/")
    page.get_by_label("Client", exact=True).check()
    page.get_by_label("What to call them in the list below").fill("On paper")
    page.get_by_label("Print a card").check()
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.locator(".paper-card .qr")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (".masthead", ".footer", "h1"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".paper-card code")).to_be_visible()
    assert sheets(page) == 1
