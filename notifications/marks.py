"""The mark of what went out: one statement, which asks about the person of the next one as well (T7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from notifications.models import Notification, Preference

# Both databases know these words. A mark is committed before the next message goes; where nobody follows,
# nothing is asked.
MARK = """
UPDATE {message} SET state = 'sent', sent_at = %s, shown_at = %s, address = '', claim = NULL,
  claimed_until = NULL
WHERE id = %s AND state IN ('due', 'claimed')
RETURNING {asked}
"""
# Whoever is away is never found here, so that they are asked about by themselves.
AS_READ = """
EXISTS (
  SELECT 1 FROM {message} AS following JOIN {person} AS person ON person.id = following.recipient_id
  LEFT JOIN {reach} AS reach ON reach.person_id = person.id
  WHERE following.id = %s AND following.claim = %s AND person.is_active AND person.away_since IS NULL
    AND person.email = %s AND COALESCE(reach.channel, '') = %s)
"""
# PostgreSQL does not wait for the disk here, for this one transaction alone. Killing a sender, or stopping
# the database in good order, loses nothing by it: what is committed is committed for every other sender.
# Only a crash of the database's own machine can forget marks, those since the last chunk began (its slots,
# and the last mark of each chunk, do wait) and never older than 0.6 seconds, and so repeats the mails of one
# chunk. Waiting would cap every sender at the disk's pace to save those few repeats on that rare day.
NO_WAIT = ", set_config('synchronous_commit', 'off', true)"


def sent(row: Notification, at: datetime, shown_at: datetime | None, following: Notification | None) -> bool:
    """Writes the mark, whoever has the row by now: it is out, and must not go again. Returns whether the one
    that follows is still ours, and its person neither left nor moved nor chose another way since they were
    read (A6)."""
    values = [stored("sent_at", at), stored("shown_at", shown_at), key(row)[0]]
    if following is not None and following.recipient is not None:
        reach = getattr(following.recipient, "reach", None)
        values += [*key(following), following.recipient.email, reach.channel if reach else ""]
        asked = AS_READ + (NO_WAIT if connection.vendor == "postgresql" else "")
    else:
        asked = "id IS NULL"
    with prepared() as execute:
        found = execute(statement(asked), values).fetchone()
    return bool(found and found[0])


def key(row: Notification) -> list[Any]:
    return [stored("id", row.pk), stored("claim", row.claim)]


def stored(name: str, value: Any) -> Any:
    field: Any = Notification._meta.get_field(name)
    return field.get_db_prep_save(value, connection)


@cache
def statement(asked: str) -> str:
    tables: dict[str, Any] = {"message": Notification, "person": get_user_model(), "reach": Preference}
    names = {name: model._meta.db_table for name, model in tables.items()}
    return MARK.format(asked=asked.format(**names), **names)


@contextmanager
def prepared() -> Iterator[Any]:
    """Runs a statement that the database plans once for a connection, not for every message: planning it
    takes three times as long as doing it. Behind a pool of transactions nothing may be prepared."""
    if connection.vendor != "postgresql":  # sqlite3 keeps its statements by itself
        with connection.cursor() as cursor:
            yield cursor.execute
        return
    from psycopg import Cursor

    connection.ensure_connection()
    connection.connection.prepare_threshold = 0  # Django turns it off; its own cursors never prepare
    with connection.wrap_database_errors, Cursor(connection.connection) as straight:
        keeps = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        yield lambda words, values: straight.execute(words, values, prepare=keeps)
