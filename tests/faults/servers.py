"""PostgreSQL and Redis of one test alone, so that it may stop them; and a mail server that has bad days."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.product import free_port


class Postgres:
    """A throwaway cluster, as the machine's PostgreSQL makes it. It refuses to run as root."""

    def __init__(self) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="stillwater-pg-")), free_port()
        self.owner = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
        if self.owner:
            subprocess.run(["chown", "postgres", self.folder], check=True)
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.run("initdb", "--pgdata", "data", "--username", "stillwater", "--auth", "trust", "--no-sync")
        self.start()
        self.run(
            "createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "stillwater", "storm"
        )
        self.url = f"postgres://stillwater@127.0.0.1:{self.port}/storm"

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.owner, str(self.bin / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=60)

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off -c max_connections=60"
        self.run(
            "pg_ctl", "start", "--silent", "--wait", "--pgdata", "data", "--log", "log", "--options", options
        )

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is a crash: nothing is said to anybody, and it recovers from its log."""
        self.run("pg_ctl", "stop", "--silent", "--pgdata", "data", "--mode", mode)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """It keeps nothing: whatever it held is lost with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            self.folder,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(0.5)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        subprocess.run(["redis-cli", "-p", str(self.port), "flushall"], check=True, capture_output=True)


class Post:
    """A mail server: good, or one that puts off (4xx), or one that takes the connection and says no more."""

    def __init__(self) -> None:
        self.mood = "good"
        self.taken: Counter[str] = Counter()
        self.server = Controller(self, hostname="127.0.0.1", port=free_port())
        self.server.start()
        self.url = f"smtp://{self.server.hostname}:{self.server.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (its name there)
        if self.mood == "hangs":
            await asyncio.sleep(60)
        if self.mood != "good":
            return "451 4.3.0 Try again later"
        self.taken.update(envelope.rcpt_tos)
        return "250 Taken"

    def stop(self) -> None:
        self.server.stop()
