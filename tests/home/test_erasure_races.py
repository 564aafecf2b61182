"""A8 where others write at the same moment, and in the files of the database."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts import vault
from accounts.models import DataKey, User
from accounts.vault import Unreadable
from checkins.answers import Answers
from checkins.models import CheckIn
from journal.models import Entry, Page
from recovery_site import actions

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def write(person, words="x") -> None:
    now = timezone.now()
    Entry.objects.write(by=person, client_token=uuid.uuid4(), page=Page("", words), on=now.date(), now=now)


def check_in(person) -> None:
    CheckIn.objects.answer(Answers(mood=2), by=person, now=timezone.now())


def erase(person) -> None:
    actions.erase(client=person, by=person, now=timezone.now())


def apart(work, *given):
    """In a thread with a connection of its own, as another request."""
    try:
        return work(*given)
    finally:
        connection.close()


def until_gone(work, person) -> int:
    """How often it worked before the account was gone; it ends with a refusal, never with another error."""
    done = 0
    while True:
        try:
            work(person)
        except (Unreadable, PermissionDenied):
            return done
        done += 1


@pytest.mark.parametrize("had_a_key", [True, False])
def test_a8_whoever_writes_meanwhile_leaves_nothing_behind(sam, had_a_key):
    if had_a_key:
        vault.key_for(sam.pk)
    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(apart, until_gone, work, sam) for work in (write, write, check_in)]
        threads.submit(apart, erase, sam).result(timeout=60)
        for writer in writers:
            writer.result(timeout=60)
    assert Entry.objects.count() == CheckIn.objects.count() == DataKey.objects.count() == 0
    assert User.objects.get(pk=sam.pk).closed_at is not None


def test_a8_an_entry_that_is_being_kept_is_waited_for_and_goes_with_the_rest(sam, monkeypatch):
    vault.key_for(sam.pk)
    sealed, go_on = Event(), Event()
    really_sealed = Entry.sealed

    def slowly(entry, page, *, revision):
        columns = really_sealed(entry, page, revision=revision)
        sealed.set()
        assert go_on.wait(30)
        return columns

    monkeypatch.setattr(Entry, "sealed", slowly)
    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(apart, write, sam)
        assert sealed.wait(30)
        erasing = threads.submit(apart, erase, sam)
        with pytest.raises(TimeoutError):
            erasing.result(timeout=1)
        go_on.set()
        writing.result(timeout=30)
        erasing.result(timeout=30)
    assert Entry.objects.count() == DataKey.objects.count() == 0


def test_a8_two_tabs_delete_at_once(sam):
    write(sam)
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(apart, erase, sam) for _tab in range(2)]:
            done.result(timeout=60)
    assert Entry.objects.count() == 0
    assert User.objects.get(pk=sam.pk).chosen_name == "Someone who was here"


@pytest.mark.skipif(not SQLITE, reason="reads the files of SQLite")
def test_a8_after_the_night_no_byte_of_the_key_is_in_the_files_of_the_database(sam, noor):
    User.objects.filter(pk=sam.pk).update(chosen_name="Sentinelname")
    write(sam)
    write(noor)
    key, words = bytes(sam.data_key.wrapped), bytes(Entry.objects.get(owner=sam).text_sealed)
    gone = {"key": key[12:], "words": words[13:80], "name": b"Sentinelname"}
    assert {name for name, value in gone.items() if value in stored()} == gone.keys()
    erase(sam)
    actions.finish_erasures(now=timezone.now())
    assert {name for name, value in gone.items() if value in stored()} == set()
    assert bytes(noor.data_key.wrapped) in stored()


def stored() -> bytes:
    name = Path(connection.settings_dict["NAME"])
    return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))


@pytest.mark.skipif(SQLITE, reason="SQLite overwrites what it deletes")
def test_a8_after_the_night_the_keys_stand_in_another_file(sam, noor):
    """PostgreSQL leaves deleted rows where they were; a table written anew does not take them along."""
    write(sam)
    write(noor)
    erase(sam)
    before = file_of_keys()
    actions.finish_erasures(now=timezone.now())
    assert file_of_keys() != before
    assert DataKey.objects.get().owner_id == noor.pk


def file_of_keys() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath('accounts_datakey')")
        return cursor.fetchone()[0]
