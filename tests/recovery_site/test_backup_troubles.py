"""What stands in the way of a backup or a restore is said in words, and spoils nothing (row 25, row 33)."""

import os
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.utils import timezone

from recovery_site.backup import Refused, archive, database, erased, making


def test_row_25_half_a_line_on_a_full_disk_does_not_spoil_the_next(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    first, second = uuid.uuid4(), uuid.uuid4()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: (_ for _ in ()).throw(OSError("no space")))
        with pytest.raises(OSError, match="no space"):
            erased.note(first, timezone.now())
    erased.note(second, timezone.now())
    assert list(erased.read([erased.path()])) == [second]


def test_a8_what_is_too_old_goes_although_the_list_is_spoilt(settings, tmp_path, monkeypatch, db):
    now = timezone.now()
    old = tmp_path / f"stillwater-{now - timedelta(days=400):%Y%m%dT%H%M%S}Z.tar.age"
    old.touch()
    (tmp_path / erased.NAME).write_text("2026-11-23 4bbb\n")
    settings.BACKUP_RECIPIENT = "age1"
    monkeypatch.setattr(archive, "recipient", str)
    monkeypatch.setattr(database, "dump", lambda to: to.write_text("x") and {})
    monkeypatch.setattr(archive, "pack", lambda _within, _manifest, to, _key: to.touch())
    with pytest.raises(Refused, match="names nobody who was erased: '2026-11-23 4bbb'"):
        making.back_up(tmp_path, now)
    assert not old.exists()


def test_the_nights_log_says_why_no_backup_was_made(settings, tmp_path, caplog):
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENT = str(tmp_path), ""
    with pytest.raises(Refused):
        making.nightly(timezone.now())
    assert caplog.messages == [
        "No backup was made. BACKUP_RECIPIENT is not set. `manage.py backup --new-key` makes a pair."
    ]


def test_a_pipe_of_somebody_else_among_the_folders_stops_no_backup(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    os.mkfifo(tmp_path / f"{archive.PLAIN}x")
    with archive.plain_folder() as folder:
        assert folder.is_dir()


def test_a_role_that_makes_no_database_is_told_what_it_needs(tmp_path, monkeypatch):
    def refuse(_statement: str) -> None:
        raise ProgrammingError("permission denied to create database")

    monkeypatch.setattr(database, "without_database", refuse)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(Refused, match="ALTER ROLE … CREATEDB"), database.scratch(tmp_path):
        pass


@pytest.mark.parametrize("error", [OSError("no space"), ProgrammingError("no such table\nprivate")])
def test_a_restore_that_is_cut_short_says_so_in_a_line(tmp_path, monkeypatch, error):
    def fail(*_given):
        raise error

    monkeypatch.setattr("recovery_site.home.management.commands.restore.verify", fail)
    with pytest.raises(CommandError, match=r"^It was cut short: no s[a-z ]+$"):
        call_command("restore", "x.age", "--identity", str(tmp_path / "key"), "--verify")
