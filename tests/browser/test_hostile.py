"""Hostile text in every field: nothing of it runs in a real browser, or asks anybody for anything."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.conftest import SignIn, leads_on
from tests.hostile import VECTORS
from tests.product import Product, running

# What a reader's browser made of a page: an element or an attribute that could do something, or a link away.
ALIVE = """
() => [...document.querySelectorAll('main *')].flatMap(element => [
  ...[...element.attributes].filter(({name}) => name.startsWith('on')).map(({name}) => name),
  ...(element.closest('.body') ? [...element.attributes].filter(({name}) =>
    !['href', 'rel', 'src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading', 'decoding', 'class',
      'itemprop', 'data-hx-disable', 'hx-disable'].includes(name)).map(({name}) => name) : []),
  ...(element.matches('a[href]') && !['http:', 'https:', 'mailto:', 'tel:'].includes(element.protocol)
    ? [element.href] : []),
  ...(element.closest('article') &&
    element.matches('script, style, iframe, object, embed, base, meta[http-equiv]')
    ? [element.outerHTML] : []),
])
"""
PASTE = """
texts => texts.map(text => {
  const area = document.querySelector('.ProseMirror')
  const data = new DataTransfer()
  data.setData('text/html', text)
  area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
}).length
"""
NOT_HERE = "the server responded with a status of 404"  # a picture of nothing, for a moment
REFUSED = "the following Content Security Policy directive"
# Read by a browser, written down, and read again: the way by which a harmless text turns into another one.
TWICE = """
() => {
  const read = text => { const one = document.createElement('template'); one.innerHTML = text; return one }
  return [...document.querySelectorAll('.body')].filter(
    ({innerHTML}) => read(read(innerHTML).innerHTML).innerHTML !== innerHTML).length
}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, list[str]]]:
    """A program of its own, so that no other test meets these texts."""
    with running(tmp_path_factory.mktemp("hostile"), number=6) as product:
        made = product.manage("shell", "-v", "0", "-c", "from tests.hostile import fill; print(*fill())")
        product.serve()
        yield product, made.split()


@pytest.fixture
def heard(browser: Browser, hostile: tuple[Product, list[str]]) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser, and whatever ran, was refused by the policy, or was called at another host."""
    wrong: list[str] = []
    home = urlsplit(hostile[0].url).netloc
    with browser.new_context(base_url=hostile[0].url, viewport={"width": 1280, "height": 900}) as context:
        context.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        for event in ("requestfinished", "requestfailed"):
            context.on(event, lambda sent: is_away(sent, home) and wrong.append(f"called {sent.url[:200]}"))
        context.on(
            "console", lambda said: said.type == "error" and wrong.append(f"{said.text} on {said.location}")
        )
        yield context, wrong


def is_away(sent: Request, home: str) -> bool:
    """Whether it left for another host; what the policy refused has not left."""
    parts = urlsplit(sent.url)
    return parts.scheme in ("http", "https") and parts.netloc != home and sent.failure != "csp"


def look(page: Page, path: str, wrong: list[str]) -> None:
    before = len(wrong)
    answer = page.goto(path)
    assert answer
    if answer.status != 200:
        wrong.append(f"{answer.status}")
    wrong += [f"alive: {what}" for what in page.evaluate(ALIVE)]
    wrong += ["changes when read again"] * page.evaluate(TWICE)
    wrong[before:] = [f"{path}: {what}" for what in wrong[before:]]


def test_f1_nothing_of_a_hostile_text_runs_where_readers_are(
    hostile: tuple[Product, list[str]], heard: tuple[BrowserContext, list[str]]
) -> None:
    (_product, addresses), (context, wrong) = hostile, heard
    assert len(addresses) > 170
    page = context.new_page()
    searched = [f"/search/?q={quote(vector[:90])}" for vector in VECTORS[::9] if "\0" not in vector]
    for path in ["/articles/", "/questions/", "/families/", "/", "/search/?q=alert", *searched, *addresses]:
        look(page, path, wrong)
    assert wrong == []
    for path in ("/articles/feed/", "/sitemap.xml"):
        ElementTree.fromstring(context.request.get(path).body())  # noqa: S314  # our own
    page.evaluate("alert('the test hears what runs')")
    assert wrong == ["dialog the test hears what runs"]


def test_f1_nothing_of_it_runs_at_the_desk_either(
    hostile: tuple[Product, list[str]], heard: tuple[BrowserContext, list[str]], sign_in: SignIn
) -> None:
    context, wrong = heard
    page = context.new_page()
    sign_in(page, "eli")
    page.goto("/library/")
    texts = page.locator("main a[href^='/library/articles/']").evaluate_all(
        "links => [...new Set(links.map(link => link.getAttribute('href').slice(0, 55)))]"
    )
    texts = [path for path in texts if len(path) == 55][::5]
    assert len(texts) > 2
    desk = ["", "topics/", "order/", "claims/", "links/", "pictures/", "listening/"]
    for path in [f"/library/{name}" for name in desk] + [
        f"{text}{name}" for text in texts for name in ("", "preview/", "history/", "history/1/", "addresses/")
    ]:
        look(page, path, wrong)
    assert wrong == []


def test_f1_nothing_of_it_runs_when_it_is_pasted_into_the_editor(
    heard: tuple[BrowserContext, list[str]], sign_in: SignIn
) -> None:
    """The field reads what is pasted in a way that would run it and fetch pictures: the policy refuses."""
    context, wrong = heard
    page = context.new_page()
    sign_in(page, "eli")
    page.goto("/library/articles/new/")
    page.get_by_label("Title", exact=True).fill("Pasted")
    page.get_by_label("Topic", exact=True).select_option(index=1)
    page.get_by_label("Summary", exact=True).fill("Pasted.")
    page.locator(".ProseMirror").click()
    assert page.evaluate(PASTE, VECTORS) == len(VECTORS)
    assert page.evaluate(ALIVE) == []
    leads_on(page.locator("main").get_by_role("button", name="Keep", exact=True))
    assert page.locator("article h1").inner_text() == "Pasted"
    assert page.evaluate(ALIVE) == []
    assert page.evaluate(TWICE) == 0
    assert [what for what in wrong if REFUSED not in what and NOT_HERE not in what] == []
