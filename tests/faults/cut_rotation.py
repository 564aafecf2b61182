"""`python -m tests.faults.cut_rotation`: rotations that are killed, one after the other, until one is done.

Each is a process of its own on the database of the environment. After each, every page is opened, with the
keys as VAULT_KEYS has them. Prints what it found, as JSON.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import rotation, vault  # noqa: E402
from accounts.models import DataKey, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from journal.models import Entry, Page  # noqa: E402

PEOPLE, KILLS = 900, 4


def fill() -> list[str]:
    """Pages of as many people; how the first of their keys is stored, in hexadecimal digits."""
    people = User.objects.bulk_create(
        User(username=f"weir{number}", role=Role.CLIENT) for number in range(PEOPLE)
    )
    rows = []
    for person in people:
        name, wrapped = vault.wrap_new_key(person.pk)
        rows.append(DataKey(owner=person, key_name=name, wrapped=wrapped))
    DataKey.objects.bulk_create(rows)
    now, entries = timezone.now(), []
    keys = vault.keys_for([person.pk for person in people])
    for person in people:
        entry = Entry(owner=person, written_on=date(2026, 1, 1), created_at=now, edited_at=now)
        for field, value in vars(Page("A title", words(person), "")).items():
            sealed = keys[person.pk].seal(value, Entry.KIND, entry.pk, field, 1)
            setattr(entry, f"{field}_sealed", sealed)
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=300)
    return [bytes(row.wrapped).hex() for row in rows]


def words(person: User) -> str:
    return f"Words of {person.username}."


def opened() -> int:
    """How many pages open, and hold what was written. A broken one stops everything."""
    entries = list(Entry.objects.filter(owner__username__startswith="weir").select_related("owner"))
    keys = {row.pk: vault.key_of(row) for row in DataKey.objects.all()}
    found = [entry.opened(by=entry.owner, key=keys[entry.owner_id]).text for entry in entries]
    return sum(text == words(entry.owner) for text, entry in zip(found, entries, strict=True))


def moved() -> int:
    return DataKey.objects.filter(key_name=vault.newest_key_name()).count()


def begin() -> int:
    """A rotation in a process of its own."""
    connection.close()
    if child := os.fork():
        return child
    try:
        rotation.rotate()
    finally:
        os._exit(0)


def cut() -> tuple[int, int]:
    """Kills a rotation once it has moved some keys: how many are by then, and how many pages open."""
    before, child = moved(), begin()
    while moved() == before and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return moved(), opened()


def main() -> dict[str, object]:
    newest = settings.VAULT_KEYS
    settings.VAULT_KEYS = newest.rpartition(",")[2]
    wrappings = fill()
    settings.VAULT_KEYS = newest
    cuts = [cut() for _kill in range(KILLS)]
    os.waitpid(begin(), 0)
    settings.VAULT_KEYS = newest.partition(",")[0]  # the older one is taken out
    lost = sum(rotation.missing().values(), start=Counter()).total()
    for table in vault.key_tables():
        table.sweep()
    return {
        "people": PEOPLE,
        "cuts": cuts,
        "moved": moved(),
        "opened": opened(),
        "lost": lost,
        "wrappings": wrappings,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
