from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.vault import Unreadable
from journal.models.entry import Entry
from journal.models.sealed_page import Page

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, repr=False)
class OpenForm:
    """What stands in a form of the journal, and the page behind it: the one that it changes, or the one that
    was made of it meanwhile."""

    client_token: uuid.UUID
    page: Page
    on: date | None
    entry: Entry | None = None
    entry_revision: int | None = None  # None: the form made the page

    @classmethod
    def of(cls, owner: User, entry: Entry | None, *, client_token: uuid.UUID, **words: Any) -> OpenForm:
        """With the page as it stands now. Call it under the owner's lock."""
        own = Entry.objects.filter(owner=owner)
        by_token = {"client_token": client_token} if entry is None else {"pk": entry.pk}
        return cls(client_token=client_token, entry=own.filter(**by_token).first(), **words)

    @property
    def changes_a_page(self) -> bool:
        """Whether its words belong to a page that stands; else they begin a new one."""
        return bool(self.entry and self.entry_revision and not self.entry.deleted_at)

    @property
    def is_empty(self) -> bool:
        return not (self.page.title.strip() or self.page.text.strip())

    def is_kept(self) -> bool:
        """Whether nothing would be lost with this form: the page behind it says the same, or said so already
        when an older save came late. Any other word is kept, however soon after that page it comes."""
        if self.entry is None or self.on not in (None, self.entry.written_on):
            return False
        try:
            there = self.entry._unsealed()
        except Unreadable:
            return False
        if self._moved_on():
            return goes_into(self.page, there)
        return (self.page.title, self.page.text) == (there.title, there.text)

    def _moved_on(self) -> bool:
        return bool(self.entry and (self.entry.deleted_at or self.entry.revision != self.entry_revision))


def goes_into(part: Page, whole: Page) -> bool:
    """Whether all these words stand there too, perhaps with more behind them."""
    return part.title.strip() in ("", whole.title) and whole.text.startswith(part.text.rstrip())
