"""Many readers at once: requests a second on 16 connections, and how long a private page takes on 40."""

import os
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.servers import floor, house

SECONDS = 3
P95_MS = 150 if os.environ.get("DATABASE_URL") else 200
PAGES = {
    "article": "d",
    "client's Today": "b",
    "clinician's Today": "b",
    "week board": "c",
    "journal": "c",
}


def measure(folder: Path) -> Iterator[Figure]:
    with floor(folder / "floor", 16) as floors, house(folder / "demo", 17, "demo") as demo:
        rates = {}
        for letter, page in floors.items():
            page.warm()
            rates[letter] = len(page.load(16, SECONDS)) / SECONDS
            yield Figure("", f"floor {letter}, 16 connections", rates[letter], "requests/s")
        for name, letter in PAGES.items():
            page = demo.pages[name]
            page.warm()
            rate = len(page.load(16, SECONDS)) / SECONDS
            note = f"{rate / rates[letter]:.2f} of floor {letter}"
            yield Figure("", f"{name}, 16 connections", rate, "requests/s", note=note)
            if name != "article":
                yield Figure(
                    "§5", f"{name}, p95 of 40 without a pause", p95(page.load(40, SECONDS)), "ms", P95_MS
                )
                reading = p95(page.load(40, 2 * SECONDS, pause=1.0))
                yield Figure("", f"{name}, p95 of 40 who read a second each", reading, "ms")


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18] * 1000
