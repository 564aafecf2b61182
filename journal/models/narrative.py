from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q

from accounts.models import CareTeamMember
from accounts.models.care_team import care_team
from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User


class NarrativeQuerySet(models.QuerySet["Narrative"]):
    def visible_to(self, user: User) -> NarrativeQuerySet:
        return Narrative.seen_by.rows(self, user)

    def standing(self) -> NarrativeQuerySet:
        return self.filter(ended_at=None)

    @transaction.atomic
    def begin(self, *, client: User, by: User, now: datetime) -> Narrative:
        """Offers questions about one's own story to this client, and tells them; twice is once (J6).

        Raises PermissionDenied for anybody but a clinician who cares for them now, and where they left.
        """
        from journal.notices import tell_narrative

        client.hold_to("journal.write_entry")
        team = CareTeamMember.objects.standing().filter(client=client.pk, clinician=by.pk)
        if not by.is_clinician_under_lock() or not team.exists():
            raise PermissionDenied
        row, is_new = Narrative.objects.standing().get_or_create(
            client_id=client.pk, defaults={"begun_by_id": by.pk, "begun_at": now}
        )
        if is_new:
            tell_narrative(row, client, now)
        return row

    def end_all(self, client: User, *, by: User, now: datetime) -> None:
        """With the stay (A6)."""
        self.standing().filter(client=client.pk).update(ended_at=now, ended_by=by.pk)


class Narrative(models.Model):
    """Questions about one's own story are offered to this client: their clinician turned them on (J6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="narratives")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NarrativeQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at=None), name="questions_about_the_past_on_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="narrative_ended_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"questions about the past for {self.client_id}"

    def end(self, *, by: User, now: datetime) -> None:
        """Twice is once, and the first one stays. Raises PermissionDenied for whoever may not see it."""
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        standing = Narrative.objects.standing().filter(pk=self.pk)
        standing.update(ended_at=now, ended_by=by.pk)
