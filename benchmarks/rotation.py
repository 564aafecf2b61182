"""What it costs to wrap every key anew, as a ratio to reading what the keys protect (J1).

`python -m benchmarks.rotation 10000` fills the database of the environment with as many people, each with a
key and a page of 2 kB, and tells the time of a rotation and of opening all pages. It fails where a page does
not open afterwards.
"""

import base64
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import rotation, vault  # noqa: E402
from accounts.models import DataKey, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from journal.models import Entry  # noqa: E402

LENGTH = 2_000  # characters of a page
TOGETHER = 500  # rows read or written at once
AT_MOST = 60.0  # seconds, for 10,000 keys
TURNS = 3


def fill(many: int) -> None:
    now = timezone.now()
    for first in range(0, many, TOGETHER):
        people = [
            User(username=f"c{number}", role=Role.CLIENT)
            for number in range(first, min(first + TOGETHER, many))
        ]
        User.objects.bulk_create(people)
        wrapped = [(person, *vault.wrap_new_key(person.pk)) for person in people]
        rows = [DataKey(owner=person, key_name=name, wrapped=value) for person, name, value in wrapped]
        DataKey.objects.bulk_create(rows)
        Entry.objects.bulk_create(page(row, now) for row in rows)


def page(row: DataKey, now: Any) -> Entry:
    entry = Entry(
        id=uuid.uuid4(), owner_id=row.owner_id, written_on=date(2026, 1, 1), created_at=now, edited_at=now
    )
    key = vault.key_of(row)
    for field, text in {"title": "A day", "text": "w" * LENGTH, "prompt": ""}.items():
        setattr(entry, f"{field}_sealed", key.seal(text, Entry.KIND, entry.pk, field, 1))
    return entry


def read() -> int:
    """Fetches and opens the text of every page, as its writer; how many opened."""
    opened = 0
    rows = Entry.objects.select_related("owner", "owner__data_key").order_by("pk")
    for entry in rows.iterator(chunk_size=TOGETHER):
        opened += len(entry.opened(by=entry.owner, key=vault.key_of(entry.owner.data_key)).text) == LENGTH
    return opened


def renew() -> None:
    """A fresh key in front of the one that is in use."""
    fresh = base64.b64encode(os.urandom(32)).decode()
    newest = settings.VAULT_KEYS.partition(",")[0]
    settings.VAULT_KEYS = f"k{uuid.uuid4().hex[:8]}:{fresh},{newest}"


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def main(many: int) -> Iterator[Figure]:
    fill(many)
    turns = []
    for _turn in range(TURNS):
        reading, opened = timed(read)
        renew()
        rotating, moved = timed(rotation.rotate)
        turns.append((rotating / reading, rotating, reading))
        if (opened, moved.total()) != (many, many):
            raise SystemExit(f"{opened} of {many} pages opened, {moved.total()} keys moved")
    ratio, rotating, reading = sorted(turns)[TURNS // 2]
    if read() != many:
        raise SystemExit("Not every page opens after the rotation")
    note = f"{ratio:.2f} of fetching and opening as many pages, {reading:.1f} s"
    yield Figure("", f"{many:,} keys wrapped anew", rotating, "s", AT_MOST * many / 10_000, note=note)


if __name__ == "__main__":
    settings.DEBUG = False
    tell(main(int(sys.argv[1])))
