"""T1 to T4: what the main pages cost the server, as ratios to the least Django can do in the same run.

One page at a time and in turns. Ratios move little from machine to machine; milliseconds do.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure
from benchmarks.servers import House, asked, empty, floor, house

ROUNDS = 5
FEW, ROWS, MANY = 1, 50, 500


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
    # Rendered anew, as for the first reader after a change.
    Target("T1", "article, cold", "demo", "d", 1.6, 2),
    Target("T1", "questions, cold", "demo", "d", 1.6, 2),
    Target("T1", "search", "demo", "d", 1.6, 2),
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


def cost(folder: Path) -> Iterator[Figure]:
    """T1 to T3."""
    with (
        floor(folder / "floor", 6) as floors,
        house(folder / "demo", 7, "demo") as demo,
        house(folder / "rows", 8, str(ROWS)) as rows,
    ):
        houses = {"demo": demo, "rows": rows}
        pages = [*floors.values(), *(houses[target.house].pages[target.page] for target in TARGETS)]
        for page in pages:
            page.warm()
        for turn in range(ROUNDS):
            print(f"Round {turn + 1} of {ROUNDS}", file=sys.stderr)
            for page in pages:
                page.measure()
        for letter, page in floors.items():
            yield Figure(
                "", f"floor {letter}: {page.name}", page.cpu, "ms CPU", note=f"p50 {page.p50:.1f} ms"
            )
        for target in TARGETS:
            page = houses[target.house].pages[target.page]
            note = f"{page.cpu:.2f} ms CPU, p50 {page.p50:.1f} ms"
            ratio = page.cpu / floors[target.floor].cpu
            yield Figure(target.number, target.page, ratio, target.floor, target.ratio, note=note)
        yield from queries(houses)


def queries(houses: dict[str, House]) -> Iterator[Figure]:
    for target in TARGETS:
        if ", known" not in target.page:
            count = houses[target.house].queries[target.page]
            yield Figure(target.number, target.page, count, "queries", target.queries, exact=True)


def rows(folder: Path) -> Iterator[Figure]:
    """T4: the same queries with few rows and with many."""
    with empty(folder / "few", 4) as few, empty(folder / "many", 5) as many:
        counts = [
            {row["name"]: row["queries"] for row in asked(product, str(size))}
            for product, size in ((few, FEW), (many, MANY))
        ]
    for name, count in counts[1].items():
        before = counts[0][name]
        note = f"{before} with {FEW} row, {count} with {MANY}"
        yield Figure("T4", name, abs(count - before), "queries apart", 0, exact=True, note=note)
