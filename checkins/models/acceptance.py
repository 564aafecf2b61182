from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Own, Rule
from checkins.explanation import VERSION

if TYPE_CHECKING:
    from accounts.models import User


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def visible_to(self, user: User) -> AcceptanceQuerySet:
        return Acceptance.seen_by.rows(self, user)

    def accept(self, *, by: User, version: str | int, now: datetime) -> None:
        """Keeps that this person has read how check-ins are read. An older text is not taken for this one."""
        if str(version) == str(VERSION):
            self.get_or_create(client=by, version=VERSION, defaults={"at": now})

    def current(self) -> AcceptanceQuerySet:
        return self.filter(version=VERSION)

    def stands_for(self, client: User) -> bool:
        """Whether this person has accepted the text as it reads now."""
        return self.current().filter(client=client).exists()


class Acceptance(models.Model):
    """One client knows who reads check-ins, how often, and what they are not (K9)."""

    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_in_acceptances"
    )
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = AcceptanceQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "version"], name="explanation_accepted_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} accepted version {self.version}"
