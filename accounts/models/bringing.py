from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User


class BringingQuerySet(models.QuerySet["Bringing"]):
    def visible_to(self, user: User) -> BringingQuerySet:
        return Bringing.seen_by.rows(self, user)

    def bring(self, *, entry_id: uuid.UUID, session_id: uuid.UUID, by: User, now: datetime) -> None:
        """Twice is once. Call it in the transaction that found the page and the place, with `by` held."""
        own = {"owner_id": by.pk, "entry_id": entry_id, "session_id": session_id}
        self.get_or_create(**own, defaults={"made_at": now})


class Bringing(models.Model):
    """A reminder for oneself: a page of one's journal that one wants to bring to a session.

    It stands here because the journal and the groups do not know each other. It opens nothing to anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bringings")
    entry_id = models.UUIDField()
    session_id = models.UUIDField()
    made_at = models.DateTimeField()

    objects = BringingQuerySet.as_manager()
    seen_by = Rule(Own("owner"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "session_id", "entry_id"], name="one_page_brought_to_a_session_once"
            )
        ]

    def __str__(self) -> str:
        return f"page to bring to {self.session_id}"
