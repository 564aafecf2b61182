"""Changes of the plan, each with what stood before, so that the last one can be undone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far an edit reaches (T7)."""

    THIS = "this", _("Only this session")
    FOLLOWING = "following", _("This session and all that follow")
    ALL = "all", _("All sessions that are ahead")


class Edit(models.Model):
    """One change to a session or its series. `before` holds ids, days and times, and nobody's words."""

    Scope = Scope

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=10, choices=Scope)
    series = models.ForeignKey(
        "groups.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="edits"
    )
    session = models.ForeignKey(
        "groups.Session", on_delete=models.PROTECT, null=True, blank=True, related_name="edits"
    )
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="known_scope_of_edit"),
            models.CheckConstraint(
                condition=Q(series__isnull=False) | Q(session__isnull=False), name="edit_of_something"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="edit_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} on {self.edited_at:%Y-%m-%d}"
