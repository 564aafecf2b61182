"""T12: the first answer of a fresh server, and the memory of warm workers, beside the floor's."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.load import Page, megabytes
from benchmarks.servers import House, floor, floor_environment, floor_server, house
from tests.product import answers, wait_for

STARTS = 3
WARM, MIXED = 2_500, 10_000
AT_ONCE = 50  # requests of one page before the next
FIRST, MEMORY, FLAT = 1.7, 1.4, 1.05


def measure(folder: Path) -> Iterator[Figure]:
    with floor_environment(folder / "bare", 20) as (environment, _session):
        bare = statistics.median(floor_start(environment) for _turn in range(STARTS))
    with house(folder / "demo", 18, "demo") as demo:
        first = statistics.median(own_start(demo) for _turn in range(STARTS))
        pages = [page for name, page in demo.pages.items() if "known" not in name]
        warm, after = memory(pages, WARM), memory(pages, MIXED)
    with floor(folder / "floor", 19) as floors:
        least = memory(list(floors.values()), WARM)
    note = f"{first:.2f} s from the start of the server, the floor {bare:.2f} s"
    yield Figure("T12", "first answer", first / bare, "of the floor", FIRST, note=note)
    note = f"{warm:.0f} MB, the floor {least:.0f} MB"
    yield Figure("T12", "memory of two warm workers", warm / least, "of the floor", MEMORY, note=note)
    note = f"{warm:.0f} MB, then {after:.0f} MB"
    what = f"memory after {MIXED:,} mixed requests"
    yield Figure("T12", what, after / warm, "of before", FLAT, exact=True, note=note)


def floor_start(environment: dict[str, str]) -> float:
    """Seconds to its first answer."""
    begin = time.perf_counter()
    with floor_server(environment):
        return time.perf_counter() - begin


def own_start(house: House) -> float:
    """Seconds to its first answer; it goes on."""
    house.product.stop()
    begin = time.perf_counter()
    server = house.product.start("web")
    article = house.pages["article"]
    wait_for(lambda: answers(f"{house.product.url}{article.path}"), seconds=30, every=0.01)
    first = time.perf_counter() - begin
    for page in house.pages.values():
        page.process = server.pid
    return first


def memory(pages: list[Page], requests: int) -> float:
    """Megabytes of a server after so many requests more."""
    mixed(pages, requests)
    return megabytes(pages[0].process)


def mixed(pages: list[Page], requests: int) -> None:
    done = 0
    while done < requests:
        page = pages[done // AT_ONCE % len(pages)]
        done += len(page.load(4, 60, most=min(AT_ONCE, requests - done)))
