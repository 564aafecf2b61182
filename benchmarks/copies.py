"""Fills tables with copies of rows, in one statement each: a million of them in a minute, not in an hour.

Each row is copied once for every number `n` of a range. Columns stand as they are, but for those that are
given as an expression over the row, `it`, and `n`; an id that counts up by itself is left to the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, QuerySet

ON_POSTGRESQL = connection.vendor == "postgresql"
FROM = """
INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS it, {numbers} WHERE it.{key} IN ({rows})
"""
NUMBERS = "WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last})"


def copy(rows: QuerySet[Any], times: range, **changes: str) -> None:
    meta = rows.model._meta
    chosen, arguments = rows.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, meta.db_table)
        columns = [column.name for column in found]
        if isinstance(meta.pk, AutoField):
            columns.remove(meta.pk.column)
        statement = FROM.format(
            table=meta.db_table,
            columns=", ".join(columns),
            values=", ".join(changes.get(column, f"it.{column}") for column in columns).replace("%", "%%"),
            numbers=f"generate_series({times[0]}, {times[-1]}) AS s(n)" if ON_POSTGRESQL else "s",
            key=meta.pk.column,
            rows=chosen,
        )
        if not ON_POSTGRESQL:
            statement = NUMBERS.format(first=times[0], last=times[-1]) + statement
        cursor.execute(statement, arguments)


def new(column: str = "id") -> str:
    """The id of the copy number `n` of whatever stands in this column: the same wherever it is named."""
    return f"md5(it.{column}::text || n)::uuid" if ON_POSTGRESQL else f"md5(it.{column} || n)"


def the(pk: UUID) -> str:
    return f"'{pk}'::uuid" if ON_POSTGRESQL else f"'{pk.hex}'"


def earlier(column: str, number: str, unit: str = "days") -> str:
    """A moment, `number` of these units before."""
    if ON_POSTGRESQL:
        return f"it.{column} - ({number}) * interval '1 {unit}'"
    return f"strftime('%Y-%m-%d %H:%M:%f', it.{column}, '-' || ({number}) || ' {unit}')"


def day_earlier(column: str, number: str) -> str:
    return (
        f"it.{column} - ({number})" if ON_POSTGRESQL else f"date(it.{column}, '-' || ({number}) || ' days')"
    )


@contextmanager
def untriggered(*tables: str) -> Iterator[None]:
    """Without what the database does by itself at each row of these; the copies hold its outcome already."""
    for act in ("DISABLE", "ENABLE"):
        with connection.cursor() as cursor:
            for table in tables if ON_POSTGRESQL else ():
                cursor.execute(f"ALTER TABLE {table} {act} TRIGGER USER")
        if act == "DISABLE":
            yield


def analyze() -> None:
    """As the database does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if ON_POSTGRESQL else "ANALYZE")
