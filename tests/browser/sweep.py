"""Every page and state for every role, in every way of looking. Minutes long, so it is run by hand:

make run, and beside it: python -m tests.browser.sweep http://localhost:8000 [nobody sam ana eli mara dev]
It changes nothing: forms are only sent empty.
"""

# ruff: noqa: T201  # what it finds is printed

import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import QUIET_CHROMIUM, by_the_form
from tests.browser.soundness import EVERY_WAY, OPEN_ALL, answered, looked_at, reachable, sent_empty

EVERYBODY = ("nobody", "sam", "noor", "ana", "dev", "eli", "mara")
STATES = (EVERY_WAY[0], EVERY_WAY[-1])


def main(base_url: str, people: list[str]) -> int:
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*QUIET_CHROMIUM, "--disable-features=Translate"]
        )
        for who in people:
            page = browser.new_context(base_url=base_url, locale="en-US", reduced_motion="reduce").new_page()
            wrong += swept(page, base_url, "" if who == "nobody" else who)
            page.context.close()
        browser.close()
    return wrong


def swept(page: Page, base_url: str, who: str) -> int:
    began, wrong, pages, titles = time.monotonic(), 0, 0, defaultdict(set)
    if who:
        by_the_form(page, who)
    for path in reachable(page, base_url, who):
        pages += 1
        for flaw in (*answered(page, path), *looked_at(page, EVERY_WAY), *states(page, path)):
            wrong += 1
            print(f"{who or 'nobody'}: {flaw}", flush=True)
        page.goto(path)
        titles[page.title()].add(urlsplit(page.url).path)
    for title, paths in titles.items():
        if len(paths) > 1:
            wrong += 1
            print(
                f"{who or 'nobody'}: one title for {len(paths)} pages, {title!r}: {' '.join(sorted(paths))}"
            )
    print(f"== {who or 'nobody'}: {pages} pages, {wrong} flaws, {time.monotonic() - began:.0f} s", flush=True)
    return wrong


def states(page: Page, path: str) -> Iterator[str]:
    if page.evaluate(OPEN_ALL):
        yield from looked_at(page, STATES, "opened ")
    for answer in sent_empty(page, path):
        if answer.status != 422:
            yield f"{path} sent empty answered {answer.status}"
        yield from looked_at(page, STATES, "sent empty ")
    page.set_viewport_size({"width": 1280, "height": 844})


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1].rstrip("/"), sys.argv[2:] or list(EVERYBODY))))
