"""Words that stand nowhere else, typed into the journal of a running product."""

import time

from tests.product import Product
from tests.visitor import Visitor

SENTINEL = "heron-at-the-weir-4471"
ENTRY = f"Tonight I wrote {SENTINEL} and nobody else should read it."


def write(house: Product) -> float:
    """Kept, refused, changed: each way that the words take through the server. Tells when, on the monotonic
    clock."""
    sam = Visitor(house.url)
    sam.sign_in("sam")
    sam.get("/journal/new/")
    sam.submit("text", text=ENTRY, title=SENTINEL, written_on="1800-01-01")
    assert (sam.status, SENTINEL in sam.html) == (422, True)
    sam.submit("text", text=ENTRY, title=SENTINEL, written_on=f"{time.localtime().tm_year}-01-01")
    assert (sam.status, SENTINEL in sam.html) == (200, True)
    sam.get(f"{sam.page}edit/")
    sam.submit("text", text=f"{ENTRY} And again: {SENTINEL}.")
    assert "And again" in sam.html
    sam.get("/journal/")
    sam.get(f"/search/?q={SENTINEL}")
    return time.monotonic()
