from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def standing(self) -> CareTeamQuerySet:
        return self.filter(ended_at=None)


class CareTeamMember(models.Model):
    """A clinician who cares for a client, from a start to an end."""

    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="care_team_rows"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="client_rows"
    )
    is_primary = models.BooleanField(_("primary"), default=False)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "clinician"],
                condition=Q(ended_at=None),
                name="once_on_a_care_team",
                violation_error_message=_("This clinician is on the care team already."),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(ended_at=None, is_primary=True),
                name="one_primary_clinician",
                violation_error_message=_("This client has a primary clinician already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician_id} for {self.client_id}"
