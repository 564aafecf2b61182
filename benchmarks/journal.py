"""T9: what it takes to search a journal and to show a page of it, against the least that opening takes.

`python -m benchmarks.journal 5000` fills the database of the environment with so many entries of 2 kB of one
person, and tells each figure as a ratio to its floor of the same run.
"""

import os
import random
import statistics
import sys
import time as clock
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import vault  # noqa: E402
from accounts.models import Stay, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from journal.finding import Words, find  # noqa: E402
from journal.models import Entry, Page  # noqa: E402
from journal.models.sealed_page import FIELDS  # noqa: E402

ROUNDS = 9
AT_MOST, AT_MOST_MS = 2.0, 150
LENGTH = 2_000  # characters of a page
RARE, COMMON, ABSENT = "heron", "window", "lighthouse"
VOCABULARY = (
    *("the", "a", "by", "near", "circle", "morning", "kettle", "sat", "door", "nobody", "minded"),
    *("chair", "closer", "week", "walk", "tea", "rain"),
)


def fill(sam: User, many: int) -> None:
    chance, now = random.Random(9), timezone.now()  # noqa: S311 - words, not secrets
    rows = []
    with transaction.atomic():
        for number in range(many):
            words = chance.choices(VOCABULARY, k=LENGTH // 4)
            words[7] = COMMON
            text = " ".join(words)[:LENGTH] + (f" {RARE}." if number % 100 == 0 else "")
            entry = Entry(owner=sam, written_on=now.date() - timedelta(days=number // 3))
            entry.created_at = entry.edited_at = now
            page = Page(f"Day {number}", text, "What do you need right now to feel safe?")
            for column, value in entry.sealed(page, revision=1).items():
                setattr(entry, column, value)
            rows.append(entry)
        Entry.objects.bulk_create(rows, batch_size=500)


def floor(sam: User, word: str, number: int) -> Callable[[], int]:
    """Fetches so many pages, opens them, and looks for the word as it stands."""
    columns = ("pk", "revision", *(f"{name}_sealed" for name in FIELDS))
    rows = Entry.objects.filter(owner=sam).newest_first().values_list(*columns)[:number]

    def act() -> int:
        key, found = vault.key_for(sam.pk), 0
        for pk, revision, *sealed in rows.all():
            page = [
                key.unseal(value, Entry.KIND, pk, name, revision)
                for name, value in zip(FIELDS, sealed, strict=True)
            ]
            found += any(word in text for text in page)
        return found

    return act


def search(sam: User, word: str) -> Callable[[], int]:
    def act() -> int:
        entries = Entry.objects.visible_to(sam).standing().newest_first()
        return find(entries, Words(word), by=sam, key=vault.key_for(sam.pk), resting=False).number

    return act


def page_of(sam: User) -> Callable[[], int]:
    """The list of the newest pages, as its writer asks for it."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(sam)

    def act() -> int:
        return browser.get("/journal/").content.count(b"<h3>")

    return act


def p50s(acts: list[Callable[[], Any]]) -> list[float]:
    """Median milliseconds of each, in turns, so that a busy moment of the machine meets them all."""
    times: list[list[float]] = [[] for _act in acts]
    for act in acts:
        act()
    for _round in range(ROUNDS):
        for act, spent in zip(acts, times, strict=True):
            start = clock.perf_counter()
            act()
            spent.append((clock.perf_counter() - start) * 1000)
    return [statistics.median(spent) for spent in times]


def main(many: int) -> Iterator[Figure]:
    sam = User.objects.create(username="sam", role=Role.CLIENT, chosen_name="Sam")
    Stay.objects.create(client=sam, admitted_on=timezone.localdate())
    fill(sam, many)
    for name, word in (("few pages", RARE), ("none", ABSENT), ("every page", COMMON)):
        acts = [floor(sam, word, many), search(sam, word)]
        if acts[0]() != acts[1]():
            raise SystemExit("The search does not find what is there")
        least, took = p50s(acts)
        what = f"search of {many:,}, found on {name}"
        yield Figure("T9", what, took / least, "of fetch + open + look", AT_MOST)
        yield Figure("T9", what, took, "ms", AT_MOST_MS, note=f"floor {least:.0f} ms")
    least, took = p50s([floor(sam, RARE, 20), page_of(sam)])
    yield Figure("", "list of 20 entries, whole answer", took, "ms", note=f"floor {least:.1f} ms")


if __name__ == "__main__":
    settings.DEBUG = False
    tell(main(int(sys.argv[1])))
