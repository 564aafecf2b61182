"""One sealed file: a dump and what is to be known of it, for the holder of an age identity alone."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyrage

from recovery_site.backup import Refused

VERSION = 1
DUMP, MANIFEST = "database.dump", "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """`made_at` is in UTC. `migrations` are those that the database had; `seals` the newest digests."""

    made_at: str
    vendor: str
    rows: dict[str, int]
    migrations: list[str]
    seals: list[str]
    sha256: str
    version: int = VERSION

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Refused("BACKUP_RECIPIENT is no age recipient: it begins with age1.") from None


def identities(file: Path) -> list[pyrage.x25519.Identity]:
    try:
        lines = file.read_text().split()
        return [pyrage.x25519.Identity.from_str(text) for text in lines if text.startswith("AGE-SECRET-KEY-")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise Refused(f"{file} holds no age identity.") from None


def pack(folder: Path, manifest: Manifest, to: Path, sealed_for: pyrage.x25519.Recipient) -> None:
    """Of the dump in this folder. The file is there whole or not at all, and for its owner alone."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    plain, draft = folder / "plain.tar", to.with_name(f".{to.name}.{os.getpid()}")
    # PostgreSQL's own dump is small already.
    with tarfile.open(plain, "w:gz" if manifest.vendor == "sqlite" else "w") as tar:
        for name in (MANIFEST, DUMP):
            tar.add(folder / name, arcname=name)
    try:
        with (
            plain.open("rb") as reader,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as writer,
        ):
            pyrage.encrypt_io(reader, writer, [sealed_for])
            writer.flush()
            os.fsync(writer.fileno())
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)


def unpack(file: Path, keys: list[pyrage.x25519.Identity], folder: Path) -> Manifest:
    """Into this folder, once all of it was found whole. Raises Refused in words."""
    plain = folder / "plain.tar"
    try:
        with file.open("rb") as reader, plain.open("wb") as writer:
            pyrage.decrypt_io(reader, writer, keys)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror or 'it was changed or cut off'}.") from None
    except pyrage.DecryptError:
        raise Refused(f"{file} does not open: another identity, or it was changed or cut off.") from None
    with tarfile.open(plain) as tar:
        tar.extractall(folder, filter="data")
    plain.unlink()
    told = json.loads((folder / MANIFEST).read_text())
    if told.get("version") != VERSION:
        raise Refused(f"It is of format {told.get('version')}, and this product reads {VERSION}.")
    manifest = Manifest(**told)
    if digest(folder / DUMP) != manifest.sha256:
        raise Refused("The dump is not the one that its manifest tells of.")
    return manifest


def digest(file: Path) -> str:
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()
