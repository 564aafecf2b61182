"""The product and the floor as real processes, and the modules that run beside them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure, heard
from benchmarks.load import Page
from tests.product import BIN, ROOT, Product, answers, free_port, own_broker, own_database, wait_for

SERVER = "granian --interface wsgi --workers 2 --blocking-threads 4 --log-level warning --port"
KNOWN = ("article", "calendar")  # pages that a browser or a calendar asks for again and again


class House(NamedTuple):
    """A served product: its pages by name, and the queries of each."""

    pages: dict[str, Page]
    queries: dict[str, int]
    product: Product


@contextmanager
def empty(folder: Path, number: int, *, served: bool = False, with_broker: bool = False) -> Iterator[Product]:
    """The product with its tables and nothing in them; no process runs yet. `number` keeps those that live at
    once apart."""
    broker, hashed = own_broker(number) if with_broker else "", str(int(served))
    with own_database(number) as database_url:
        product = Product(folder, database_url, broker, STATIC_HASHED=hashed)
        try:
            product.manage("migrate", "--verbosity", "0")
            product.manage("createcachetable")
            if served:
                product.manage("collectstatic", "--noinput", "--verbosity", "0")
            yield product
        finally:
            product.stop()


@contextmanager
def house(folder: Path, number: int, kind: str) -> Iterator[House]:
    """The demo program served, or a house with so many rows in every list."""
    with empty(folder, number, served=True) as product:
        if kind == "demo":
            product.manage("seed_demo")
        found = asked(product, kind)
        process = product.serve()
        pages = {row["name"]: served(row, product.port, process.pid) for row in found}
        pages |= {
            f"{row['name']}, known": known(row, pages[row["name"]]) for row in found if row["name"] in KNOWN
        }
        yield House(pages, {row["name"]: row["queries"] for row in found}, product)


def asked(product: Product, kind: str) -> list[dict]:
    """Each page of such a house, with whoever reads it, and its queries."""
    return json.loads(last_line("benchmarks.house", kind, **product.environment))


def served(row: dict[str, str], port: int, process: int) -> Page:
    return Page(row["name"], port, process, row["path"], {"Cookie": row["cookie"]} if row["cookie"] else {})


def known(row: dict[str, str], page: Page) -> Page:
    """The page for somebody whose browser or calendar has it already."""
    headers = {"If-None-Match": row["etag"]}
    return Page(f"{page.name}, known", page.port, page.process, page.path, headers, expects=304)


@contextmanager
def floor(folder: Path, number: int) -> Iterator[dict[str, Page]]:
    """The least Django can do served, its pages by their letters."""
    with floor_environment(folder, number) as (environment, session), floor_server(environment) as server:
        cookie = {"Cookie": f"sessionid={session}"}
        yield {
            "a": Page("a constant answer, no session", *server, "/a/"),
            "b": Page("signed in, user row and one query", *server, "/b/", cookie),
            "c": Page("signed in, 50 rows in a plain template", *server, "/c/", cookie),
            "d": Page("public article, one query, 6 kB", *server, "/d/between-people/"),
        }


@contextmanager
def floor_environment(folder: Path, number: int) -> Iterator[tuple[dict[str, str], str]]:
    """The floor's rows in a database of its own, and the session of its reader; no process runs yet."""
    folder.mkdir(exist_ok=True)
    with own_database(number) as database_url:
        name = database_url.rpartition("/")[2] or str(folder / "floor.sqlite3")
        environment = {**os.environ, "FLOOR_DATABASE": name, "DATA_DIR": str(folder), "DEMO": "1"}
        yield environment, last_line("benchmarks.floor.fill", **environment)


@contextmanager
def floor_server(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Its port and its process, once it answers."""
    port = free_port()
    command = [*SERVER.split(), str(port), "benchmarks.floor.wsgi:application"]
    server = subprocess.Popen([BIN / command[0], *command[1:]], cwd=ROOT, env=environment)
    try:
        wait_for(lambda: answers(f"http://localhost:{port}/a/"), seconds=30, every=0.01)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def last_line(module: str, *arguments: str, **environment: str) -> str:
    """What this module prints at the end."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().rpartition("\n")[2]


def told(product: Product, module: str, *arguments: str) -> Iterator[Figure]:
    """The figures of a module that runs on this product's database."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=product.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            yield heard(line)
    if process.returncode:
        raise SystemExit(f"{module} failed")
