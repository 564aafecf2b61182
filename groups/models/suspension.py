from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from groups.models.resting import Lifting


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def standing(self) -> SuspensionQuerySet:
        return self.filter(lifted_at=None)


class Suspension(Lifting, models.Model):
    """A series rests from one local day to another, both included (T9).

    Its sessions keep their rows, rooms and people, so that resuming always works; they point here meanwhile.
    Those that came and went in these days point here for good: they were no sessions to be attended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey("groups.Series", on_delete=models.PROTECT, related_name="suspensions")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="suspension_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="suspension_lifted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} rests from {self.first} to {self.last}"

    @property
    def first_words(self) -> str:
        return date_format(self.first, "l, j F")

    @property
    def last_words(self) -> str:
        return date_format(self.last, "l, j F")

    def is_over(self, now: datetime) -> bool:
        return self.last < timezone.localdate(now)
