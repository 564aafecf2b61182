"""One sealed file: a dump and what is to be known of it, for the holder of an age identity alone."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import pyrage

from recovery_site.backup import Refused

VERSION = 1
PLAIN = "stillwater-plain-"
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


@contextmanager
def plain_folder() -> Iterator[Path]:
    """For what is not sealed: for this user alone, and gone in any case.

    A process that is killed takes nothing away, so the next one does. Who is at work holds its own folder.
    """
    for left in Path(gettempdir()).glob(f"{PLAIN}*"):
        with suppress(OSError), held(left):
            shutil.rmtree(left)
    with TemporaryDirectory(prefix=PLAIN) as made, held(Path(made)):
        yield Path(made)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """As long as this process lives. Raises OSError where another holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


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
    try:
        manifest = opened(plain, folder)
    except (tarfile.TarError, OSError, LookupError, ValueError, TypeError, AttributeError):
        raise Refused(f"{file} opens, but no backup of this product is in it.") from None
    if digest(folder / DUMP) != manifest.sha256:
        raise Refused("The dump is not the one that its manifest tells of.")
    return manifest


def opened(plain: Path, folder: Path) -> Manifest:
    """Anybody who knows the recipient can seal something else for it."""
    with tarfile.open(plain) as tar:
        for name in (MANIFEST, DUMP):
            tar.extract(name, folder, filter="data")
    plain.unlink()
    told = json.loads((folder / MANIFEST).read_text())
    if told.get("version") != VERSION:
        raise Refused(f"It is of format {told.get('version')}, and this product reads {VERSION}.")
    return Manifest(**told)


def digest(file: Path) -> str:
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()
