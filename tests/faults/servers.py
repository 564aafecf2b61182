"""A PostgreSQL, a Redis and a mail server of a test's own, which it may stop, restart and spoil."""

import asyncio
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from aiosmtpd.controller import Controller

from tests.product import free_port, wait_for

STORM = re.compile(r"c\d+@")  # those who were filled in for the storm, and nobody of the demo program
GOOD, REFUSES, HANGS = "good", "refuses", "hangs"
# Nothing here outlives the test, so nothing waits for the disk.
HASTY = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=80")


class Postgres:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"postgres://stillwater@127.0.0.1:{self.port}/postgres"
        self.run("initdb", "--username=stillwater", "--auth=trust", "--encoding=UTF8", "--no-sync")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        binary = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[-1]
        as_owner = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(binary / program), f"--pgdata={self.folder / 'data'}", *arguments]
        with (self.folder / "commands.log").open("ab") as log:
            subprocess.run(command, cwd=self.folder, stdout=log, stderr=log, check=True, timeout=60)

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} " + " ".join(f"-c {way}" for way in HASTY)
        log = self.folder / "postgres.log"
        self.run("pg_ctl", "start", "--silent", "--wait", f"--log={log}", f"--options={options}")

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "--silent", "--wait", "--mode=fast")


class Redis:
    """Keeps nothing over a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        ways = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder}
        words = [word for name, value in ways.items() for word in (f"--{name}", str(value))]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(["redis-server", *words], stdout=quiet, stderr=quiet)
        wait_for(self.answers, seconds=10)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def forget(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


class MailServer:
    """Counts what it took by recipient. In a bad mood it takes nothing at all, so that it never counts a
    message which the sender had to believe lost."""

    def __init__(self) -> None:
        self.mood = GOOD
        self.slowness = 0.0  # seconds for each message
        self.taken: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()  # by mood
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}?timeout=3"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked[self.mood] += 1
        if self.mood == HANGS:
            while self.mood == HANGS:
                await asyncio.sleep(0.1)
            return "451 Too late"
        if self.mood == REFUSES:
            return "451 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.slowness)
        self.taken.update(address for address in envelope.rcpt_tos if STORM.match(address))
        return "250 OK"

    @property
    def doubled(self) -> int:
        return self.taken.total() - len(self.taken)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would write down each word of each talk
    server = MailServer()
    server.controller.start()
    try:
        yield server
    finally:
        server.mood = GOOD
        server.controller.stop()


@contextmanager
def own_servers() -> Iterator[tuple[Postgres, Redis]]:
    """In a folder that the owner of PostgreSQL may enter, for it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="stillwater-storm-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    broker = Redis(folder)
    try:
        database = Postgres(folder)
        try:
            yield database, broker
        finally:
            database.run("pg_ctl", "stop", "--silent", "--mode=immediate")
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
