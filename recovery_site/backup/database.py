"""The database into one file and back: PostgreSQL by its own tools, SQLite by a copy (security 3.11)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex

from django.db import ProgrammingError, connection, transaction

from recovery_site.backup import Refused

# Sessions and what the cache counts end with the server: whoever holds a backup must not come in by them.
WITHOUT_ROWS = ("django_session", "usersessions_usersession", "cache_table")
OF_LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
Counts = dict[str, int]


def dump(to: Path) -> Counts:
    """Writes the file, and tells how many rows of each table are in it: those of one moment."""
    return dump_sqlite(to) if connection.vendor == "sqlite" else dump_postgresql(to)


def dump_sqlite(to: Path) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(to)])
    to.chmod(0o600)
    with closing(sqlite3.connect(to, isolation_level=None)) as copy:
        tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in set(WITHOUT_ROWS).intersection(tables):
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own
        copy.execute("VACUUM")
        return dict(counted(copy.execute, tables))


def dump_postgresql(to: Path) -> Counts:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        without = [f"--exclude-table-data={table}" for table in WITHOUT_ROWS]
        tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}", *without)
        tables = connection.introspection.table_names(cursor)

        def execute(query: str) -> Iterator[tuple[int]]:
            cursor.execute(query)
            return iter(cursor.fetchall())

        return dict(counted(execute, tables))


def counted(execute: object, tables: list[str]) -> Iterator[tuple[str, int]]:
    for table in sorted(tables):
        if table in WITHOUT_ROWS:
            yield table, 0
        elif not table.startswith("sqlite_"):
            ((rows,),) = execute(f'SELECT COUNT(*) FROM "{table}"')  # type: ignore[operator]  # noqa: S608
            yield table, rows


def counts() -> Counts:
    """Of the database that is connected now."""
    with connection.cursor() as cursor:

        def execute(query: str) -> list[tuple[int]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        return dict(counted(execute, connection.introspection.table_names(cursor)))


def load(source: Path) -> None:
    """Into the database that is connected now, which must be empty; the whole file or nothing of it."""
    if connection.vendor == "sqlite":
        clear()  # a journal that outlived its database would be played into this one
        shutil.copy(source, connection.settings_dict["NAME"])  # with its mode: for its owner alone
    else:
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        tool("pg_restore", *options, str(source))


def tool(name: str, *arguments: str) -> None:
    """One of PostgreSQL's own, with the address and the password in its environment, seen by nobody else."""
    parameters = connection.get_connection_params()
    told = {known: str(parameters[key]) for key, known in OF_LIBPQ.items() if parameters.get(key)}
    target = f"--dbname={parameters['dbname']}"
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own
            [name, target, *arguments],
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise Refused(f"{name} is not installed. Debian's package is postgresql-client.") from None
    if done.returncode:
        # Further lines may quote a row.
        raise Refused(f"{name} failed: {done.stderr.partition(chr(10))[0]}")


def is_empty() -> bool:
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        connection.close()
        return not file.exists() or not counts()
    return not connection.introspection.table_names()


def clear() -> None:
    """Takes away what `load` brought into an empty database."""
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        for part in ("", "-wal", "-shm"):
            file.with_name(file.name + part).unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")


@contextmanager
def scratch(folder: Path) -> Iterator[None]:
    """An empty database beside the real one, connected until the end, which takes it away."""
    real = connection.settings_dict["NAME"]
    name = f"{Path(real).stem}_verify_{token_hex(4)}"
    on_sqlite = connection.vendor == "sqlite"
    if not on_sqlite:
        try:
            without_database(f'CREATE DATABASE "{name}"')
        except ProgrammingError:
            raise Refused("This role may make no database: ALTER ROLE … CREATEDB lets it.") from None
    connection.close()
    connection.settings_dict["NAME"] = str(folder / name) if on_sqlite else name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = real
        if not on_sqlite:
            without_database(f'DROP DATABASE "{name}" WITH (FORCE)')


def without_database(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # as Django's tests make theirs
        cursor.execute(statement)
