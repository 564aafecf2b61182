"""`make bench`: every target of the design, measured as a ratio to its floor in the same run.

Everything runs as in production, granian with two workers on this machine, on the database of DATABASE_URL.
`python -m benchmarks schedule` runs one part, of those in PARTS; `rest` runs those that have no figures yet,
and `table` writes what was found. Each part keeps its figures under DATA_DIR/bench when it is done.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import crowd, pages, sign_in, start, table
from benchmarks.figures import Figure
from benchmarks.servers import empty, told

FALLING_DUE = 2_000
SIZES = {  # rows; the environment can ask for others
    "SCHEDULE_ROWS": 100_000,
    "GROWTH_ROWS": 100_000,
    "JOURNAL_ROWS": 5_000,
    "ARTICLES": 10_000,
    "KEYS": 10_000,
    "PLANS": 100_000,
}


def rows(name: str) -> str:
    return os.environ.get(name, str(SIZES[name]))


def alone(module: str, number: int, size: str) -> Callable[[Path], Iterator[Figure]]:
    """A part that is one module, in a database of its own."""

    def part(folder: Path) -> Iterator[Figure]:
        with empty(folder, number) as product:
            yield from told(product, f"benchmarks.{module}", rows(size))

    return part


def reminders(folder: Path) -> Iterator[Figure]:
    """So many plans, of which FALLING_DUE fall due while a worker and a beat run."""
    with empty(folder, 13, with_broker=True) as product:
        yield from told(product, "benchmarks.reminders", rows("PLANS"))
        product.start("worker")
        product.start("beat")
        yield from told(product, "benchmarks.reminders", "late", str(FALLING_DUE))


PARTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "pages": pages.cost,
    "rows": pages.rows,
    "crowd": crowd.measure,
    "start": start.measure,
    "door": sign_in.measure,
    "schedule": alone("schedule", 10, "SCHEDULE_ROWS"),
    "growth": alone("growth", 15, "GROWTH_ROWS"),
    "journal": alone("journal", 11, "JOURNAL_ROWS"),
    "search": alone("search", 14, "ARTICLES"),
    "rotation": alone("rotation", 12, "KEYS"),
    "reminders": reminders,
}


def run(part: str) -> bool:
    """Prints each figure as soon as it is known, and whether all were met."""
    print(f"\n{part}, {table.kind()}")
    begin, figures = time.monotonic(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / part
        folder.mkdir()
        for figure in PARTS[part](folder):
            figures.append(figure)
            print(figure.line, flush=True)
    table.keep(part, figures, time.monotonic() - begin)
    return all(figure.met for figure in figures)


def main(chosen: list[str]) -> bool:
    if chosen == ["table"]:
        print("\n".join(table.page(list(PARTS))))
        return True
    if chosen == ["rest"]:
        chosen = [part for part in PARTS if not table.file_of(part, table.kind()).exists()]
    elif unknown := set(chosen) - PARTS.keys():
        raise SystemExit(f"There is no part {', '.join(unknown)}. Choose of: {', '.join(PARTS)}, rest, table")
    met = [run(part) for part in chosen or PARTS]  # each of them, also after one that missed
    return all(met)


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
