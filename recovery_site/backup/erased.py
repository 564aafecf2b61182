"""Who was erased, kept apart from the backups: those of before still hold them (A8, row 33).

A line is a day and the random id of an account that nobody can be known by any more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from accounts.models import User
from recovery_site.backup import Refused

NAME = "erased.txt"


def path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def note(person_id: UUID, now: datetime) -> None:
    """One line more, on the disk before this returns."""
    with path().open("a") as file:
        whole = file.tell()
        try:
            file.write(line(person_id, now))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), whole)  # half a line would spoil the next
            raise


def note_missing() -> None:
    """Whoever was erased while the list could not be written to.  Raises Refused for a line that is none."""
    listed = read([path()])
    for person_id, at in _rows():
        if person_id not in listed:
            note(person_id, at)


def line(person_id: UUID, at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d} {person_id}\n"


def known() -> dict[UUID, str]:
    """The lines of everybody who was erased, as the database and the list in DATA_DIR know them."""
    return read([path()]) | {pk: line(pk, at) for pk, at in _rows()}


def _rows() -> Iterable[tuple[UUID, datetime]]:
    rows = User.objects.filter(erased_at__isnull=False).values_list("pk", "erased_at")
    return ((pk, at) for pk, at in rows if at)


def write(to: Path) -> None:
    """The whole list, anew or not at all. Who is on the one that lies there stays on it.

    Raises Refused for a line that is none.
    """
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    draft.write_text("".join(sorted((read([to]) | known()).values())))
    draft.replace(to)


def read(lists: Iterable[Path]) -> dict[UUID, str]:
    """Raises Refused for a line that is none: better to ask than to bring somebody back."""
    found: dict[UUID, str] = {}
    for file in lists:
        for text in file.read_text().splitlines() if file.exists() else ():
            try:
                _day, person = text.split()
                found[UUID(person)] = f"{text}\n"
            except ValueError:
                raise Refused(f"{file} has a line that names nobody who was erased: {text!r}.") from None
    return found
