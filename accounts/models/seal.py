from __future__ import annotations

import hashlib
import hmac
import json
import logging
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Max

from accounts import vault
from accounts.models.access import AccessRecord
from accounts.models.audit import AuditEvent

logger = logging.getLogger(__name__)

MARK = struct.Struct(">q16s")  # the id of a row, and half of its HMAC
ROWS = 5000  # under one seal
WAIT_SECONDS = 20  # for writers that began before


class Book(models.TextChoices):
    """The two tables that are only ever added to."""

    AUDIT = "audit"
    ACCESS = "access"

    @property
    def rows(self) -> models.QuerySet[Any]:
        return AuditEvent.objects.all() if self is Book.AUDIT else AccessRecord.objects.all()

    @property
    def columns(self) -> tuple[str, ...]:
        own = ("act", "detail") if self is Book.AUDIT else ("what",)
        return ("pk", "at", "actor_id", "subject_id", *own)

    def marks(self, rows: models.QuerySet[Any], key: bytes) -> dict[int, bytes]:
        """What the seal keeps of each row, by id."""
        return {row[0]: self._mark(row, key) for row in rows.order_by("pk").values_list(*self.columns)}

    def _mark(self, row: tuple[Any, ...], key: bytes) -> bytes:
        pk, at, *others = row
        words = [
            self.value,
            pk,
            at.astimezone(UTC).isoformat(),
            *("" if v is None else str(v) for v in others),
        ]
        return hmac.digest(key, json.dumps(words).encode(), hashlib.sha256)[:16]

    def settled(self) -> int:
        """The highest id below which nothing can appear any more, because nobody is still writing there.

        On PostgreSQL an id is given before its row is committed, so those who write now are waited for.
        No lock is taken: nobody who looks at a page waits for the seal. Raises TimeoutError.
        """
        highest: int = self.rows.aggregate(highest=Max("pk"))["highest"] or 0
        waited_for, until = writers(self.rows.model), time.monotonic() + WAIT_SECONDS
        while waited_for & writers(self.rows.model):
            if time.monotonic() > until:
                raise TimeoutError(f"somebody has been writing to {self.value} for too long")
            time.sleep(0.1)
        return highest


def writers(model: type[models.Model]) -> set[str]:
    """Other transactions that have begun to write to this table. SQLite lets one write at a time."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            # A copy of the database beside this one has the same numbers of tables.
            "SELECT virtualtransaction FROM pg_locks WHERE relation = %s::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()",
            [model._meta.db_table],
        )
        return {name for (name,) in cursor.fetchall()}


def keys() -> dict[str, bytes]:
    """By the name of the key-encryption key that each comes from, newest first."""
    return dict(zip(vault.encryption_keys(), vault.keys_of_purpose("audit"), strict=True))


def key_named(name: str) -> bytes:
    if name not in keys():
        raise vault.Unreadable(f"VAULT_KEYS has no key named {name}")
    return keys()[name]


class Fault(NamedTuple):
    """The first thing that is not as it was sealed. `row` is None where the seal itself is."""

    book: str
    seal: int
    row: int | None
    what: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row is not None else f"seal {self.seal}"
        return f"{self.book}: {place} {self.what}"


class AuditSealQuerySet(models.QuerySet["AuditSeal"]):
    def seal(self, *, now: datetime) -> list[AuditSeal]:
        """Seals what was written since the last seal. Safe to repeat, and in two places at once."""
        made: list[AuditSeal] = []
        for book in Book:
            try:
                settled = book.settled()
            except TimeoutError:
                logger.exception("%s is not sealed this time", book.value)
                continue
            while found := self._next(book, settled, now):
                made.append(found)
        return made

    def _next(self, book: Book, settled: int, now: datetime) -> AuditSeal | None:
        last = self.filter(book=book).order_by("number").last()
        above = last.upto if last else None
        rows = book.rows.filter(pk__lte=settled)
        ids = (
            (rows if above is None else rows.filter(pk__gt=above)).order_by("pk").values_list("pk", flat=True)
        )
        if not (batch := list(ids[:ROWS])):
            return None
        name, key = next(iter(keys().items()))
        found = AuditSeal(book=book, number=last.number + 1 if last else 1, key_name=name, sealed_at=now)
        found.upto = batch[-1]
        found.marks = b"".join(
            MARK.pack(*mark) for mark in book.marks(rows.filter(pk__range=(batch[0], batch[-1])), key).items()
        )
        found.digest = found.reckoned(bytes(last.digest) if last else b"", key)
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError:
            return None  # another place was first, and goes on
        logger.info("sealed %s %d up to row %d: %s", book, found.number, found.upto, found.digest.hex())
        return found

    def newest_digests(self) -> list[bytes]:
        """Of each book, as far as there is one."""
        last = (self.filter(book=book).order_by("number").last() for book in Book)
        return [bytes(seal.digest) for seal in last if seal]

    def has_digest(self, text: str) -> bool:
        """Whether a digest from a log kept elsewhere is among the seals."""
        try:
            return self.filter(digest=bytes.fromhex(text)).exists()
        except ValueError:
            return False

    def faults(self) -> Iterator[Fault]:
        """Compares both books with their seals, oldest first. Raises vault.Unreadable without the key."""
        for book in Book:
            above, digest = None, b""
            seals = self.filter(book=book).order_by("number").iterator(chunk_size=20)
            for number, seal in enumerate(seals, start=1):
                key = key_named(seal.key_name)
                if seal.number != number:
                    yield Fault(book, number, None, "is missing")
                    break
                if not hmac.compare_digest(bytes(seal.digest), seal.reckoned(digest, key)):
                    yield Fault(book, number, None, "was changed")
                    break
                yield from seal.compare(above, key)
                above, digest = seal.upto, bytes(seal.digest)


class AuditSeal(models.Model):
    """What the two books held up to a row, in a form that only the holder of VAULT_KEYS can make.

    Each seal takes in the one before. It finds a row that was changed, taken away or put in behind, once it
    is sealed. It cannot find what was done to rows that no seal covers yet, nor a database whose last seals
    are gone together with their rows: for that the digest of each is in the log, to be kept elsewhere.
    """

    book = models.CharField(max_length=6, choices=Book)
    number = models.PositiveIntegerField()
    upto = models.BigIntegerField()  # the id of the last row under it
    marks = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    key_name = models.CharField(max_length=40)
    sealed_at = models.DateTimeField()

    objects = AuditSealQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="one_seal_after_another")]

    def __str__(self) -> str:
        return f"{self.book} {self.number}"

    def reckoned(self, previous: bytes, key: bytes) -> bytes:
        """The digest that belongs to what this seal says."""
        words = [self.book, self.number, self.upto, self.sealed_at.astimezone(UTC).isoformat(), self.key_name]
        said = json.dumps(words).encode() + previous + bytes(self.marks)
        return hmac.digest(key, said, hashlib.sha256)

    def compare(self, above: int | None, key: bytes) -> Iterator[Fault]:
        """The rows under this seal as they are now, against what it kept of them."""
        book = Book(self.book)
        rows = book.rows.filter(pk__lte=self.upto)
        found = book.marks(rows if above is None else rows.filter(pk__gt=above), key)
        kept = dict(MARK.iter_unpack(bytes(self.marks)))
        for pk in sorted(kept.keys() | found.keys()):
            if pk not in found:
                yield Fault(book, self.number, pk, "is missing")
            elif pk not in kept:
                yield Fault(book, self.number, pk, "was put in later")
            elif kept[pk] != found[pk]:
                yield Fault(book, self.number, pk, "was changed")
