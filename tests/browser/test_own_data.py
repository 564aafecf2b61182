"""The pages about one's own data, and what stands in the file that is taken home (A7, A8)."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Axes, SignIn

FILES = ("index", "journal", "check-ins", "groups-and-attendance", "about-me")


@pytest.fixture
def sam(page: Page, sign_in: SignIn) -> Page:
    """Signed in, and asked once more who it is."""
    sign_in(page, "sam")
    page.goto("/me/export/")
    page.locator("input[name=password]").fill("stillwater-demo")
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/export/")
    return page


def is_sound(page: Page, axe: Axes) -> None:
    for width, scheme in ((320, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width} px"
        axe(page)


def test_the_pages_of_own_data_are_sound(sam: Page, axe: Axes) -> None:
    is_sound(sam, axe)
    sam.goto("/me/delete/")
    is_sound(sam, axe)
    sam.get_by_label("Type your sign-in name").fill("somebody")
    sam.get_by_role("button", name="Delete everything").click()
    sam.get_by_text("Nothing was deleted.").first.wait_for()
    is_sound(sam, axe)
    sam.goto("/gone/")
    is_sound(sam, axe)


def test_a7_what_is_taken_home_can_be_read_on_any_screen_without_the_house(
    sam: Page, axe: Axes, tmp_path: Path
) -> None:
    with sam.expect_download() as download:
        sam.get_by_role("button", name="Download it").click()
    assert download.value.suggested_filename.startswith("my-copy-")
    with ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    sam.context.set_offline(True)
    for name in FILES:
        sam.goto((tmp_path / f"{name}.html").as_uri())
        is_sound(sam, axe)
    sam.goto((tmp_path / "index.html").as_uri())
    sam.get_by_role("link", name="Your check-ins").first.click()
    assert sam.url.endswith("/check-ins.html")
    assert sam.get_by_role("article").count() > 5
