"""`manage.py restore`: proves that a backup is whole and opens, and brings it back where nothing is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts import append_only, vault
from accounts.checks import vault_keys_open_what_is_stored
from accounts.models import AuditSeal, User
from journal import proof
from recovery_site.actions.erasure import erase_again
from recovery_site.backup import Refused, archive, database, erased

TEXTS_TRIED = 10


class Found(NamedTuple):
    manifest: archive.Manifest
    texts: int  # opened, of TEXTS_TRIED at most
    erased: int  # who were in the backup and are erased again


def verify(file: Path, identity: Path, lists: Iterable[Path], now: datetime) -> Found:
    """In a database of its own, which goes again. Raises Refused."""
    with archive.plain_folder() as within:
        manifest = archive.unpack(file, archive.identities(identity), within)
        again = erased.read(lists)
        with database.scratch(within):
            fits(manifest)
            return bring(within / archive.DUMP, manifest, again, now)


def restore(file: Path, identity: Path, lists: Iterable[Path], now: datetime) -> Found:
    """Into the database of the settings, if that is empty. What does not hold is taken away again."""
    with archive.plain_folder() as within:
        manifest = archive.unpack(file, archive.identities(identity), within)
        if not database.is_empty():
            raise Refused("The database is not empty. Make a new one: a restore overwrites nothing.")
        again = erased.read(lists)
        fits(manifest)
        try:
            return bring(within / archive.DUMP, manifest, again, now)
        except BaseException:
            database.clear()
            raise


def fits(manifest: archive.Manifest) -> None:
    """Into this database, and this product."""
    if manifest.vendor != connection.vendor:
        raise Refused(f"It is of {manifest.vendor}, and this database is {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest.migrations) - known):
        raise Refused(f"It is of a newer product: {newer[0]} is not known here.")


def bring(dump: Path, manifest: archive.Manifest, again: Collection[UUID], now: datetime) -> Found:
    database.load(dump)
    if wrong := sorted(set(manifest.rows.items()) ^ set(database.counts().items())):
        raise Refused(f"{wrong[0][0]} does not hold as many rows as its manifest says.")
    call_command("migrate", verbosity=0)
    texts = opened()
    hold(manifest)
    gone = list(User.objects.filter(pk__in=again, erased_at=None))
    for person in gone:
        erase_again(client=person, now=now)
    return Found(manifest, texts, len(gone))


def opened() -> int:
    """How many texts were tried. Nothing of them is kept."""
    if found := vault_keys_open_what_is_stored(databases=["default"]):
        raise Refused(found[0].msg)
    tried, unread = proof.try_some(TEXTS_TRIED)
    if unread:
        raise Refused(f"{unread} of {tried} texts do not open with VAULT_KEYS.")
    return tried


def hold(manifest: archive.Manifest) -> None:
    """The record of acts and looks is the one that was sealed, to its end."""
    try:
        for fault in AuditSeal.objects.faults():
            raise Refused(str(fault))
    except vault.Unreadable as error:
        raise Refused(f"{error}: what it sealed cannot be compared.") from None
    if lost := [digest for digest in manifest.seals if not AuditSeal.objects.has_digest(digest)]:
        raise Refused(f"No seal has the digest {lost[0]}.")
    if off := append_only.missing():
        raise Refused(f"The database does not refuse changes: {off[0]} is missing.")
