"""A new key-encryption key takes over, and nobody's text notices (J1; security design, test 32)."""

import base64
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import rotation, vault
from accounts.models import AuditSeal, DataKey, Invitation, User
from accounts.roles import Role
from accounts.vault import Unreadable, key_for
from groups.models import Group, GroupKey

ABOUT = ("journal.entry", "1", "text", 1)
ONE, MANY = 1, 30


@pytest.fixture
def sealed(db) -> dict:
    """A text of each person, so many that they take several transactions."""
    people = User.objects.bulk_create(
        User(username=f"p{number}", role=Role.CLIENT) for number in range(rotation.BATCH + 3)
    )
    return {person.pk: key_for(person.pk).seal(f"words of {person.pk}", *ABOUT) for person in people}


def renew(settings, name="new") -> None:
    """A fresh key in front of those that are there."""
    fresh = base64.b64encode(os.urandom(32)).decode()
    settings.VAULT_KEYS = f"{name}:{fresh},{settings.VAULT_KEYS}"


def drop_older(settings) -> None:
    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]


def all_open(sealed: dict) -> bool:
    return all(key_for(pk).unseal(value, *ABOUT) == f"words of {pk}" for pk, value in sealed.items())


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("rotate_vault_keys", *arguments, stdout=printed)
    return printed.getvalue()


def test_j1_every_key_moves_to_the_newest_and_the_old_one_is_needed_no_more(settings, sealed):
    group = Group.objects.create(name="Circle", purpose="To meet.", kind="circle", capacity=3)
    note = GroupKey.objects.of(group.pk).seal("a note", *ABOUT)
    renew(settings)
    assert rotation.rotate() == {"data keys": len(sealed), "group keys": 1}
    drop_older(settings)
    assert all_open(sealed)
    assert GroupKey.objects.of(group.pk).unseal(note, *ABOUT) == "a note"
    assert rotation.rotate() == Counter()


def test_j1_the_data_key_stays_and_its_wrapping_does_not(settings, sam):
    before = (bytes(key_for(sam.pk) and sam.data_key.wrapped), vault.unwrap(sam.data_key))
    renew(settings)
    rotation.rotate()
    row = DataKey.objects.get()
    assert bytes(row.wrapped) != before[0]
    assert vault.unwrap(row) == before[1]


@pytest.mark.parametrize("kept", [{"secret": "SEED"}, {"seed": "SEED", "used_mask": 5}])
def test_j1_second_steps_move_and_what_was_used_of_them_stays(settings, sam, kept):
    data = {name: vault.seal_own(value, "mfa") if value == "SEED" else value for name, value in kept.items()}
    row = sam.authenticator_set.create(type="totp" if "secret" in kept else "recovery_codes", data=data)
    sam.authenticator_set.create(type="webauthn", data={"name": "Key"})
    renew(settings)
    assert rotation.rotate() == {"second steps": 1}
    drop_older(settings)
    row.refresh_from_db()
    opened = {
        name: vault.unseal_own(value, "mfa") if isinstance(value, str) else value
        for name, value in row.data.items()
    }
    assert opened == kept
    assert rotation.rotate() == Counter()


def test_a_key_that_is_broken_spoils_no_other_and_is_named(settings, sealed, sam, caplog):
    key_for(sam.pk)
    DataKey.objects.filter(owner=sam).update(wrapped=b"x" * 60)
    own = sam.authenticator_set.create(type="totp", data={"secret": "in clear"})
    Authenticator.objects.filter(pk=own.pk).update(data={"secret": "test:broken="})
    renew(settings)
    assert rotation.rotate() == {"data keys": len(sealed)}
    assert rotation.unmovable() == {"data keys": 1, "second steps": 1}
    assert str(sam.pk) in caplog.text
    assert f"second step {own.pk}" in caplog.text


def test_a8_a_key_that_is_destroyed_meanwhile_does_not_come_back(settings, sam, monkeypatch):
    key_for(sam.pk)
    renew(settings)
    wrap = vault.wrap_again

    def too_late(row):
        found = wrap(row)
        DataKey.objects.all().delete()
        return found

    monkeypatch.setattr(vault, "wrap_again", too_late)
    assert rotation.rotate() == Counter()
    assert not DataKey.objects.exists()


def test_a_key_that_another_rotation_moved_meanwhile_stays_where_it_is(settings, sam, monkeypatch):
    key_for(sam.pk)
    renew(settings)
    wrap = vault.wrap_again

    def too_late(row):
        found = wrap(row)
        DataKey.objects.update(key_name="newer still", wrapped=b"its own")
        return found

    monkeypatch.setattr(vault, "wrap_again", too_late)
    with monkeypatch.context() as once:
        once.setattr(rotation, "_older", lambda table: table._default_manager.filter(key_name="test"))
        assert rotation.rotate() == Counter()
    assert bytes(DataKey.objects.get().wrapped) == b"its own"


def test_a_key_that_somebody_made_with_the_older_one_meanwhile_moves_too(settings, sam, noor, monkeypatch):
    """A process that has not been restarted yet knows the older key alone."""
    key_for(sam.pk)
    older = settings.VAULT_KEYS
    renew(settings)
    newer = settings.VAULT_KEYS
    wrap = vault.wrap_again

    def and_one_more(row):
        settings.VAULT_KEYS = older
        key_for(noor.pk)
        settings.VAULT_KEYS = newer
        return wrap(row)

    monkeypatch.setattr(vault, "wrap_again", and_one_more)
    assert rotation.rotate() == {"data keys": 2}
    assert set(DataKey.objects.values_list("key_name", flat=True)) == {"new"}


@pytest.mark.django_db(transaction=True)
def test_j1_two_rotations_at_once_move_each_key_once_and_all_open_meanwhile(settings, sealed):
    renew(settings)
    start = Barrier(3)

    def work(job):
        start.wait(timeout=30)
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        jobs = [rotation.rotate, rotation.rotate, lambda: all_open(sealed)]
        one, other, opened = threads.map(work, jobs)
    assert (one + other, opened) == ({"data keys": len(sealed)}, True)
    drop_older(settings)
    assert all_open(sealed)


@pytest.mark.django_db(transaction=True)
def test_j1_the_command_counts_and_says_when_the_old_key_may_go(settings, sealed):
    renew(settings)
    holds = f"test holds {len(sealed)} data keys."
    assert f"{holds} It is needed: run manage.py rotate_vault_keys." in run("--status")
    assert set(DataKey.objects.values_list("key_name", flat=True)) == {"test"}
    said = run()
    assert f"Moved to new: {len(sealed)} data keys." in said
    assert "test holds nothing. It may be taken out" in said
    assert "Moved to new: nothing." in run()
    drop_older(settings)
    assert f"new holds {len(sealed)} data keys. It seals what is written now." in run("--status")


def test_j1_the_command_sweeps_each_table_of_keys(settings, sam, monkeypatch):
    """What were left in the files would open with it (tests/faults/test_rotation.py looks there)."""
    swept = []
    for table in vault.key_tables():
        monkeypatch.setattr(table, "sweep", lambda table=table: swept.append(table))
    run("--status")
    assert swept == []
    run()
    assert swept == vault.key_tables()


@pytest.mark.parametrize("arguments", [[], ["--status"]])
def test_j1_a_key_that_was_taken_out_too_early_is_told_with_a_count(settings, sealed, arguments):
    renew(settings)
    drop_older(settings)
    with pytest.raises(CommandError, match=f"test holds {len(sealed)} data keys. Nothing was changed"):
        run(*arguments)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_move_is_named_and_still_verifies(settings, sam, mara):
    now = timezone.now()
    Invitation.objects.mail("kim@people.example", role=Role.CLIENT, by=mara, now=now)
    AuditSeal.objects.seal(now=now)
    seals = AuditSeal.objects.count()
    renew(settings)
    assert "Keep it until the invitations are over" in run()
    assert Invitation.objects.get().mailed_token
    Invitation.objects.update(revoked_at=now)
    assert f"test holds {seals} seals of the record. It opens no text any more. Keep it, last" in run(
        "--status"
    )
    assert list(AuditSeal.objects.faults()) == []


def test_the_command_fails_where_something_stays_behind(settings, sam, monkeypatch):
    monkeypatch.setattr(DataKey, "sweep", lambda: None)
    monkeypatch.setattr(GroupKey, "sweep", lambda: None)
    key_for(sam.pk)
    DataKey.objects.update(wrapped=b"x" * 60)
    renew(settings)
    with pytest.raises(CommandError, match="stays as it is: 1 data keys"):
        run()
    with pytest.raises(Unreadable):
        key_for(sam.pk).seal("more", *ABOUT)


@pytest.mark.parametrize("rows", [ONE, MANY])
def test_the_status_takes_as_many_queries_with_many_rows(settings, django_assert_num_queries, db, rows):
    people = User.objects.bulk_create(User(username=f"p{n}", role=Role.CLIENT) for n in range(rows))
    vault.keys_for([person.pk for person in people])
    with django_assert_num_queries(len(vault.key_tables()) + 1):
        rotation.held()
