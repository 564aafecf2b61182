from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from accounts.models import User
from accounts.models.care_team import care_team
from accounts.who import Own, Rule


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> MeasureQuerySet:
        return Measure.seen_by.rows(self, user)


class Measure(models.Model):
    """What one client answered to the Brief Addiction Monitor for one week, sealed. It is optional."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="measures")
    week = models.DateField()  # its Monday, by the client's own clock
    answers_sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "week"], name="one_measure_a_week")]

    def __str__(self) -> str:
        return f"measure of the week of {self.week}"
