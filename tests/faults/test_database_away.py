"""The database stops and comes back under real processes (row 25)."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.faults.servers import own_servers
from tests.product import DATABASE_URL, Product, wait_for

CALM = ("/help/", "/about/", "/accounts/login/")  # these need none
PROMPT = 5.0  # seconds: nobody waits for a page that cannot come


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=PROMPT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(not DATABASE_URL, reason="stops a PostgreSQL of its own")
def test_row_25_pages_say_so_while_the_database_is_away_and_come_back_by_themselves(tmp_path: Path) -> None:
    with own_servers() as (database, broker):
        product = Product(tmp_path, database.url, broker.url)
        asks = [f"{product.url}{path}" for path in ("/questions/", "/health/")]
        try:
            product.prepare(with_demo=False)
            product.serve()
            assert [status(url) for url in asks] == [200, 503]  # no worker, no beat
            database.stop()
            for _each_worker in range(4):
                assert [status(url) for url in asks] == [503, 503]
                assert [status(f"{product.url}{path}") for path in CALM] == [200, 200, 200]
            database.start()
            wait_for(lambda: all(status(asks[0]) == 200 for _each_worker in range(4)), seconds=20)
        finally:
            product.stop()
