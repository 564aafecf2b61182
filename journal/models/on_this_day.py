from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User


class OnThisDayQuerySet(models.QuerySet["OnThisDay"]):
    def visible_to(self, user: User) -> OnThisDayQuerySet:
        return OnThisDay.seen_by.rows(self, user)

    @transaction.atomic
    def turn_on(self, *, by: User, now: datetime) -> None:
        """Twice is once. Raises PermissionDenied for whoever deleted everything a moment ago (A8)."""
        by.hold_to("journal.read_entry")
        self.get_or_create(owner_id=by.pk, defaults={"since": now})

    def turn_off(self, *, by: User) -> None:
        self.filter(owner_id=by.pk).delete()


class OnThisDay(models.Model):
    """Whose earlier pages of the same day may come up by themselves: those who have a row asked for it."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="on_this_day"
    )
    since = models.DateTimeField()

    objects = OnThisDayQuerySet.as_manager()
    seen_by = Rule(Own("owner", permission="journal.read_entry"))

    class Meta:
        verbose_name_plural = "on this day"

    def __str__(self) -> str:
        return f"on this day for {self.owner_id}"
