"""Nothing can be written: the disk is full, or reads only. What was typed stays, and it comes back by itself.

Row 25. A limit on the size of files stops each byte that the processes write, their logs too, on every
machine and whoever runs it; a PostgreSQL that only reads refuses as one whose place was taken by its copy.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.private_words import SENTINEL
from tests.faults.test_offers import ASK, DELIVER, read, run
from tests.product import Product, name_of, wait_for
from tests.visitor import Visitor

WORDS = f"By the weir.\nThe {SENTINEL} again, and nothing that took it."
READS = ("/today/", "/journal/", "/check-in/", "/questions/", "/help/", "/about/")
# In a process of its own: a message that can not be written whole.
CUT_MESSAGE = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    exec({!r})
except Exception as error:
    print("refused:", type(error).__name__)
"""
SEEN = "SELECT at FROM notifications_heartbeat WHERE name IN ('beat', 'worker')"


@contextmanager
def nothing_can_be_written(house: Product) -> Iterator[None]:
    limit(house, 0)
    reads_only(house, "on")
    try:
        yield
    finally:
        limit(house, resource.RLIM_INFINITY)
        reads_only(house, "off")


def limit(house: Product, size: int) -> None:
    """Of each file that web, worker and beat write, with all their children; only the soft limit."""
    for process in house.processes:
        for number in group(process.pid) if process.poll() is None else ():
            hard = resource.prlimit(number, resource.RLIMIT_FSIZE)[1]
            soft = hard if size == resource.RLIM_INFINITY else size
            resource.prlimit(number, resource.RLIMIT_FSIZE, (soft, hard))


def group(leader: int) -> list[int]:
    numbers = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [number for number in numbers if group_of(number) == leader]


def group_of(number: int) -> int:
    try:
        return os.getpgid(number)
    except ProcessLookupError:
        return 0


def reads_only(house: Product, switch: str) -> None:
    """For who connects from now on; the others are told to."""
    if not house.database_url:
        return
    name = name_of(house.database_url)
    with psycopg.connect(house.database_url, autocommit=True) as server:
        server.execute("SET default_transaction_read_only = off")
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {switch}")
        others = "FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        server.execute(f"SELECT pg_terminate_backend(pid) {others}", [name])


def test_row_25_what_nothing_could_take_is_on_the_page_and_goes_through_afterwards(house: Product) -> None:
    june, stranger = Visitor(house.url), Visitor(house.url)
    june.sign_in("june")
    june.get("/journal/new/?fresh=1")
    form = june.page, june.html
    a_tick_goes_the_whole_way(house)  # so that all hold connections, which end now
    with nothing_can_be_written(house):
        assert [(path, status(june, path)) for path in READS] == [(path, 200) for path in READS]
        june.page, june.html = form
        june.submit("text", text=WORDS, title="The weir")
        assert (june.status, WORDS.splitlines()[1] in june.html) == (503, True)
        assert june.html.count("<textarea") == 1  # what was written, and no token beside it
        away = june.page, june.html
        assert status(stranger, "/leave/") == 200
        if not house.database_url:
            run(house, CUT_MESSAGE.format(ASK % [DELIVER]))

    june.page, june.html = away
    june.submit("text")
    assert (june.status, WORDS.splitlines()[1] in june.html) == (200, True)
    assert "/journal/new/" not in june.page
    a_tick_goes_the_whole_way(house)
    assert [process.poll() for process in house.processes[-3:]] == [None, None, None]


def a_tick_goes_the_whole_way(house: Product) -> None:
    before = set(read(house, SEEN))
    wait_for(lambda: len(set(read(house, SEEN)) - before) == 2, seconds=40)


def status(visitor: Visitor, path: str) -> int:
    visitor.get(path)
    return visitor.status
