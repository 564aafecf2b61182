"""`manage.py backup`: everything of now, sealed, and what is too old taken away."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import AuditSeal
from notifications.models import Heartbeat
from recovery_site.backup import Refused, archive, database, erased

logger = logging.getLogger(__name__)
FILE = re.compile(r"stillwater-(\d{8}T\d{6})Z\.tar\.age")
STAMP = "%Y%m%dT%H%M%S"
PART = "backup"  # its heartbeat


def back_up(folder: Path, now: datetime) -> Path:
    """The file that was written. Raises Refused; a folder that is full or away is an OSError."""
    if not settings.BACKUP_RECIPIENT:
        raise Refused("BACKUP_RECIPIENT is not set. `manage.py backup --new-key` makes a pair.")
    sealed_for = archive.recipient(settings.BACKUP_RECIPIENT)
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"stillwater-{now.astimezone(UTC):{STAMP}}Z.tar.age"
    with archive.plain_folder() as within:
        dump = within / archive.DUMP
        before = standing()  # or a seal of this very moment would be missing in the dump
        rows = database.dump(dump)
        manifest = archive.Manifest(
            made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            vendor=connection.vendor,
            rows=rows,
            migrations=before.migrations,
            seals=before.seals,
            sha256=archive.digest(dump),
        )
        archive.pack(within, manifest, made, sealed_for)
    forget_old(folder, now)
    erased.write(folder / erased.NAME)
    Heartbeat.beat(PART)
    return made


def nightly(now: datetime) -> str:
    """The name of the file, where a folder is set. What stands in the way is an error of the worker."""
    try:
        return back_up(Path(settings.BACKUP_FOLDER), now).name if settings.BACKUP_FOLDER else ""
    except Refused as reason:
        logger.warning("No backup was made. %s", str(reason))  # the log tells of errors by their names alone
        raise


class Standing(NamedTuple):
    migrations: list[str]
    seals: list[str]


def standing() -> Standing:
    applied = MigrationRecorder(connection).applied_migrations()
    migrations = sorted(f"{app}.{name}" for app, name in applied)
    return Standing(migrations, [digest.hex() for digest in AuditSeal.objects.newest_digests()])


def forget_old(folder: Path, now: datetime) -> None:
    """After as many days nobody who was erased is in any backup (A8). The newest stays in any case."""
    found = sorted(path for path in folder.iterdir() if FILE.fullmatch(path.name))
    for path in found[:-1]:
        stamp = FILE.fullmatch(path.name)
        made_at = datetime.strptime(stamp[1], STAMP).replace(tzinfo=UTC) if stamp else now
        if made_at < now - timedelta(days=settings.BACKUP_DAYS):
            path.unlink()
    for draft in folder.glob(".stillwater-*.tar.age.*"):  # of a process that was killed
        if draft.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            draft.unlink()
