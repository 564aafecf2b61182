"""The storm on SQLite, with a folder as the broker: a sender is killed, and then asked to leave (row 21)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.servers import mail_server
from tests.faults.storm import Storm
from tests.product import DATABASE_URL, Product

CLIENTS = 120
PAST = "2000-01-01 00:00:00"
END_LEASES = "UPDATE notifications_notification SET claimed_until = ? WHERE state = 'claimed'"


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[Storm]:
    with mail_server() as mails:
        mails.slowness = 0.02  # so that the sender is in the middle of its work when it is killed
        product = Product(tmp_path, "", "", MAIL_URL=mails.url)
        product.begin()
        storm = Storm(product, mails)
        try:
            yield storm
        finally:
            storm.end()


def end_leases(storm: Storm) -> None:
    """Of the one that was killed: nobody waits a minute here."""
    with closing(sqlite3.connect(storm.product.data / "db.sqlite3", timeout=20)) as database:
        database.execute(END_LEASES, [PAST])
        database.commit()


@pytest.mark.skipif(bool(DATABASE_URL), reason="on SQLite; PostgreSQL has a larger storm")
def test_k3_each_client_gets_one_message_though_the_sender_is_killed(storm: Storm) -> None:
    storm.begin(CLIENTS, workers=1, clocks=1)
    storm.until(30)
    storm.kill_one()
    end_leases(storm)
    storm.say("the worker was killed")

    storm.until(60)
    worker = storm.senders[0]
    worker.terminate()
    worker.wait(timeout=30)
    storm.say("the worker was asked to leave, and finished what it had in hand")
    assert worker.returncode == 0
    assert len(storm.mails.taken) == CLIENTS
    assert storm.mails.doubled <= storm.kills
