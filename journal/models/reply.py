from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models

from accounts import vault
from accounts.vault import PersonKey, Unreadable
from accounts.who import Own, Rule
from journal.models.share import Share, readers

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A reply and its words; None when they cannot be opened."""

    reply: Reply
    text: str | None


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> ReplyQuerySet:
        """Those to one's own pages; a clinician's own, while the share stands (J3)."""
        return Reply.seen_by.rows(self, user)

    def unseen(self) -> ReplyQuerySet:
        """Not read by the writer of the page yet, and its page was not deleted; the newest first."""
        return self.filter(seen_at=None, share__entry__deleted_at=None).order_by("-written_at", "-pk")

    def in_order(self) -> ReplyQuerySet:
        return self.order_by("written_at", "pk")

    def opened(self, *, by: User) -> list[Answer]:
        """The words of these that `by` may read, in one query for the rows and one for the keys."""
        replies = list(self.visible_to(by).in_order().select_related("author"))
        keys = vault.keys_for(reply.client_id for reply in replies) if replies else {}
        return [Answer(reply, reply._text(keys[reply.client_id])) for reply in replies]

    def mark_seen(self, *, by: User, now: datetime) -> None:
        """The writer of the page has read them. The first time stays."""
        self.filter(client=by, seen_at=None).update(seen_at=now)


class Reply(models.Model):
    """What a clinician answers to a shared page, in their own words, sealed with the writer's key."""

    KIND = "journal.reply"
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

    @classmethod
    def sealed(cls, pk: uuid.UUID, text: str, key: PersonKey) -> bytes:
        """The column of the row with this key."""
        return key.seal(text, cls.KIND, pk, "text")

    def opened(self, *, by: User, key: PersonKey | None = None) -> str | None:
        """The words, None when they do not open. Raises PermissionDenied for anybody but a reader."""
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        return self._text(key or vault.key_for(self.client_id))

    def _text(self, key: PersonKey) -> str | None:
        try:
            return key.unseal(self.text_sealed, self.KIND, self.pk, "text")
        except Unreadable as error:
            logger.error("The text of %s %s does not open: %s", self.KIND, self.pk, error)
            return None
