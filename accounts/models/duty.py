"""Who is on call, and when (K7)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User


class DutyQuerySet(models.QuerySet["DutyShift"]):
    def at(self, now: datetime) -> DutyQuerySet:
        """Shifts that run at this moment."""
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def people_at(self, now: datetime) -> list[User]:
        """Who is on call, whoever began first before the others."""
        from accounts.models.user import User

        here = User.objects.active().clinicians()
        rows = self.at(now).filter(clinician__in=here).select_related("clinician").order_by("starts_at", "pk")
        return list(dict.fromkeys(row.clinician for row in rows))


class DutyShift(models.Model):
    """One clinician is on call from one moment to another, half-open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duty_shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_ends_after_it_starts",
                violation_error_message=_("Duty has to end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["clinician", "starts_at"],
                name="one_duty_from_one_moment",
                violation_error_message=_("They are on duty from this time already."),
            ),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_by_its_end")]

    def __str__(self) -> str:
        return f"duty from {self.starts_at:%Y-%m-%d %H:%M}"
