from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StayQuerySet(models.QuerySet["Stay"]):
    def current(self, on: date) -> StayQuerySet:
        """Stays that hold on that day, the day of discharge not included."""
        return self.filter(admitted_on__lte=on).filter(Q(discharged_on=None) | Q(discharged_on__gt=on))


class Stay(models.Model):
    """Admission to discharge; a person may have several."""

    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stays")
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"), null=True, blank=True)
    bed = models.CharField(_("bed"), max_length=40, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        ordering = ["-admitted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(discharged_on=None),
                name="one_open_stay_per_client",
                violation_error_message=_("This person has an open stay already."),
            ),
            models.CheckConstraint(
                condition=Q(discharged_on=None) | Q(discharged_on__gte=F("admitted_on")),
                name="discharge_after_admission",
                violation_error_message=_("The day of leaving comes before the day of arrival."),
            ),
        ]

    def __str__(self) -> str:
        return f"stay from {self.admitted_on}"

    def day_number(self, on: date) -> int:
        """1 on the day of arrival."""
        return (on - self.admitted_on).days + 1
