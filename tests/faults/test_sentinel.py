"""What is typed into the journal can be read in the journal and nowhere else."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.product import Product, running
from tests.visitor import Visitor

SENTINEL = "heron-at-the-weir-4471"
ENTRY = f"Tonight I wrote {SENTINEL} and nobody else should read it."


def test_j1_journal_text_is_in_no_byte_of_storage(tmp_path: Path) -> None:
    with running(tmp_path, number=3) as product:
        for process in ("worker", "beat"):
            product.start(process)
        product.serve()
        sam = Visitor(product.url)
        sam.sign_in("sam")
        write(sam)
        time.sleep(25)  # two ticks of the clock, with whatever they write
        product.stop()

        stores = dict(stored(product))
        known = {name for name, content in stores.items() if b"sam@people.example" in content}
        assert known, "the search would not find a plain address either"
        found = {name for name, content in stores.items() for form in disguises() if form in content}
        assert found == set()


def write(sam: Visitor) -> None:
    """Kept, refused, changed: each way that the words take through the server."""
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


def disguises() -> Iterator[bytes]:
    """The words as bytes, as UTF-16, and as they look in base64 and in hexadecimal digits."""
    plain = SENTINEL.encode()
    yield from (plain, plain.upper(), SENTINEL.encode("utf-16-le"), plain.hex().encode())
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + plain)[4:-4]


def stored(product: Product) -> Iterator[tuple[str, bytes]]:
    for folder in (product.data, product.logs):
        for file in folder.rglob("*"):
            if file.is_file():
                yield str(file.relative_to(product.folder)), file.read_bytes()
    if product.database_url:
        yield from tables(product.database_url)


def tables(database_url: str) -> Iterator[tuple[str, bytes]]:
    """Each table as PostgreSQL stores its values."""
    with psycopg.connect(database_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT BINARY)') as rows:
                yield name, b"".join(bytes(chunk) for chunk in rows)
