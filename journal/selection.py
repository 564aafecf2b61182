"""Some pages of a journal, or all of them: to print, or in one file to keep (A7, J5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.template.loader import get_template, render_to_string

from accounts import vault
from accounts.models import AuditEvent, User
from journal.models import Entry, Page
from journal.models.entry import EntryQuerySet
from journal.month import following, month_of

CHUNK = 100  # rows held at once
HERE = "<!-- pages -->"  # where the pages go; the frame holds no text of a person's


@dataclass(frozen=True)
class MonthOfPages:
    first: date
    number: int


@dataclass(frozen=True, repr=False)
class ToKeep:
    """One page to read; no words where they do not open."""

    entry: Entry
    page: Page | None


def months(user: User) -> list[MonthOfPages]:
    """The months that have pages, the newest first."""
    rows = Entry.objects.visible_to(user).standing().order_by()
    counted = rows.values(first=TruncMonth("written_on")).annotate(number=Count("pk")).order_by("-first")
    return [MonthOfPages(**row) for row in counted]


def of_month(user: User, first: date) -> EntryQuerySet:
    rows = Entry.objects.visible_to(user).standing()
    return rows.filter(written_on__gte=first, written_on__lt=following(first)).newest_first()


def chosen(user: User, ticked: QueryDict) -> EntryQuerySet:
    """The pages that were ticked, one by one or by the month, the oldest first: so a story is read.

    What is not theirs, deleted or made up is not among them.
    """
    rows = Entry.objects.visible_to(user).standing().newest_first().reverse()
    if "all" in ticked:
        return rows
    wanted = Q(pk__in=[pk for text in ticked.getlist("page") if (pk := number_of(text))])
    for first in filter(None, map(month_of, ticked.getlist("month"))):
        wanted |= Q(written_on__gte=first, written_on__lt=following(first))
    return rows.filter(wanted)


def number_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def opened(rows: EntryQuerySet, *, by: User) -> Iterator[ToKeep]:
    """Each when it is asked for. One that does not open says so in its place, and the others follow."""
    key = vault.key_for(by.pk)
    for entry in rows.iterator(chunk_size=CHUNK):
        try:
            yield ToKeep(entry, entry.opened(by=by, key=key))
        except vault.Unreadable:
            yield ToKeep(entry, None)


def as_file(rows: EntryQuerySet, *, by: User, now: datetime) -> Iterator[str]:
    """The file in pieces, so that nothing of it lies on a disk. That it was made is noted.

    Raises PermissionDenied for whoever may not take pages along.
    """
    if not by.has_perm("accounts.export_own"):
        raise PermissionDenied
    AuditEvent.objects.record(AuditEvent.Act.EXPORTED, by=by, about=by, now=now)
    return pieces(rows, by, now)


def pieces(rows: EntryQuerySet, by: User, now: datetime) -> Iterator[str]:
    before, after = render_to_string("journal/selection_file.html", {"made_at": now}).split(HERE)
    one = get_template("journal/page_to_keep.html")
    yield before
    for kept in opened(rows, by=by):
        yield one.render({"kept": kept})
    yield after
