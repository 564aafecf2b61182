"""Many clients whose reminder is due, the senders that mail them, and whoever kills those."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.faults.servers import MailServer
from tests.product import BIN, ROOT, Product, procfile, wait_for

# As the measurements of reminders fill a program: noon for everybody, due a minute ago.
FILL = "from django.utils import timezone; from benchmarks.reminders import fill; fill({}, timezone.now())"
LEFT = """
from collections import Counter
from notifications.models import Notification
print(dict(Counter(Notification.objects.values_list("state", flat=True))))
"""


class Storm:
    """Two workers and two clocks. Who is killed is drawn from a seed, so that a failure comes again."""

    def __init__(self, product: Product, mails: MailServer, seed: int = 7) -> None:
        self.product, self.mails = product, mails
        self.chance = random.Random(seed)  # noqa: S311
        self.senders: list[subprocess.Popen[bytes]] = []
        self.kills = 0
        self.began = time.monotonic()

    def begin(self, clients: int, *, workers: int, clocks: int) -> None:
        """The reminders come last, all of them at once: what sends them has started meanwhile."""
        self.senders = [self.launch("worker") for _number in range(workers)]
        for number in range(clocks):  # out of step, and each with a file of its own
            self.launch("beat", f"--schedule={self.product.folder / f'clock{number}'}")
            if number == 0:
                self.product.manage("shell", "--verbosity", "0", "-c", FILL.format(clients))
        self.began = time.monotonic()

    def launch(self, name: str, *more: str) -> subprocess.Popen[bytes]:
        product = self.product
        with (product.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(BIN / procfile()[name].split()[0]), *procfile()[name].split()[1:], *more],
                cwd=ROOT,
                env=product.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        product.processes.append(process)
        return process

    def kill_one(self) -> None:
        """With all its children at once, as a machine that fails; another starts in its place."""
        place = self.chance.randrange(len(self.senders))
        os.killpg(self.senders[place].pid, signal.SIGKILL)
        self.senders[place].wait(timeout=10)
        self.kills += 1
        self.senders[place] = self.launch("worker")

    def end(self) -> None:
        """At once: nobody looks at them any more."""
        for process in self.product.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=10)

    def until(self, taken: int, seconds: float = 120) -> None:
        """Waits for so many clients to have had their message."""
        wait_for(lambda: len(self.mails.taken) >= taken, seconds)

    def say(self, what: str) -> str:
        """What stands now, for whoever reads the output."""
        at, mails = time.monotonic() - self.began, self.mails
        line = f"{at:5.1f} s  {len(mails.taken):5} told, {mails.doubled} twice, {self.kills} kills: {what}"
        print(line)  # noqa: T201
        return line

    def states(self) -> str:
        return self.product.manage("shell", "--verbosity", "0", "-c", LEFT).strip()


class Watch:
    """The oldest transaction that was seen open in the database, in seconds."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.oldest = 0.0
        self.looks = 0

    def look(self) -> None:
        query = """
            SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"""
        with psycopg.connect(self.url, autocommit=True) as server:
            found = server.execute(query).fetchone()
        self.oldest = max(self.oldest, float(found[0] if found else 0))
        self.looks += 1


@contextmanager
def watching(url: str) -> Iterator[Watch]:
    watch, over = Watch(url), threading.Event()

    def run() -> None:
        while not over.wait(0.1):
            watch.look()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join(timeout=5)
