"""Every page that a role can reach by its links answers, fits a phone, and gives axe nothing to find."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Axes, SignIn

NAMED = re.compile(r"/(articles|questions)/(?!feed/|new/)[\w-]+/$")
UNIQUE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PUBLIC = re.compile(r"^/(|about|families|privacy|help|articles|questions|search|sitemap\.xml|accounts)(/|$)")
NOT_PAGES = re.compile(r"/leave/|/feed/|/export/|\.xml$|\.ics$|/static/")
MOST_PAGES = 60


@pytest.mark.parametrize("who", ["", "sam", "ana", "eli", "mara"])
def test_every_page_is_sound(page: Page, base_url: str, who: str, sign_in: SignIn, axe: Axes) -> None:
    if who:
        sign_in(page, who)
    wrong = [problem for path in reachable(page, base_url, who) for problem in problems(page, path, axe)]
    assert not wrong, "\n".join(wrong)


def reachable(page: Page, base_url: str, who: str) -> Iterator[str]:
    """One path of each kind, breadth first; for somebody signed in, those that are not public."""
    queue, kinds = ["/today/" if who else "/"], set()
    while queue:
        path = queue.pop(0)
        kind = UNIQUE.sub("*", NAMED.sub(r"/\1/*/", urlsplit(path).path))
        if kind in kinds:
            continue
        kinds.add(kind)
        yield path
        for link in page.locator("a[href]").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        ):
            to = urlsplit(urljoin(base_url + path, link))
            if urljoin(base_url, "/").startswith(f"{to.scheme}://{to.netloc}") and wanted(to.path, who):
                queue.append(f"{to.path}?{to.query}".rstrip("?"))
    assert 5 < len(kinds) < MOST_PAGES, sorted(kinds)


def wanted(path: str, who: str) -> bool:
    return not NOT_PAGES.search(path) and (not who or not PUBLIC.match(path))


def problems(page: Page, path: str, axe: Axes) -> Iterator[str]:
    """Dark on a phone, light on a desk. The page stays open, at a desk's width, for its links."""
    answer = page.goto(path)
    if not answer or answer.status != 200:
        yield f"{path} answered {answer and answer.status}"
        return
    for width, scheme in ((390, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{path} is {wide} px wide on a screen of {width} px"
        try:
            axe(page)
        except AssertionError as found:
            yield f"{width} px, {scheme}: {found}"
