"""What is typed into a private field can be read on its page and nowhere else (J1, test 9)."""

import base64
import time
from collections.abc import Iterator

import psycopg
import redis

from tests.faults.conftest import Sink
from tests.faults.private_words import SENTINEL
from tests.product import Product

TWO_TICKS = 25  # seconds of the clock, with whatever is written in them


def test_j1_private_words_are_in_no_byte_of_storage(house: Product, written_at: float, sink: Sink) -> None:
    time.sleep(max(0, written_at + TWO_TICKS - time.monotonic()))
    house.stop()

    stores = dict(stored(house)) | {f"mail {n}": mail.as_bytes() for n, mail in enumerate(sink.mails)}
    said = b"".join(content for name, content in stores.items() if name.startswith("logs/"))
    assert b" DEBUG " in said
    assert b"POST /journal/draft/" in said, "there is no access log"
    known = {name for name, content in stores.items() if b"sam@people.example" in content}
    assert known, "the search would not find a plain address either"
    found = {name for name, content in stores.items() for form in disguises() if form in content}
    assert found == set()


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
    if product.environment.get("REDIS_URL"):
        yield from queues(product.environment["REDIS_URL"])
    if product.database_url:
        yield from tables(product.database_url)


def queues(redis_url: str) -> Iterator[tuple[str, bytes]]:
    """Whatever the broker holds."""
    with redis.Redis.from_url(redis_url) as broker:
        for name in broker.scan_iter():
            yield f"broker {name!r}", bytes(name) + (broker.dump(name) or b"")


def tables(database_url: str) -> Iterator[tuple[str, bytes]]:
    """Each table as PostgreSQL stores its values."""
    with psycopg.connect(database_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT BINARY)') as rows:
                yield name, b"".join(bytes(chunk) for chunk in rows)
