from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """Days on which the house rests, both included. It deletes nothing: each session is decided on (T9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["first", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="holiday_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.UniqueConstraint(
                fields=["name", "first"],
                name="one_holiday_of_a_name_and_day",
                violation_error_message=_("This holiday stands here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeptOnHoliday(models.Model):
    """Somebody decided that this session takes place although it is a holiday."""

    holiday = models.ForeignKey(Holiday, on_delete=models.CASCADE, related_name="kept")
    session = models.ForeignKey("groups.Session", on_delete=models.CASCADE, related_name="kept_on")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holiday", "session"], name="session_kept_once_on_a_holiday")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} takes place"
