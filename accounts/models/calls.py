"""Who was called for a client who needs somebody, one after another, until one will go (K6, K7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.who import Through

if TYPE_CHECKING:
    from accounts.models.outreach import OutreachTask
    from accounts.models.user import User


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

    def note_seen(self, tasks: Iterable[OutreachTask], *, by: User, now: datetime) -> None:
        """Whoever was called has the task on the screen. No query for what was seen before."""
        unseen = [task.pk for task in tasks if getattr(task, "is_unseen_call", False)]
        if unseen:
            self.filter(task__in=unseen, clinician=by, seen_at=None).update(seen_at=now)


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
