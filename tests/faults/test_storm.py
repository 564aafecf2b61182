"""Two thousand reminders in a storm: killed workers, a queue that forgets, a mail server that puts off and
hangs, a database that crashes. Each client gets one message; a kill may cost one more, and none is lost.

Everything is real: PostgreSQL, Redis, two workers, two beats and a mail server, all of this test alone.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.faults.servers import Post, Postgres, Redis
from tests.faults.test_delivery import midday_zone
from tests.product import DATABASE_URL, Product, wait_for

pytestmark = pytest.mark.skipif(
    not DATABASE_URL, reason="the second half of the run has PostgreSQL and Redis"
)
CLIENTS = 2000
CALM_AFTER = 240  # seconds within which all of it has to be over
BUILD = f"""
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
from accounts.models import Stay, User
from checkins.models import ReminderPlan
at = (timezone.now() + timedelta(seconds=20)).astimezone(ZoneInfo("%(zone)s")).time().replace(microsecond=0)
clients = User.objects.bulk_create(
    User(username=f"gale-{{number}}", role="client", chosen_name="Gale", time_zone="%(zone)s",
         email=f"gale-{{number}}@people.example")
    for number in range({CLIENTS})
)
since = timezone.localdate() - timedelta(days=9)
Stay.objects.bulk_create(Stay(client=one, admitted_on=since) for one in clients)
ReminderPlan.objects.bulk_create(ReminderPlan(client=one, at=at) for one in clients)
"""
LONGEST = """
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
    WHERE datname = 'storm' AND pid <> pg_backend_pid() AND state <> 'idle'
"""
STATES = "SELECT state, count(*) FROM notifications_notification GROUP BY state"


@dataclass
class House:
    product: Product
    database: Postgres
    queue: Redis
    post: Post
    kills: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  (the same each time)

    def __post_init__(self) -> None:
        self.workers: list[subprocess.Popen[bytes]] = []

    def kill_one(self) -> None:
        """Without a word, with all its children, and another takes its place."""
        worker = self.workers.pop(self.chance.randrange(len(self.workers)))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.kills += 1
        self.workers.append(self.product.start("worker"))

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database, queue, post = Postgres(), Redis(tmp_path), Post()
    product = Product(tmp_path / "product", database.url, queue.url, MAIL_URL=post.url)
    try:
        product.prepare(with_demo=False)
        yield House(product, database, queue, post)
    finally:
        product.stop()
        post.stop()
        queue.stop()
        database.remove()


def test_k3_two_thousand_reminders_through_a_storm(
    house: House, record_property: Callable[[str, str], None]
) -> None:
    house.product.manage("shell", "--no-imports", "--command", BUILD % {"zone": midday_zone()})
    house.workers = [house.product.start("worker") for _number in range(2)]
    for _number in range(2):
        house.product.start("beat")
    begun = time.monotonic()
    wait_for(lambda: house.post.taken.total() > 50, seconds=90)
    storm(house)
    blown_over, left = time.monotonic(), CLIENTS - len(house.post.taken)
    assert left > 0  # else it was over before it had begun
    wait_for(lambda: len(house.post.taken) == CLIENTS, seconds=CALM_AFTER)
    calm = time.monotonic()
    time.sleep(12)  # a tick more: whatever would be sent twice, is sent by now
    twice = house.post.taken.total() - CLIENTS
    figures = (
        f"{CLIENTS} reminders, {house.kills} kills: {twice} arrived twice; the storm lasted"
        f" {blown_over - begun:.0f} s and left {left}, the last of which came {calm - blown_over:.0f} s later"
    )
    record_property("figures", figures)
    assert set(house.post.taken) == {f"gale-{number}@people.example" for number in range(CLIENTS)}
    assert dict(house.ask(STATES)) == {"sent": CLIENTS}
    assert twice <= house.kills


def storm(house: House) -> None:
    for _number in range(3):
        house.kill_one()
        time.sleep(1.5)
    house.queue.flush()
    house.queue.stop()
    house.post.mood = "puts off"
    time.sleep(3)
    house.kill_one()
    house.queue.start()
    house.post.mood = "hangs"
    held = longest_transaction(house, seconds=6)
    assert held < 1
    house.post.mood = "good"
    house.database.stop()
    time.sleep(3)
    house.database.start()
    time.sleep(2)
    for _number in range(2):
        house.kill_one()
        time.sleep(1.5)


def longest_transaction(house: House, seconds: float) -> float:
    """In seconds, of all that were seen meanwhile: nobody holds one while a mail server is spoken to."""
    until, longest = time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        longest = max(longest, float(str(house.ask(LONGEST)[0][0])))
        time.sleep(0.2)
    return longest
