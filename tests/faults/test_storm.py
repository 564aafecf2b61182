"""Everything that can fail does, while reminders go out: each client gets one message all the same.

Rows 21 to 23 and 25 of the faults in `security.md`. With a PostgreSQL and a Redis of its own, because both
are stopped and started again.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.servers import GOOD, HANGS, REFUSES, Postgres, Redis, mail_server, own_servers
from tests.faults.storm import Storm, watching
from tests.product import DATABASE_URL, Product, wait_for

CLIENTS = 2_000
REDIS_DOWN, POSTGRES_DOWN = 2, 2  # seconds
HANG, REFUSAL = 4, 2
CATCH_UP = 180  # seconds: a lease, a tick and the sending, on a machine that does other things too


@pytest.mark.skipif(not DATABASE_URL, reason="a storm of its own on PostgreSQL and Redis")
def test_k3_each_client_gets_one_message_in_a_storm(
    tmp_path: Path, record_property: Callable[[str, str], None]
) -> None:
    with own_servers() as (database, broker), mail_server() as mails:
        product = Product(tmp_path, database.url, broker.url, MAIL_URL=mails.url)
        storm = Storm(product, mails)
        try:
            product.manage("migrate", "--verbosity", "0")
            product.manage("createcachetable")
            storm.begin(CLIENTS, workers=2, clocks=2)
            fall_upon(storm, database, broker)
            storm.until(CLIENTS, CATCH_UP)
            record_property("figures", storm.say("all were told"))
            # A reconnecting worker gives up the run that it was in: that cuts a message like a kill.
            cut = storm.kills + len(storm.senders)
            assert storm.states() == f"{{'sent': {CLIENTS}}}"
            assert set(mails.taken) == {f"c{number}@people.example" for number in range(CLIENTS)}
            assert mails.doubled <= cut
        except BaseException:
            storm.say("when it failed: " + storm.states())
            raise
        finally:
            storm.end()


def fall_upon(storm: Storm, database: Postgres, broker: Redis) -> None:
    """One thing after another, each while the messages go out."""
    storm.until(100)
    storm.kill_one()
    storm.say("a worker was killed")

    storm.until(250)
    database.stop()
    storm.say("no database")
    time.sleep(POSTGRES_DOWN)
    database.start()
    storm.until(350)
    storm.kill_one()
    broker.stop()
    storm.say("a worker was killed, no broker")
    time.sleep(REDIS_DOWN)
    broker.start()

    storm.until(450)
    mails = storm.mails
    with watching(database.url) as watch:
        mails.mood = HANGS
        wait_for(lambda: mails.asked[HANGS] > 0, seconds=60)
        time.sleep(HANG)
    assert watch.looks
    assert watch.oldest < 1  # nobody holds a transaction while the mail server is spoken to
    storm.kill_one()
    broker.forget()
    mails.mood = REFUSES
    storm.say("a worker was killed, the broker forgot everything, the mail server hung and now refuses")
    time.sleep(REFUSAL)
    mails.mood = GOOD
    assert len(mails.taken) < CLIENTS  # else it was over before it had begun
    storm.say("now all is well")
