"""The product as an operator runs it: real processes on a data folder, database and broker of their own."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
# The servers that the whole run uses, read before anything else moves them.
DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")


class Product:
    def __init__(self, folder: Path, database_url: str, redis_url: str, **environment: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "DEMO": "1",
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            # Another origin to leave to, which calls nobody.
            "NEUTRAL_URL": f"http://127.0.0.1:{self.port}/about/",
            **({"DATABASE_URL": database_url} if database_url else {}),
            **({"REDIS_URL": redis_url} if redis_url else {}),
            **environment,
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {arguments[0]}: {done.stdout}{done.stderr}"
        return done.stdout

    def prepare(self, with_demo: bool = True) -> None:
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        if with_demo:
            self.manage("seed_demo")

    def begin(self) -> None:
        """The demo program, prepared once in a run and copied by whoever comes later."""
        template = Path(os.environ["TEST_TEMPLATE"]) / "product"
        with template.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if template.exists():
                shutil.copytree(template, self.data, dirs_exist_ok=True)
                copy_database(self.database_url, source=template_name(), to=name_of(self.database_url))
            else:
                shutil.copytree(tables(), self.data)
                if self.database_url:
                    copy_tables(name_of(self.database_url))
                self.prepare()
                copy_database(self.database_url, source=name_of(self.database_url), to=template_name())
                shutil.copytree(self.data, template)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Starts the line of the Procfile with this name."""
        log = (self.logs / f"{name}.log").open("ab")
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {procfile()[name]}"],
            cwd=ROOT,
            env={**self.environment, "PATH": f"{BIN}:{self.environment['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        process = self.start("web")
        wait_for(lambda: process.poll() is not None or answers(f"{self.url}/help/"), seconds=30)
        assert process.poll() is None, (self.logs / "web.log").read_text()
        return process

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=5)


@contextmanager
def running(folder: Path, number: int, **environment: str) -> Iterator[Product]:
    """A seeded product, without processes yet; `number` keeps those that live at once apart."""
    with own_database(number) as database_url:
        product = Product(folder, database_url, own_broker(number), **environment)
        try:
            product.begin()
            yield product
        finally:
            product.stop()


@contextmanager
def own_database(number: int) -> Iterator[str]:
    """A fresh database on the server of DATABASE_URL, or "" for the SQLite file in the data folder."""
    if not DATABASE_URL:
        yield ""
        return
    name = f"product_{os.getpid()}_{number}"
    with psycopg.connect(DATABASE_URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(DATABASE_URL)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(DATABASE_URL, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def copy_database(server_url: str, *, source: str, to: str) -> None:
    """On PostgreSQL; SQLite's file lies in the data folder and is copied with it."""
    if server_url:
        with psycopg.connect(DATABASE_URL, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {to}")
            server.execute(f"CREATE DATABASE {to} TEMPLATE {source}")


def tables() -> Path:
    """A data folder with empty tables: SQLite's lie in it, PostgreSQL's are called `tables_name()`.

    All migrations take half a minute. They run once in a run of the tests, and everybody begins with a copy.
    """
    folder = Path(os.environ["TEST_TEMPLATE"]) / "tables"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            copy_database(DATABASE_URL, source="template0", to=tables_name())
            url = (
                urlunsplit(urlsplit(DATABASE_URL)._replace(path=f"/{tables_name()}")) if DATABASE_URL else ""
            )
            made = Product(folder.with_suffix(".made"), url, "")
            made.manage("migrate", "--verbosity", "0")
            made.data.rename(folder)
    return folder


def copy_tables(to: str) -> None:
    """For a file on SQLite or a name on PostgreSQL."""
    folder = tables()
    if not DATABASE_URL:
        shutil.copyfile(folder / "db.sqlite3", to)
    with (folder.parent / "copying.lock").open("w") as lock:  # PostgreSQL copies what nobody looks at
        fcntl.flock(lock, fcntl.LOCK_EX)
        copy_database(DATABASE_URL, source=tables_name(), to=to)


def template_name() -> str:
    return Path(os.environ["TEST_TEMPLATE"]).name.replace("-", "_")


def tables_name() -> str:
    return f"{template_name()}_tables"


def drop_template() -> None:
    if DATABASE_URL:
        with psycopg.connect(DATABASE_URL, autocommit=True) as server:
            for name in (template_name(), tables_name()):
                server.execute(f"DROP DATABASE IF EXISTS {name}")


def name_of(database_url: str) -> str:
    return urlsplit(database_url).path.removeprefix("/")


def own_broker(number: int) -> str:
    """One of Redis's sixteen numbered stores, or "" for the filesystem broker in the data folder."""
    return urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{number}")) if REDIS_URL else ""


def procfile() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(happened: Callable[[], bool], seconds: float, *, every: float = 0.2) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"It did not happen within {seconds} seconds."
        time.sleep(every)
