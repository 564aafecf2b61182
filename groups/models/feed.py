from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User) -> CalendarFeedQuerySet:
        """One's own, and nobody else's."""
        return CalendarFeed.seen_by.rows(self, user)

    def standing(self) -> CalendarFeedQuerySet:
        return self.filter(revoked_at=None)


class CalendarFeed(models.Model):
    """A secret address at which a client's calendar finds their places (T10). Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    token_hash = models.BinaryField(max_length=32, unique=True)
    shows_detail = models.BooleanField(_("Show what each appointment is"), default=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(revoked_at=None), name="one_standing_feed_per_client"
            )
        ]

    def __str__(self) -> str:
        return f"feed of {self.client_id}"
