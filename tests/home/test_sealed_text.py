"""docs/sealed-text.md: its script opens what is stored, with nothing of this product (J1)."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField
from django.utils import timezone

from accounts.models import EmergencyAccess, Unsent
from accounts.vault import key_for
from checkins.answers import Answers
from checkins.bam import Week
from checkins.models import CheckIn, Measure
from groups.models import Booking
from journal.models import Draft, Entry, Page, Reply, Share, SharedCopy
from tests.product import ROOT

DOCUMENT = (ROOT / "docs/sealed-text.md").read_text()
(SCRIPT,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
PLACE = re.compile(r'\("(\w+)", "\w+", "(\w+)", ')
TABLES = dict.fromkeys(["accounts_datakey", *(table for table, _column in PLACE.findall(SCRIPT))])
OF_GROUPS = ("groups_sessionnote", "sealed")
WORDS = "Ünïcode 🫶🏽, שלום, and a\nsecond line."


@pytest.fixture
def written(frozen, sam, ana, dev, make_session) -> dict[tuple[str, str], str]:
    """Something of sam in each sealed column, by its table and column."""
    now, key = timezone.now(), key_for(sam.pk)
    page, on = Page(f"Title: {WORDS}", f"Text: {WORDS}", f"Question: {WORDS}"), date(2026, 11, 20)
    entry, _new = Entry.objects.write(by=sam, client_token=uuid.uuid4(), page=page, on=on, now=now)
    entry.edit(by=sam, revision=1, page=page, on=on, now=now)
    draft = Draft(owner=sam, saved_at=now)
    share = Share.objects.create(client=sam, entry=entry, clinician=ana, entry_revision=2, shared_at=now)
    copy = SharedCopy(share=share, owner=sam, written_on=on)
    for row in (draft, copy):
        for name, value in row.sealed(page, revision=3).items():
            setattr(row, name, value)
        row.save(force_insert=True)
    reply = Reply(client=sam, share=share, author=ana, written_at=now)
    reply.text_sealed = Reply.sealed(reply.pk, WORDS, key)
    reply.save(force_insert=True)
    CheckIn.objects.answer(Answers(mood=3, note=WORDS), by=sam, now=now)
    Measure.objects.answer(Week({"8": 3}), by=sam, now=now)
    EmergencyAccess.objects.begin(client=sam, by=dev, reason=WORDS, now=now)
    booking = Booking(session=make_session(), client=sam, state="waitlisted", joined_at=now)
    booking.priority_sealed = key.seal(WORDS, *booking._about_priority)
    booking.save(force_insert=True)
    Unsent.objects.keep([("text", [WORDS])], by=sam, path="/journal/new/", now=now)
    pages = {
        (f"journal_{name}", f"{field}_sealed"): value
        for name in ("entry", "draft", "sharedcopy")
        for field, value in vars(page).items()
    }
    plain = dict.fromkeys([("journal_reply", "text_sealed"), ("groups_booking", "priority_sealed")], WORDS)
    return pages | plain | {("accounts_emergencyaccess", "reason_sealed"): WORDS}


def rows_of(table: str) -> tuple[list[str], list[list]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        rows = [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
    return names, rows


def as_csv(folder: Path) -> Path:
    """As psql writes it."""
    for table in TABLES:
        names, rows = rows_of(table)
        with (folder / f"{table}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([["\\x" + v.hex() if isinstance(v, bytes) else v for v in row] for row in rows])
    return folder


def as_sqlite(folder: Path) -> Path:
    with sqlite3.connect(folder / "db.sqlite3") as copy:
        for table in TABLES:
            names, rows = rows_of(table)
            copy.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            plain = [[v if isinstance(v, bytes | int | None) else str(v) for v in row] for row in rows]
            copy.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", plain)  # noqa: S608
    copy.close()
    return folder / "db.sqlite3"


def run(folder: Path, person: object, source: Path, keys: str) -> subprocess.CompletedProcess[str]:
    """The script alone, in an empty folder, without this product on its path."""
    script = folder / "open_sealed.py"
    script.write_text(SCRIPT)
    return subprocess.run(
        [sys.executable, "-I", str(script), str(person), str(source)],
        cwd=folder,
        env={"VAULT_KEYS": keys, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("export", [as_csv, as_sqlite])
def test_j1_the_script_of_the_document_opens_everything_of_a_person(
    tmp_path, settings, sam, noor, written, export
):
    key_for(noor.pk)
    broken = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page("", "Broken"), on=date(2026, 1, 1), now=timezone.now()
    )[0]
    Entry.objects.filter(pk=broken.pk).update(text_sealed=b"\x01" + b"x" * 60)
    source = export(tmp_path)
    done = run(tmp_path, sam.pk, source, f"newer:AAAA,{settings.VAULT_KEYS}")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (lost,) = [line for line in lines if line["text"] is None]
    assert (lost["id"], lost["column"]) == (str(broken.pk), "text_sealed")
    found = {(line["table"], line["column"]): line["text"] for line in lines if line["id"] != str(broken.pk)}
    assert {place: found[place] for place in written} == written
    assert Answers.from_json(found["checkins_checkin", "answers_sealed"]).note == WORDS
    assert json.loads(found["accounts_unsent", "fields_sealed"]) == [["text", [WORDS]]]
    assert set(found) == set(PLACE.findall(SCRIPT))

    others = run(tmp_path, noor.pk, source, settings.VAULT_KEYS)
    assert (others.returncode, others.stdout) == (0, "")


def test_j1_the_document_knows_each_sealed_column():
    """A new one would be lost to whoever has the export and the keys alone."""
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    sealed = {
        (field.model._meta.db_table, field.name)
        for field in fields
        if isinstance(field, BinaryField) and field.name.endswith("sealed")
    }
    assert sealed == {*PLACE.findall(SCRIPT), OF_GROUPS}
    assert ".".join(OF_GROUPS) in DOCUMENT
