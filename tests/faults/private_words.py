"""Words that stand nowhere else, typed into each private field of a running product."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.product import Product
from tests.visitor import Visitor

SENTINEL = "heron-at-the-weir-4471"
ENTRY = f"Tonight I wrote {SENTINEL} and nobody else should read it."
PAGE = re.compile(r'href="(/journal/[0-9a-f-]{36}/)"')
SHARED = re.compile(r'href="(/journal/shared/[0-9a-f-]{36}/)"')
LED = re.compile(r"/sessions/[0-9a-f-]{36}/")


def words(field: str) -> str:
    return f"{SENTINEL} in the {field}"


def write(house: Product) -> float:
    """Kept, refused, changed, saved while typing, shared, answered, looked for, sent too late, and met by a
    server that breaks. Tells when, on the monotonic clock."""
    # June, since the mail and the check-ins of Sam and Noor are watched elsewhere.
    june, ana = visitors = [Visitor(house.url) for _person in range(2)]
    june.sign_in("june")
    ana.sign_in("ana")
    kept_and_changed(june)
    page = june.page
    drafted(june)
    looked_for(june)
    shared_and_answered(june, ana, page)
    noted(ana)
    with_a_broken_server(house, june)
    sent_too_late(june)
    checked_in(june)
    asked_for = [address for visitor in visitors for address in visitor.addresses]
    assert [address for address in asked_for if SENTINEL in address] == []
    june.get(f"/search/?q={SENTINEL}")  # the public pages are searched by address, as every reader may
    return time.monotonic()


def kept_and_changed(june: Visitor) -> None:
    june.get("/journal/new/?fresh=1")
    june.submit("text", text=ENTRY, title=SENTINEL, written_on="1800-01-01")
    assert (june.status, SENTINEL in june.html) == (422, True)
    june.submit("text", text=ENTRY, title=SENTINEL, written_on=f"{time.localtime().tm_year}-01-01")
    assert (june.status, SENTINEL in june.html) == (200, True)
    june.get(f"{june.page}edit/")
    june.submit("text", text=f"{ENTRY} And again: {SENTINEL}.")
    assert "And again" in june.html


def drafted(june: Visitor) -> None:
    june.get("/journal/new/?fresh=1")
    june.submit("text", to="/journal/draft/", text=words("draft"), title=words("title of the draft"))
    assert june.status == 200
    june.get("/journal/new/")
    assert words("draft") in june.html


def looked_for(june: Visitor) -> None:
    june.get("/journal/search/")
    june.submit("journal/search", q=SENTINEL)
    assert (june.status, "And again" in june.html) == (200, True)
    june.submit("journal/search", q=words("search"))
    assert (june.status, words("search") in june.html) == (200, True)


def shared_and_answered(june: Visitor, ana: Visitor, page: str) -> None:
    june.get(f"{page}share/")
    assert SENTINEL in june.html
    ana_herself = re.search(r'name="clinician"\s+value="([^"]+)"', june.html)
    assert ana_herself, june.html
    june.submit("/share/", clinician=ana_herself[1])
    assert (june.status, "/share/" in june.page) == (200, False)
    ana.get("/journal/shared/")
    for address in SHARED.findall(ana.html):
        if SENTINEL in ana.get(address):
            break
    assert SENTINEL in ana.html
    ana.submit("answer", text=words("answer"))
    assert words("answer") in ana.html
    june.get(page)
    assert words("answer") in june.html


def noted(ana: Visitor) -> None:
    ana.get("/schedule/")
    for address in dict.fromkeys(LED.findall(ana.html)):
        ana.get(f"{address}note/")
        if ana.status == 200:
            break
    note = ana.page
    ana.submit("text", text=words("note"))
    assert words("note") in ana.get(note)


def checked_in(june: Visitor) -> None:
    june.get("/check-in/")
    june.submit("note", mood="3", note=words("check-in"))
    assert words("check-in") in june.get("/check-in/")


def sent_too_late(june: Visitor) -> None:
    """The session is over: the words wait behind the sign-in page, those of a page as a draft."""
    for path, field in (("/check-in/", "note"), ("/journal/new/?fresh=1", "text")):
        june.get(path)
        page, html = june.page, june.html
        june.forget("sessionid")
        june.page, june.html = page, html
        june.submit(field, mood="3", **{field: words(f"unsent {field}")})
        assert "/accounts/login/" in june.page
        june.submit("login", login="june", password="stillwater-demo")
        assert words(f"unsent {field}") in june.html, june.page


def with_a_broken_server(house: Product, june: Visitor) -> None:
    """What it reports of itself (a page that fails while it has the words) goes to the log."""
    june.get("/journal/new/?fresh=1")
    with without_table(house, "journal_draft"):
        june.submit("text", text=words("error"), title=words("error"))
    assert june.status == 500
    assert "journal/models/draft.py" in (house.logs / "web.log").read_text()


@contextmanager
def without_table(house: Product, table: str) -> Iterator[None]:
    run(house, f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        run(house, f"ALTER TABLE {table}_away RENAME TO {table}")


def run(house: Product, statement: str) -> None:
    if house.database_url:
        with psycopg.connect(house.database_url, autocommit=True) as connection:
            connection.execute(statement)
        return
    lite = sqlite3.connect(house.data / "db.sqlite3", timeout=20)
    lite.execute(statement)
    lite.commit()
    lite.close()
