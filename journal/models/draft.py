from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse

from accounts.vault import PersonKey, Unreadable
from accounts.who import Own, Rule
from journal.models.entry import Entry
from journal.models.open_form import OpenForm, goes_into
from journal.models.sealed_page import Page, SealedPage

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        """The writer's own, and nobody else's."""
        return Draft.seen_by.rows(self, user)

    def newest_first(self) -> DraftQuerySet:
        return self.order_by("-saved_at", "-pk")

    @transaction.atomic
    def keep(
        self,
        *,
        by: User,
        client_token: uuid.UUID,
        seen: int,
        page: Page,
        on: date | None,
        entry: Entry | None = None,
        entry_revision: int | None = None,
        now: datetime,
    ) -> Draft | None:
        """Saves what stands in a form. None where nothing is left to save: it is empty, or was kept by now.

        `seen` is the revision of the draft that the form last saw, 0 for none. Where another tab saved
        meanwhile, nothing is overwritten: these words go into a draft of their own, with whose token the
        form goes on. Raises PermissionDenied for whoever may not write, or no more (A6).
        """
        if entry is not None and entry.owner_id != by.pk:
            raise PermissionDenied
        by.hold_to("journal.write_entry")  # from here on the saves of one person take turns
        words = {"page": page, "on": on, "entry_revision": entry and max(entry_revision or 0, 1)}
        form = OpenForm.of(by, entry, client_token=client_token, **words)
        standing = Draft.objects.filter(owner=by, client_token=client_token).first()
        in_step = standing is not None and standing.revision == seen
        if form.is_empty:  # by mistake, perhaps: what stood there goes only when it is let go
            return standing
        if form.is_kept() or (standing and not in_step and standing.holds(page)):
            if standing and in_step:
                standing.delete()
            return None
        if standing and (in_step or standing.goes_into(page)):
            return standing.save_form(form, revision=standing.revision + 1, now=now)
        token = uuid.uuid4() if standing else client_token
        return Draft(owner_id=by.pk, client_token=token).save_form(form, revision=1, now=now)

    def settle(self, client_token: uuid.UUID, *, seen: int | None, page: Page) -> None:
        """The form with that token was kept. Its draft goes, unless another tab put more words into it."""
        for draft in self.filter(client_token=client_token):
            if draft.revision == seen or draft.goes_into(page):
                draft.delete()


class Draft(SealedPage):
    """What stands in one open form of the journal and is not kept yet (J4)."""

    KIND = "journal.draft"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)  # the form that it stands in
    # The page that it changes, and the revision that the writer saw of it; none for a new page.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    entry_revision = models.PositiveIntegerField(null=True, blank=True)
    written_on = models.DateField(null=True, blank=True)  # None where the day that was typed is none
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()
    seen_by = Rule(Own("owner", permission="journal.read_entry"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_token"], name="one_draft_for_one_form"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="draft_revisions_from_one"),
            models.CheckConstraint(
                condition=models.Q(entry=None, entry_revision=None)
                | models.Q(entry__isnull=False, entry_revision__gte=1),
                name="draft_of_a_page_names_its_revision",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-saved_at"], name="drafts_of_one_writer")]

    def __str__(self) -> str:
        return f"draft of {self.owner_id}"

    def get_absolute_url(self) -> str:
        """The form that it stands in, with these very words."""
        address = (
            reverse("journal:entry_edit", args=[self.entry_id])
            if self.entry_id
            else reverse("journal:entry_create")
        )
        return f"{address}?draft={self.pk}"

    def opened(self, *, by: User, key: PersonKey | None = None) -> Page:
        """The words. Raises PermissionDenied for anybody but the writer, Unreadable when they do not open."""
        self._allow(by)
        return self._unsealed(key)

    def opened_title(self, *, by: User, key: PersonKey | None = None) -> str | None:
        """The title alone, None when it does not open. Raises PermissionDenied for anybody but the writer."""
        self._allow(by)
        try:
            return self._unsealed_field("title", key) if key else self._unsealed().title
        except Unreadable:
            return None

    def let_go(self, *, by: User) -> None:
        """Deletes the row. Nothing of it stays, and the page that it would have changed is as it was."""
        self._allow(by)
        Draft.objects.filter(pk=self.pk).delete()

    def holds(self, page: Page) -> bool:
        """Whether these words stand here already: an older save of the same form was overtaken."""
        try:
            return goes_into(page, self._unsealed())
        except Unreadable:
            return False

    def goes_into(self, page: Page) -> bool:
        """Whether this page has all that stands here, so that nothing is lost when it takes its place."""
        try:
            return goes_into(self._unsealed(), page)
        except Unreadable:
            return False

    def save_form(self, form: OpenForm, *, revision: int, now: datetime) -> Draft:
        """Stores that revision. Call it under the writer's lock."""
        self.entry = form.entry if form.changes_a_page else None
        self.entry_revision = form.entry_revision if form.changes_a_page else None
        self.written_on, self.saved_at = form.on, now
        for column, value in self.sealed(form.page, revision=revision).items():
            setattr(self, column, value)
        self.save()
        return self

    def _allow(self, by: User) -> None:
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
