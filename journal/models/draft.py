from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Own, Rule
from journal.models.entry import Entry
from journal.models.sealed_page import SealedPage

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        """The writer's own, and nobody else's."""
        return Draft.seen_by.rows(self, user)

    def newest_first(self) -> DraftQuerySet:
        return self.order_by("-saved_at", "-pk")


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
