"""Who was called for a client who needs somebody, one after another, until one will go (K6, K7)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.who import Through


def called(field: str) -> Through:
    """Whoever was called for a task that still waits. Who takes it keeps it (`taken_by`)."""
    return Through(
        field,
        lambda: OutreachCall.objects.standing(),
        near="task",
        far="clinician",
        role=Role.CLINICIAN,
        mine=_("whoever was called"),
        theirs=_("whoever was called"),
    )


class OutreachCallQuerySet(models.QuerySet["OutreachCall"]):
    def standing(self) -> OutreachCallQuerySet:
        return self.filter(task__closed_at=None, task__taken_at=None)


class OutreachCall(models.Model):
    """One clinician who was called, once in each step. The client reads it with the task."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey("accounts.OutreachTask", on_delete=models.CASCADE, related_name="calls")
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="outreach_calls"
    )
    step = models.PositiveSmallIntegerField()
    called_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = OutreachCallQuerySet.as_manager()

    class Meta:
        ordering = ["step", "called_at"]
        constraints = [
            models.UniqueConstraint(fields=["task", "step", "clinician"], name="called_once_in_a_step")
        ]

    def __str__(self) -> str:
        return f"call {self.step}"
