from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """A web address that texts name, and whether it answered when a worker asked."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("not looked at yet")
        FINE = "fine", _("answers")
        MOVED = "moved", _("has moved")
        BROKEN = "broken", _("does not answer")

    url = models.TextField(unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP
    failures = models.PositiveSmallIntegerField(default=0)  # one after another
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["unknown", "fine", "moved", "broken"]), name="link_known_state"
            )
        ]

    def __str__(self) -> str:
        return self.url
