"""T12: the first answer of a fresh server, and the memory of warm workers, beside the floor's."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.load import Page, megabytes
from benchmarks.servers import floor, house
from tests.product import answers

MIXED = 10_000
AT_ONCE = 250  # requests of one page before the next
FIRST, MEMORY, FLAT = 1.7, 1.4, 1.05


def measure(folder: Path) -> Iterator[Figure]:
    with house(folder / "demo", 18, "demo") as demo:
        product, pages = demo.product, [page for name, page in demo.pages.items() if "known" not in name]
        firsts = []
        for _turn in range(3):
            product.stop()
            begin = time.perf_counter()
            process = product.start("web")
            while not answers(f"{product.url}{demo.pages['article'].path}"):
                time.sleep(0.01)
            firsts.append(time.perf_counter() - begin)
        mixed(pages, 1_000)
        warm = megabytes(process.pid)
        mixed(pages, MIXED)
        after = megabytes(process.pid)
    with floor(folder / "floor", 19) as floors:
        mixed(list(floors.values()), 1_000)
        least = megabytes(floors["a"].process)
    note = f"{statistics.median(firsts):.1f} s from the start of the server"
    yield Figure("", "first answer", statistics.median(firsts), "s", note=note)
    note = f"{warm:.0f} MB, the floor {least:.0f} MB"
    yield Figure("T12", "memory of two warm workers", warm / least, "of the floor", MEMORY, note=note)
    note = f"{warm:.0f} MB, then {after:.0f} MB"
    yield Figure(
        "T12",
        f"memory after {MIXED:,} mixed requests",
        after / warm,
        "of before",
        FLAT,
        exact=True,
        note=note,
    )


def mixed(pages: list[Page], requests: int) -> None:
    done = 0
    while done < requests:
        page = pages[done // AT_ONCE % len(pages)]
        done += len(page.load(4, 60, most=min(AT_ONCE, requests - done)))
