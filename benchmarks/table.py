"""What was measured, kept a file for each part and database, and told as one page of Markdown."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from benchmarks.figures import Figure
from benchmarks.reasons import REASONS

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
FOLDER = Path(os.environ.get("DATA_DIR", "var")) / "bench"
LIBRARIES = ("django", "granian", "celery", "psycopg")


def kind() -> str:
    return "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"


def file_of(part: str, kind: str) -> Path:
    return FOLDER / kind / f"{part}.json"


def keep(part: str, figures: list[Figure], seconds: float) -> None:
    file = file_of(part, kind())
    file.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "seconds": round(seconds),
        "machine": machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    file.write_text(json.dumps(found, indent=1))


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"CPython {platform.python_version()}, {libraries}, {database()}"
    )


def database() -> str:
    if address := os.environ.get("DATABASE_URL"):
        with psycopg.connect(address) as server:
            number = server.info.server_version
        return f"PostgreSQL {number // 10_000}.{number % 10_000}"
    return f"SQLite {sqlite3.sqlite_version}"


def page(parts: list[str]) -> Iterator[str]:
    yield "# What it costs\n"
    yield "Ratios are to the floor of the same run: a to d are in `floor/`. `make bench` measures all"
    yield "on the database of `DATABASE_URL`, `python -m benchmarks PART` one part of it, and"
    yield "`python -m benchmarks table` writes this page.\n"
    missed: list[str] = []
    for kind, name in KINDS.items():
        found = {
            part: json.loads(file_of(part, kind).read_text())
            for part in parts
            if file_of(part, kind).exists()
        }
        if not found:
            continue
        yield f"## {name}\n"
        yield f"{next(iter(found.values()))['machine']}\n"
        if lacking := [part for part in parts if part not in found]:
            yield f"Not measured in this run: {', '.join(lacking)}.\n"
        for part, run in found.items():
            yield f"### {part}\n\n{run['date']}, {run['seconds']} s\n"
            yield "| target | what | measured | wanted | | |\n|---|---|---|---|---|---|"
            for figure in (Figure(**row) for row in run["figures"]):
                verdict = "" if figure.target is None else "met" if figure.met else "**missed**"
                cells = (figure.number, figure.what, figure.measured, figure.wanted, verdict, figure.note)
                yield f"| {' | '.join(cells)} |"
                if not figure.met:
                    missed.append(f"{figure.number} {figure.what}")
            yield ""
    yield "## Why some are missed\n"
    for what in dict.fromkeys(missed):
        yield f"- {what}: {REASONS.get(what, 'no reason is known yet.')}"
