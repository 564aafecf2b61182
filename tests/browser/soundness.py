"""What holds on every page, however it is looked at, and the walk that finds every page of a role.

test_pages.py looks at each kind of page in two ways; sweep.py, run by hand, in all of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page, Response

from tests.browser.conftest import violations

NAMED = re.compile(r"/(articles|questions)/(?!feed/|new/)[\w-]+/$")
UNIQUE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PUBLIC = re.compile(r"^/(|about|families|privacy|help|articles|questions|search|sitemap\.xml|accounts)(/|$)")
NOT_PAGES = re.compile(r"/leave/|/feed/|/export/|\.xml$|\.ics$|/static/")
MOST_PAGES = 90  # more kinds than a role has: then the walk goes in circles

# One h1, one main, a language and a title, nothing that runs by itself, and no text cut off at its edge.
FLAWS = """() => {
  const flaws = [];
  const shown = one => one.checkVisibility({visibilityProperty: true});
  for (const [what, selector] of [["h1", "h1:not(#beside *)"], ["main", "main"]]) {
    const count = [...document.querySelectorAll(selector)].filter(shown).length;
    if (count !== 1) flaws.push(`${count} × ${what}`);
  }
  if (!document.documentElement.lang) flaws.push("no language");
  if (!document.title.trim()) flaws.push("no title");
  const moving = document.getAnimations().filter(one => one.playState === "running");
  if (moving.length) flaws.push(`${moving.length} animations run`);
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) {
    const beyond = one => one.getBoundingClientRect().right > innerWidth + 1 && shown(one);
    const widest = [...document.querySelectorAll("body *")].findLast(beyond);
    flaws.push(`${wide} px wide on a screen of ${innerWidth} px: ${widest?.outerHTML.slice(0, 120)}`);
  }
  const unseen = ".sr, .place, option, textarea, svg";
  for (const one of document.querySelectorAll("main *, header *, footer *")) {
    const style = getComputedStyle(one);
    const text = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!text || !shown(one) || style.clipPath !== "none" || one.closest(unseen)) continue;
    const wider = /hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    const taller = /hidden|clip/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 2;
    if ((wider || taller) && !one.title) flaws.push(`cut off: ${one.outerHTML.slice(0, 120)}`);
  }
  return flaws;
}"""
# The one with the focus is seen, at least in part, and has an outline. A choice is drawn by its label.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const drawn = style.opacity === "0" || box.width < 2 ? one.labels?.[0] ?? one : one;
  const {outlineStyle, outlineWidth} = getComputedStyle(drawn);
  const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
  const there = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => at(x, y))).filter(Boolean);
  const around = "label, li, p, a, span, summary";
  const own = over => drawn.contains(over) || (over.contains(one) && over.matches(around));
  return {
    name: one.outerHTML.slice(0, 140),
    seen: there.some(own) || box.width < 2,
    over: there[0]?.outerHTML.slice(0, 80) ?? "nothing",
    // Inside a field of a date or a time the browser draws its own.
    ring: /^(date|time)$/.test(one.type) || (outlineStyle !== "none" && parseFloat(outlineWidth) > 1),
  };
}"""
OPEN_ALL = """() => {
  const closed = [...document.querySelectorAll("main details:not([open])")];
  closed.forEach(one => { one.removeAttribute("name"); one.open = true; });
  return closed.length;
}"""
# A form that must be filled in, sent empty, changes nothing and shows what is missing.
SEND_EMPTY = """index => {
  const other = /radio|checkbox|hidden|select|button|fieldset|output/;
  const typed = field => field.required && !other.test(field.type);
  const asks = form => [...form.elements].some(typed);
  const form = [...document.querySelectorAll("main form[method=post]")].filter(asks)[index];
  if (!form) return false;
  [...form.elements].filter(typed).forEach(field => { field.value = ""; });
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""


@dataclass(frozen=True)
class Way:
    """One way of looking: how wide, in which light, with which size of text."""

    width: int
    scheme: Literal["dark", "light"]
    text: int = 16  # px; the browser's own setting, which rem follows
    forced: bool = False
    rules: tuple[str, ...] = ()  # of axe; all of them when empty
    tabs: bool = False

    def __str__(self) -> str:
        more = f", text of {self.text} px" * (self.text != 16) + ", forced colours" * self.forced
        return f"{self.width} px, {self.scheme}{more}"


PHONE = Way(320, "dark")
DESK = Way(1280, "light")
EVERY_WAY = (
    Way(320, "dark", tabs=True),
    Way(320, "light"),
    Way(1280, "dark"),
    Way(640, "light"),  # a desk at 200 %
    Way(390, "light", text=32, rules=("target-size",)),
    Way(1280, "light", text=32, rules=("target-size",)),
    Way(1280, "light", forced=True, rules=("color-contrast",)),
    Way(1280, "light", tabs=True),
)


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


def answered(page: Page, path: str) -> Iterator[str]:
    answer = page.goto(path)
    if not answer or answer.status != 200:
        yield f"{path} answered {answer and answer.status}"


def looked_at(page: Page, ways: tuple[Way, ...], state: str = "") -> Iterator[str]:
    """What is wrong with the page as it stands. It stays open, in the last of the ways."""
    session = page.context.new_cdp_session(page)
    for way in ways:
        page.set_viewport_size({"width": way.width, "height": 844})
        page.emulate_media(
            color_scheme=way.scheme, reduced_motion="reduce", forced_colors="active" if way.forced else "none"
        )
        session.send("Page.setFontSizes", {"fontSizes": {"standard": way.text}})
        # As tall as the page is: then the bar at its foot lies over nothing that axe measures.
        tall = page.evaluate("document.documentElement.scrollHeight") + 200
        page.set_viewport_size({"width": way.width, "height": tall})
        found: list[str] = sorted(set(page.evaluate(FLAWS))) + violations(page, way.rules)
        if way.tabs:
            page.set_viewport_size({"width": way.width, "height": 844})
            found += tabbed(page)
        yield from (f"{page.url} {state}({way}): {flaw}" for flaw in found)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    session.detach()


def tabbed(page: Page) -> list[str]:
    """The Tab key through the whole page: each stop is seen, outlined, and leads on to the next."""
    flaws, stops = [], 0
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    while stops < 400:
        page.keyboard.press("Tab")
        stop: dict[str, Any] | None = page.evaluate(FOCUSED)
        if stop is None:
            return flaws
        stops += 1
        if not stop["seen"]:
            flaws.append(f"focus is hidden: {stop['name']} under {stop['over']}")
        if not stop["ring"]:
            flaws.append(f"focus has no ring: {stop['name']}")
    return [*flaws, "Tab never comes to the end"]


def sent_empty(page: Page, path: str) -> Iterator[Response]:
    """The page again for each of its forms, which was sent with nothing in it."""
    for index in range(9):
        page.goto(path)
        with page.expect_response(
            lambda answer: answer.request.is_navigation_request(), timeout=5000
        ) as sent:
            if not page.evaluate(SEND_EMPTY, index):
                page.goto(path)
                return
        page.wait_for_load_state()
        yield sent.value
