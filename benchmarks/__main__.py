"""`make bench`: what the main pages cost the server, as ratios to the least Django can do in the same run.

Everything runs as in production, granian with two workers on this machine, one page at a time and in
turns. Ratios move little from machine to machine; milliseconds do. `python -m benchmarks schedule` runs one
part, of those in PARTS.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import sign_in
from benchmarks.load import Page
from tests.product import BIN, ROOT, Product, answers, free_port, own_broker, own_database, wait_for

ROUNDS = 5
SLACK = 1.25
FEW, ROWS, MANY = 1, 50, 500
SCHEDULE_ROWS = 100_000  # the target is stated for 1,000,000, which takes ten times as long to fill
JOURNAL_ROWS = 5_000
KEYS = 10_000
PLANS, FALLING_DUE = 100_000, 2_000


class Target(NamedTuple):
    number: str
    page: str
    house: str  # the demo program, or one where every list has ROWS rows
    floor: str
    ratio: float
    queries: int


TARGETS = [
    Target("T1", "article", "demo", "d", 1.6, 2),
    Target("T1", "questions", "demo", "d", 1.6, 2),
    Target("T1", "article, known", "demo", "d", 0.75, 2),
    Target("T2", "client's Today", "demo", "b", 2.5, 6),
    Target("T2", "clinician's Today", "demo", "b", 2.5, 6),
    Target("T3", "week board", "rows", "c", 0.8, 5),
    Target("T3", "client's week", "rows", "c", 0.8, 5),
    Target("T3", "journal", "rows", "c", 0.8, 5),
    Target("T3", "people", "rows", "c", 0.8, 5),
    Target("T3", "attendance sheet", "rows", "c", 0.8, 5),
    # A client's calendar of so many places, whole, and when nothing in it is new.
    Target("", "calendar", "rows", "c", 2, 2),
    Target("", "calendar, known", "rows", "c", 0.5, 2),
]


class Answers(NamedTuple):
    pages: dict[str, Page]
    queries: dict[str, int]


@contextmanager
def house(folder: Path, number: int, kind: str) -> Iterator[Answers]:
    """A served product: the demo program, or a house with that many rows in every list."""
    with own_database(number) as database_url:
        product = Product(folder, database_url, "")
        try:
            product.prepare(with_demo=kind == "demo")
            found = json.loads(run("benchmarks.house", kind, **product.environment))
            process = product.serve()
            pages = {row["name"]: served(row, product.port, process.pid) for row in found}
            pages |= {
                f"{row['name']}, known": known(row, pages[row["name"]])
                for row in found
                if row["name"] in ("article", "calendar")
            }
            yield Answers(pages, {row["name"]: row["queries"] for row in found})
        finally:
            product.stop()


def served(row: dict[str, str], port: int, process: int) -> Page:
    return Page(row["name"], port, process, row["path"], {"Cookie": row["cookie"]} if row["cookie"] else {})


def known(row: dict[str, str], page: Page) -> Page:
    """The page for somebody whose browser or calendar has it already."""
    headers = {"If-None-Match": row["etag"]}
    return Page(f"{page.name}, known", page.port, page.process, page.path, headers, expects=304)


@contextmanager
def floor(folder: Path, number: int) -> Iterator[dict[str, Page]]:
    with own_database(number) as database_url:
        name = database_url.rpartition("/")[2] or str(folder / "floor.sqlite3")
        environment = {**os.environ, "FLOOR_DATABASE": name, "DATA_DIR": str(folder)}
        cookie = {"Cookie": f"sessionid={run('benchmarks.floor.fill', **environment)}"}
        port = free_port()
        command = (
            f"granian --interface wsgi --port {port} --workers 2 --blocking-threads 4 --log-level warning"
        )
        server = subprocess.Popen(
            [BIN / "granian", *command.split()[1:], "benchmarks.floor.wsgi:application"],
            cwd=ROOT,
            env=environment,
        )
        try:
            wait_for(lambda: answers(f"http://localhost:{port}/a/"), seconds=30)
            yield {
                "a": Page("constant answer", port, server.pid, "/a/"),
                "b": Page("signed in, one query", port, server.pid, "/b/", cookie),
                "c": Page("50 rows in a plain template", port, server.pid, "/c/", cookie),
                "d": Page("public article", port, server.pid, "/d/between-people/"),
            }
        finally:
            server.terminate()
            server.wait()


def run(module: str, *arguments: str, **environment: str) -> str:
    """The last line that this module prints."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().rpartition("\n")[2]


def main(chosen: list[str]) -> bool:
    """Each part that is named, or all of them."""
    if unknown := set(chosen) - PARTS.keys():
        raise SystemExit(f"There is no part {', '.join(unknown)}. Choose of: {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as name:
        met = [PARTS[part](Path(name)) for part in chosen or PARTS]
    return all(met)


def pages(folder: Path) -> bool:
    with house(folder / "few", 4, str(FEW)) as few, house(folder / "many", 5, str(MANY)) as many:
        constant = {page: (count, many.queries[page]) for page, count in few.queries.items()}
    with (
        floor(folder, 6) as floors,
        house(folder / "demo", 7, "demo") as demo,
        house(folder / "rows", 8, str(ROWS)) as rows,
    ):
        houses = {"demo": demo, "rows": rows}
        measure([*floors.values(), *(houses[target.house].pages[target.page] for target in TARGETS)])
        return report(floors, houses, constant)


def door(folder: Path) -> bool:
    return sign_in.measure(
        folder / "door", 9, lambda product: run("benchmarks.sign_in", **product.environment)
    )


def schedule(folder: Path) -> bool:
    """A schedule of SCHEDULE_ROWS sessions."""
    rows = os.environ.get("SCHEDULE_ROWS", str(SCHEDULE_ROWS))
    return alone("benchmarks.schedule", rows, folder / "schedule", 10)


def journal(folder: Path) -> bool:
    """One person's journal of JOURNAL_ROWS entries."""
    return alone("benchmarks.journal", str(JOURNAL_ROWS), folder / "journal", 11)


def rotation(folder: Path) -> bool:
    """So many people's keys, and as many pages."""
    return alone("benchmarks.rotation", str(KEYS), folder / "rotation", 12)


def reminders(folder: Path) -> bool:
    """A program of PLANS plans, of which FALLING_DUE fall due while a worker and a beat run."""
    with own_database(13) as database_url:
        product = Product(folder / "reminders", database_url, own_broker(13))
        product.prepare(with_demo=False)
        met = ran(product, "benchmarks.reminders", os.environ.get("PLANS", str(PLANS)))
        try:
            product.start("worker")
            product.start("beat")
            return ran(product, "benchmarks.reminders", "late", str(FALLING_DUE)) and met
        finally:
            product.stop()


def alone(module: str, rows: str, folder: Path, number: int) -> bool:
    """What this module measures, in a database of its own."""
    with own_database(number) as database_url:
        product = Product(folder, database_url, "")
        product.prepare(with_demo=False)
        return ran(product, module, rows)


def ran(product: Product, module: str, *arguments: str) -> bool:
    """Whether this module met its targets, which it prints."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=product.environment, check=False).returncode == 0


PARTS = {
    "pages": pages,
    "door": door,
    "schedule": schedule,
    "journal": journal,
    "rotation": rotation,
    "reminders": reminders,
}


def measure(pages: list[Page]) -> None:
    for page in pages:
        page.warm()
    for turn in range(ROUNDS):
        print(f"Round {turn + 1} of {ROUNDS}", file=sys.stderr)
        for page in pages:
            page.measure()


def report(floors: dict[str, Page], houses: dict[str, Answers], constant: dict[str, tuple[int, int]]) -> bool:
    """Prints everything, and tells whether all targets were met."""
    met = True
    print("\nFloors: the least Django can do        CPU ms   p50 ms")
    for letter, page in floors.items():
        print(f"  {letter}  {page.name:32} {page.cpu:8.2f} {page.p50:8.1f}")
    print("\n      page                   CPU ms   p50 ms   ratio   target       queries   target")
    for target in TARGETS:
        page = houses[target.house].pages[target.page]
        queries = houses[target.house].queries[target.page.removesuffix(", known")]
        ratio = page.cpu / floors[target.floor].cpu
        fine = ratio <= target.ratio * SLACK and queries <= target.queries
        met = met and fine
        cost = f"{page.cpu:8.2f} {page.p50:8.1f}  {ratio:6.2f}   ≤ {target.ratio:.2f} {target.floor}"
        verdict = "" if fine else "missed"
        print(f"  {target.number:2}  {target.page:20} {cost} {queries:11}   ≤ {target.queries}     {verdict}")
    print(f"\n      queries with           {FEW} row   {MANY} rows")
    for name, (one, many) in constant.items():
        met = met and one == many
        print(f"  T4  {name:20} {one:6} {many:10}     {'' if one == many else 'missed'}")
    return met


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
