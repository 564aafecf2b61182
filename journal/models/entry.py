from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.vault import PersonKey, Unreadable
from accounts.who import Own, Rule
from journal.models.keeping import Kept, erase_deleted
from journal.models.sealed_page import FIELDS, Page, SealedPage
from journal.models.sharing import Shared

if TYPE_CHECKING:
    from accounts.models import User

EARLIEST = date(1900, 1, 1)
TITLE_LENGTH = 200  # characters
TEXT_LENGTH = 100_000  # characters


@dataclass(frozen=True, repr=False)
class Heading:
    """A line in a list of entries; `title` is None when it cannot be opened."""

    entry: Entry
    title: str | None
    said: str = ""  # of its shares (J2), where `journal.shared_with` was asked
    has_news: bool = False  # an answer that its writer has not seen

    @property
    def day(self) -> str:
        """ "Tue 24": words of a list, which `|date` makes at several times the cost (T3)."""
        day = self.entry.written_on
        return f"{WEEKDAYS_ABBR[day.weekday()]} {day.day}"

    @property
    def month(self) -> str:
        """ "November 2026"."""
        return f"{MONTHS[self.entry.written_on.month]} {self.entry.written_on.year}"


class EntryRow(NamedTuple):
    """What stands openly in the row of an entry."""

    pk: uuid.UUID
    written_on: date
    rests_since: datetime | None
    revision: int

    def get_absolute_url(self) -> str:
        return reverse("journal:entry_detail", args=[self.pk])


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> EntryQuerySet:
        """The writer's own, and nobody else's."""
        return Entry.seen_by.rows(self, user)

    def standing(self) -> EntryQuerySet:
        """Without those that are deleted and can still be brought back."""
        return self.filter(deleted_at=None)

    def going(self) -> EntryQuerySet:
        """Those that are deleted and not gone yet, the next to go first."""
        return self.filter(deleted_at__isnull=False).order_by("deleted_at", "pk")

    def awake(self) -> EntryQuerySet:
        """Those that may come up by themselves: the writer did not ask to be spared (J5)."""
        return self.standing().filter(rests_since=None)

    def erase_deleted(self, now: datetime) -> int:
        return erase_deleted(self, now)

    def newest_first(self) -> EntryQuerySet:
        return self.order_by("-written_on", "-created_at", "-id")

    def after(self, last: Entry) -> EntryQuerySet:
        """The entries that follow this one, newest first."""
        same_day = Q(written_on=last.written_on)
        same_moment = same_day & Q(created_at=last.created_at)
        earlier = Q(written_on__lt=last.written_on) | same_day & Q(created_at__lt=last.created_at)
        return self.newest_first().filter(earlier | same_moment & Q(id__lt=last.pk))

    def headings(self, *, by: User, key: PersonKey | None = None) -> list[Heading]:
        """Dates and opened titles of these entries: one query for the rows, and one for a key not given."""
        entries = list(self.defer("text_sealed", "prompt_sealed"))
        key = key or (vault.key_for(by.pk) if entries else None)
        return [Heading(entry, entry.opened_title(by=by, key=key)) for entry in entries]

    def each_opened(self, *, by: User, key: PersonKey) -> Iterator[tuple[EntryRow, Page | None]]:
        """These entries, one after another and never all at once; None for words that do not open.

        Raises PermissionDenied for anybody but their reader: the key is that of one person.
        """
        if not Entry.seen_by.admits(Entry(owner_id=key.owner_id), by):
            raise PermissionDenied
        columns = ("pk", "written_on", "rests_since", "revision", *(f"{name}_sealed" for name in FIELDS))
        for *open_columns, title, text, prompt in self.values_list(*columns).iterator(chunk_size=200):
            row = EntryRow(*open_columns)
            try:
                yield row, Entry.open_row(row.pk, row.revision, (title, text, prompt), key)
            except Unreadable:
                yield row, None

    @transaction.atomic
    def write(
        self,
        *,
        by: User,
        client_token: uuid.UUID,
        seen: int | None = None,
        page: Page,
        on: date,
        now: datetime,
    ) -> tuple[Entry, bool]:
        """A new entry; for a form that was sent before, the first one, unchanged, and False.

        The draft of that form goes in the same breath (J4); `seen` is the revision that the form saw of it.
        """
        by.hold_to("journal.write_entry")
        entry = Entry(owner_id=by.pk)
        sealed = entry.sealed(page, revision=1)
        defaults = {"id": entry.pk, "written_on": on, "created_at": now, "edited_at": now, **sealed}
        made = self.get_or_create(owner_id=by.pk, client_token=client_token, defaults=defaults)
        if made[1]:
            by.drafts.settle(client_token, seen=seen, page=page)
        return made


class Entry(SealedPage, Kept, Shared):
    """A page of the journal."""

    KIND = "journal.entry"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="journal_entries"
    )
    written_on = models.DateField(_("day"))
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()
    seen_by = Rule(Own("owner", permission="journal.read_entry"))

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_token"], name="one_entry_for_one_form"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="entry_revisions_from_one"),
            models.CheckConstraint(
                condition=Q(written_on__gte=EARLIEST),
                name="entry_day_within_a_lifetime",
                violation_error_message=_("Choose a day in 1900 or later."),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-written_on", "-created_at", "-id"], name="entries_of_one_writer"),
            # Few at a time, and looked for each hour.
            models.Index(
                fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="entries_that_go"
            ),
            # Nobody reads a whole journal to learn that none of it is deleted.
            models.Index(
                fields=["owner", "deleted_at"],
                condition=Q(deleted_at__isnull=False),
                name="entries_of_one_writer_that_go",
            ),
        ]

    def __str__(self) -> str:
        return f"entry of {self.written_on}"

    def get_absolute_url(self) -> str:
        return reverse("journal:entry_detail", args=[self.pk])

    def editable_by(self, user: User) -> bool:
        """Its writer, who reads and deletes it still when no new word can be written (A6)."""
        return user.pk == self.owner_id and user.has_perm("journal.write_entry")

    def opened(self, *, by: User, key: PersonKey | None = None) -> Page:
        """The words. Raises PermissionDenied for anybody but a reader, Unreadable when they do not open."""
        self._allow(by)
        return self._unsealed(key)

    def opened_title(self, *, by: User, key: PersonKey | None = None) -> str | None:
        """The title alone, None when it does not open. Raises PermissionDenied for anybody but a reader."""
        self._allow(by)
        try:
            return self._unsealed_field("title", key or vault.key_for(self.owner_id))
        except Unreadable:
            return None

    @transaction.atomic
    def edit(
        self,
        *,
        by: User,
        revision: int,
        page: Page,
        on: date,
        now: datetime,
        client_token: uuid.UUID | None = None,
        seen: int | None = None,
    ) -> bool:
        """Keeps these words in place of that revision. False, and no change, when another save came first.

        `client_token` and `seen` name the draft of the form, which goes in the same breath (J4).

        Raises PermissionDenied for whoever left the house or deleted everything a moment ago (A6, A8).
        """
        if by.pk != self.owner_id:
            raise PermissionDenied
        by.hold_to("journal.write_entry")
        standing = Entry.objects.standing().filter(pk=self.pk, revision=revision)
        changes = self.sealed(page, revision=revision + 1)
        edited = bool(standing.update(written_on=on, edited_at=now, **changes))
        if edited and client_token:
            by.drafts.settle(client_token, seen=seen, page=page)
        return edited

    def _allow(self, by: User) -> None:
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
