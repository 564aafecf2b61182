"""Everything a client wrote and everything recorded about them, as one ZIP (A7)."""

from __future__ import annotations

import json
from collections.abc import Buffer, Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.export import Row
from accounts.models import AuditEvent, User
from recovery_site.actions import export_pages
from recovery_site.actions.export_pages import PAGES

OWN_TEXT = 0o600 << 16  # readable by whoever unpacks it


class Sink:
    """What the ZIP writer gives, until it is handed on. It cannot be wound back, so nothing is kept."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: Buffer) -> int:
        self.held.append(bytes(data))
        return len(self.held[-1])

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> Iterator[bytes]:
        held, self.held = self.held, []
        yield from held


def export(*, client: User, by: User, now: datetime) -> Iterator[bytes]:
    """The ZIP in pieces, each made when it is asked for: nothing on a disk, and few rows held at once.

    Raises PermissionDenied for anybody but the person it is about.
    """
    if by.pk != client.pk or not by.has_perm("accounts.export_own"):
        raise PermissionDenied
    AuditEvent.objects.record(AuditEvent.Act.EXPORTED, by=by, about=client, now=now)
    return pieces(client, now)


def pieces(client: User, now: datetime) -> Iterator[bytes]:
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, text in files(client, now):
            with archive.open(described(name, now), "w") as file:
                for line in text:
                    file.write(line.encode(errors="replace"))
                    yield from sink.taken()
    yield from sink.taken()


def described(name: str, now: datetime) -> ZipInfo:
    info = ZipInfo(name, timezone.localtime(now).timetuple()[:6])
    info.compress_type, info.external_attr = ZIP_DEFLATED, OWN_TEXT
    return info


def files(client: User, now: datetime) -> Iterator[tuple[str, Iterator[str]]]:
    """Each file's name and its text, piece by piece: the pages to read, then the same to keep."""
    yield "README.txt", export_pages.read_me()
    yield "index.html", export_pages.index(now)
    without_rows: set[str] = set()  # filled while the pages are written, so that nothing is asked for twice
    for page in PAGES:
        yield f"{page.name}.html", export_pages.page(page, client, without_rows)
    for page in PAGES:
        for part in page.parts:
            rows = iter(()) if part.name in without_rows else part.told(client)
            yield f"data/{part.name}.json", as_json(rows)


def as_json(rows: Iterator[Row]) -> Iterator[str]:
    """A list with one row on each line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"
