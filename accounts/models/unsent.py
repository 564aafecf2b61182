from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User

KEPT_FOR = timedelta(days=7)


class UnsentQuerySet(models.QuerySet["Unsent"]):
    def visible_to(self, user: User) -> UnsentQuerySet:
        return Unsent.seen_by.rows(self, user)


class Unsent(models.Model):
    """A form that came when its writer was signed out already, or its page too old: sealed until they are
    back (J4). It did nothing yet."""

    KIND = "accounts.unsent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsent")
    path = models.CharField(max_length=200)  # where it was sent to; ids only, as all our addresses
    fields_sealed = models.BinaryField()
    received_at = models.DateTimeField()

    objects = UnsentQuerySet.as_manager()
    seen_by = Rule(Own("owner"))

    class Meta:
        verbose_name_plural = "unsent"
        indexes = [models.Index(fields=["owner", "-received_at"], name="unsent_of_one_writer")]

    def __str__(self) -> str:
        return f"unsent form of {self.owner_id}"
