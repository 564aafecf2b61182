"""What the database itself refuses reads like any other clash (C1, C2, C4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from groups.clashes.search import Leaders, find
from groups.clashes.words import Clashes

if TYPE_CHECKING:
    from groups.models.session import Session

CONSTRAINTS = ("one_session_in_a_room", "one_place_for_a_facilitator")


@contextmanager
def guarded(planned: Collection[Session], people: Leaders = None) -> Iterator[None]:
    """Wrap the writing of sessions and of who leads them in this, inside a transaction.

    The order of the single writes is free: only what stands at the end is looked at, so that a series can
    move onto its own former times. Raises Clashes, and nothing of the block is saved, where the database
    found one that nobody had looked for.
    """
    try:
        with transaction.atomic():
            ask_the_guards("DEFERRED")
            yield
            ask_the_guards("IMMEDIATE")
    except IntegrityError as error:
        if not any(name in str(error) for name in CONSTRAINTS):
            raise
        if found := find(planned, people):
            raise Clashes(found) from error
        raise


def ask_the_guards(when: str) -> None:
    """SQLite has no exclusion constraints; there the immediate transaction and `find` are the guard."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {', '.join(CONSTRAINTS)} {when}")
