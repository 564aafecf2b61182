from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SkippedDate(models.Model):
    """A local day of a series' rule on which it has no session.

    Somebody chose that (C4), or, while nobody is named, the nightly layout found the room or a person
    taken and asks for a decision; it tries again each night until there is one.
    """

    series = models.ForeignKey("groups.Series", on_delete=models.CASCADE, related_name="skipped")
    day = models.DateField()
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "day"],
                name="date_of_a_series_skipped_once",
                violation_error_message=_("This day is skipped already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id} skips {self.day}"

    def leave_out(self, *, by: User, now: datetime) -> None:
        """There will be no session on this day. What somebody decided before stays theirs."""
        rows = SkippedDate.objects.filter(pk=self.pk, skipped_by=None)
        rows.update(skipped_by=by, at=now)
        self.refresh_from_db()
