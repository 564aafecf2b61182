from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def note(
        self, *, actor: User, subjects: Iterable[uuid.UUID], what: str, now: datetime | None = None
    ) -> None:
        """Records in one insert that `actor` looked at these people's rows; one's own are not noted (A5)."""
        at = now or timezone.now()
        AccessRecord.objects.bulk_create(
            AccessRecord(actor=actor, subject_id=subject, what=what, at=at)
            for subject in set(subjects)
            if subject != actor.pk
        )

    def visible_to(self, user: User) -> AccessRecordQuerySet:
        return AccessRecord.seen_by.rows(self, user)


class AccessRecord(models.Model):
    """Who looked at whom, and when: append-only, read by the person it is about (A5)."""

    class What(models.TextChoices):
        CHECK_IN = "check_in", _("read your check-ins")
        SHARE = "share", _("read a page that you shared")
        ATTENDANCE = "attendance", _("looked at your groups and attendance")
        PROFILE = "profile", _("looked at your page")
        EMERGENCY = "emergency", _("opened your page in an emergency")

    # A bare id from birth: the record outlives the account.
    subject_id = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField()

    objects = AccessRecordQuerySet.as_manager()
    seen_by = Rule(Own("subject_id"))

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-at"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.what} {self.subject_id}"
