"""A backup is whole, sealed and forgets nobody's erasure; a restore is proven (row 33, A8)."""

import os
import stat
import tarfile
import uuid
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import append_only, vault
from accounts.models import AuditEvent, AuditSeal, DataKey, User
from journal.models import Entry, Page
from notifications.models import Heartbeat
from recovery_site import actions
from recovery_site.backup import Refused, archive, database, erased
from recovery_site.backup.making import back_up, forget_old
from recovery_site.backup.restoring import restore, verify
from tests import cast as people

SECRET = "the-orchard-behind-the-house"
pytestmark = pytest.mark.django_db(transaction=True)


class Keys:
    def __init__(self, folder) -> None:
        identity = pyrage.x25519.Identity.generate()
        self.recipient = str(identity.to_public())
        self.file = folder / "identity.txt"
        self.file.write_text(f"# kept elsewhere\n{identity}\n")


@pytest.fixture
def keys(tmp_path, settings) -> Keys:
    keys = Keys(tmp_path)
    settings.BACKUP_RECIPIENT = keys.recipient
    settings.DATA_DIR = tmp_path
    return keys


@pytest.fixture
def house(keys):
    """Sam and Noor have written; the record is sealed."""
    append_only.install()
    sam, noor = people.sam(), people.noor()
    for writer in (sam, noor):
        for number in range(3):
            write(writer, f"{SECRET} {number}")
    AuditEvent.objects.record(AuditEvent.Act.SIGNED_OUT, by=sam, about=sam, now=timezone.now())
    AuditSeal.objects.seal(now=timezone.now())
    yield sam, noor
    append_only.remove()


def write(writer: User, text: str) -> None:
    now = timezone.now()
    token = uuid.uuid4()
    Entry.objects.write(by=writer, client_token=token, page=Page("", text), on=date(2026, 11, 1), now=now)


@pytest.fixture
def elsewhere(tmp_path):
    """An empty database as on a new server: the scratch of the backup itself, held open."""
    with database.scratch(tmp_path):
        yield


def prove(made, keys, *lists):
    return verify(made, keys.file, lists, timezone.now())


def test_row_33_what_was_backed_up_can_be_restored_with_every_text(house, keys, tmp_path):
    made = back_up(tmp_path / "kept", timezone.now())
    found = prove(made, keys)
    assert (found.texts, found.erased, len(found.manifest.seals)) == (6, 0, 1)
    assert found.manifest.rows["journal_entry"] == Entry.objects.count() == 6
    assert Heartbeat.objects.filter(name="backup").exists()
    with database.scratch(tmp_path):
        assert restore(made, keys.file, [], timezone.now()).texts == 6
        sam = User.objects.get(username="sam")
        opened = Entry.objects.filter(owner=sam).each_opened(by=sam, key=vault.key_for(sam.pk))
        assert sorted(page.text for _row, page in opened) == [f"{SECRET} {number}" for number in range(3)]
        with pytest.raises(Refused, match="is not empty"):
            restore(made, keys.file, [], timezone.now())
        assert Entry.objects.count() == 6


def test_j1_a_backup_holds_no_private_word_and_is_for_its_owner_alone(house, keys, tmp_path, monkeypatch):
    seen = []
    dumped = database.dump
    monkeypatch.setattr(database, "dump", lambda to: seen.append(to.parent) or dumped(to))
    made = back_up(tmp_path / "kept", timezone.now())
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    for private in (SECRET, "Sam", "sam@people.example", "journal_entry"):
        assert private.encode() not in made.read_bytes()
    assert [folder.exists() for folder in seen] == [False]
    assert sorted(path.name for path in made.parent.iterdir()) == ["erased.txt", made.name]


def test_what_cannot_be_written_leaves_nothing_behind(house, keys, tmp_path, monkeypatch):
    seen = []

    def full(to):
        seen.append(to.parent)
        raise OSError("no space")

    monkeypatch.setattr(database, "dump", full)
    with pytest.raises(OSError, match="no space"):
        back_up(tmp_path / "kept", timezone.now())
    assert [folder.exists() for folder in seen] == [False]
    assert list((tmp_path / "kept").iterdir()) == []


def test_sessions_stay_on_the_server(house, keys, tmp_path, client_of):
    client_of(house[0]).get("/me/")
    found = prove(back_up(tmp_path / "kept", timezone.now()), keys)
    assert (found.manifest.rows["django_session"], found.manifest.rows["usersessions_usersession"]) == (0, 0)


def test_row_33_a8_whom_a_backup_brings_back_is_erased_again(house, keys, tmp_path):
    sam, noor = house
    made = back_up(tmp_path / "kept", timezone.now())
    actions.erase(client=sam, by=sam, now=timezone.now())
    back_up(tmp_path / "later", timezone.now() + timedelta(hours=1))  # writes its list anew
    assert erased.path().read_text().split()[1:] == [str(sam.pk)]
    for lists in ([erased.path()], [tmp_path / "later" / "erased.txt"]):
        with database.scratch(tmp_path):
            assert restore(made, keys.file, lists, timezone.now()).erased == 1
            assert set(Entry.objects.values_list("owner_id", flat=True)) == {noor.pk}
            assert User.objects.get(pk=sam.pk).erased_at is not None
            assert not DataKey.objects.filter(owner=sam).exists()


def test_row_33_a8_a_list_whose_database_was_lost_is_not_written_over(house, keys, tmp_path):
    sam, _noor = house
    made = back_up(tmp_path / "kept", timezone.now())
    gone = uuid.uuid4()
    (tmp_path / "kept" / "erased.txt").write_text(f"2026-11-01 {gone}\n2026-11-02 {sam.pk}\n")
    back_up(tmp_path / "kept", timezone.now() + timedelta(hours=1))
    assert list(erased.read([made.with_name("erased.txt")])) == [gone, sam.pk]
    assert prove(made, keys, made.with_name("erased.txt")).erased == 1


@pytest.mark.parametrize("text", ["2026-11-01 nobody\n", "2026-11-01\n", "\n"])
def test_a_list_that_was_spoilt_is_asked_about(house, keys, tmp_path, text):
    made = back_up(tmp_path / "kept", timezone.now())
    (tmp_path / "list").write_text(text)
    with pytest.raises(Refused, match="a line that names nobody"):
        prove(made, keys, tmp_path / "list")


def test_what_a_killed_process_left_unsealed_goes_with_the_next(house, keys, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{archive.PLAIN}left"
    left.mkdir()
    (left / archive.DUMP).write_text(SECRET)
    with archive.plain_folder() as at_work:
        back_up(tmp_path / "kept", timezone.now())
        assert at_work.exists()
    assert list(tmp_path.glob(f"{archive.PLAIN}*")) == []


@pytest.mark.parametrize("inside", ["no tar", "nothing", "a list"])
def test_what_somebody_else_sealed_for_the_same_key_is_refused_in_words(keys, tmp_path, inside):
    """The recipient is no secret: whoever knows it can seal anything for it."""
    plain, made = tmp_path / "plain.tar", tmp_path / "made.tar.age"
    plain.write_text("no tar")
    if inside != "no tar":
        with tarfile.open(plain, "w") as tar:
            for name in (archive.MANIFEST, archive.DUMP) if inside == "a list" else ():
                (tmp_path / name).write_text("[]")
                tar.add(tmp_path / name, arcname=name)
    made.write_bytes(pyrage.encrypt(plain.read_bytes(), [archive.recipient(keys.recipient)]))
    with pytest.raises(Refused, match="no backup of this product is in it"):
        prove(made, keys)


def test_a_restored_sqlite_file_is_its_owners_alone_and_takes_no_stale_journal(house, keys, tmp_path):
    made = back_up(tmp_path / "kept", timezone.now())
    with database.scratch(tmp_path):
        file = Path(connection.settings_dict["NAME"])
        if sqlite := connection.vendor == "sqlite":
            file.with_name(f"{file.name}-wal").write_bytes(b"of another database" * 500)
        assert restore(made, keys.file, [], timezone.now()).texts == 6
        assert not sqlite or stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["first", "middle", "cut"])
def test_row_33_a_byte_that_changed_is_refused(house, keys, tmp_path, place):
    made = back_up(tmp_path / "kept", timezone.now())
    content = bytearray(made.read_bytes())
    if place == "cut":
        content = content[:-1]
    else:
        content[0 if place == "first" else len(content) // 2] ^= 1
    made.write_bytes(content)
    with pytest.raises(Refused, match="changed or cut off"):
        prove(made, keys)


def test_row_33_another_identity_is_refused(house, keys, tmp_path):
    made = back_up(tmp_path / "kept", timezone.now())
    (tmp_path / "other").mkdir()
    with pytest.raises(Refused, match="another identity"):
        prove(made, Keys(tmp_path / "other"))
    keys.file.write_text("nothing")
    with pytest.raises(Refused, match="does not open"):
        prove(made, keys)


def test_row_13_keys_that_do_not_open_it_are_refused(house, keys, tmp_path, settings):
    made = back_up(tmp_path / "kept", timezone.now())
    settings.VAULT_KEYS = "other:" + "AAAA" * 10 + "AAA="
    with pytest.raises(Refused, match="VAULT_KEYS does not open"):
        prove(made, keys)


def test_what_a_newer_product_wrote_is_refused_before_anything_is(house, keys, tmp_path, monkeypatch):
    made = back_up(tmp_path / "kept", timezone.now())
    unpack = archive.unpack

    def newer(*given):
        told = unpack(*given)
        told.migrations.append("journal.9999_tomorrow")
        return told

    monkeypatch.setattr(archive, "unpack", newer)
    monkeypatch.setattr(database, "load", None)
    with pytest.raises(Refused, match=r"journal\.9999_tomorrow is not known here"):
        prove(made, keys)


def test_a_restore_that_does_not_hold_leaves_the_database_empty(house, keys, tmp_path, settings):
    made = back_up(tmp_path / "kept", timezone.now())
    settings.VAULT_KEYS = "other:" + "AAAA" * 10 + "AAA="
    with database.scratch(tmp_path):
        with pytest.raises(Refused):
            restore(made, keys.file, [], timezone.now())
        assert database.is_empty()


def test_row_31_a_record_that_was_changed_is_named(house, keys, tmp_path):
    append_only.remove()
    AuditEvent.objects.update(detail="nothing happened")
    append_only.install()
    with pytest.raises(Refused, match=r"row \d+ was changed"):
        prove(back_up(tmp_path / "kept", timezone.now()), keys)


def test_a8_what_is_too_old_goes_and_the_newest_stays(tmp_path, settings):
    now = timezone.now()
    for days in (0, 34, 36, 400):
        (tmp_path / f"stillwater-{now - timedelta(days=days):%Y%m%dT%H%M%S}Z.tar.age").touch()
    (tmp_path / "letters.txt").touch()
    for name, days in (("cut", 2), ("beginning", 0)):
        draft = tmp_path / f".stillwater-20261101T010101Z.tar.age.{name}"
        draft.touch()
        os.utime(draft, ((now - timedelta(days=days)).timestamp(),) * 2)
    forget_old(tmp_path, now)
    assert [path.name.rpartition(".")[2] for path in tmp_path.glob(".stillwater*")] == ["beginning"]
    assert len(list(tmp_path.glob("*.age"))) == 2
    assert (tmp_path / "letters.txt").exists()
    alone = next(tmp_path.glob("*.age"))
    forget_old(tmp_path, now + timedelta(days=500))
    assert len(list(tmp_path.glob("*.age"))) == 1
    assert alone.parent == tmp_path


@pytest.mark.parametrize(
    ("recipient", "words"),
    [("", "BACKUP_RECIPIENT is not set"), ("age1nonsense", "BACKUP_RECIPIENT is no age recipient")],
)
def test_without_whom_to_seal_it_for_nothing_is_written(settings, tmp_path, recipient, words):
    settings.BACKUP_RECIPIENT = recipient
    with pytest.raises(CommandError, match=words):
        call_command("backup", str(tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()


def test_an_operator_goes_the_whole_way_by_commands(house, keys, tmp_path, capsys):
    call_command("backup", "--new-key")
    shown = capsys.readouterr().out
    assert shown.startswith("BACKUP_RECIPIENT=age1")
    assert "AGE-SECRET-KEY-1" in shown
    call_command("backup", str(tmp_path / "kept"))
    (made,) = (tmp_path / "kept").glob("*.age")
    call_command("restore", str(made), "--identity", str(keys.file), "--verify")
    told = capsys.readouterr().out
    assert "6 texts, chosen by chance, were opened and forgotten." in told
    assert told.endswith("It can be restored.\n")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(made), "--identity", str(keys.file))
    assert connection.introspection.table_names()
