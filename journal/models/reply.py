from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Own, Rule
from journal.models.share import Share, readers

if TYPE_CHECKING:
    from accounts.models import User


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> ReplyQuerySet:
        """Those to one's own pages; a clinician's own, while the share stands (J3)."""
        return Reply.seen_by.rows(self, user)


class Reply(models.Model):
    """What a clinician answers to a shared page, in their own words, sealed with the writer's key."""

    LENGTH = 10_000  # characters

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="replies")
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)
    text_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)  # by the client

    objects = ReplyQuerySet.as_manager()
    seen_by = Rule(Own("client", permission="journal.read_entry"), readers("share"))

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["share", "client_token"], name="one_reply_for_one_form")
        ]

    def __str__(self) -> str:
        return f"reply to {self.share_id}"
