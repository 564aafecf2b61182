from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import vault
from accounts.models.access import AccessRecord
from accounts.models.audit import AuditEvent
from accounts.models.care_team import care_team
from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User
    from accounts.models.user_queries import UserQuerySet

logger = logging.getLogger(__name__)


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def visible_to(self, user: User) -> EmergencyAccessQuerySet:
        return EmergencyAccess.seen_by.rows(self, user)

    def open(self, now: datetime) -> EmergencyAccessQuerySet:
        return self.filter(began_at__lte=now, ends_at__gt=now)

    def held_by(self, clinician: User, now: datetime) -> EmergencyAccessQuerySet:
        """Those that this clinician began and that have not run out."""
        return self.open(now).filter(clinician=clinician)

    def reach_of(self, clinician: User, now: datetime) -> UserQuerySet:
        """Whose page this person could open in an emergency: those in the house who are not their own."""
        from accounts.models.user import User as Person

        if not clinician.has_perm("accounts.open_in_emergency"):
            return Person.objects.none()
        own = Person.objects.cared_for_by(clinician)
        return Person.objects.in_house(timezone.localdate(now)).exclude(pk__in=own.values("pk"))

    def opened_to(self, clinician: User, now: datetime) -> UserQuerySet:
        """Whose page is open to this clinician because of an emergency, at this moment."""
        return self.reach_of(clinician, now).filter(pk__in=self.held_by(clinician, now).values("client"))

    @transaction.atomic
    def begin(self, *, client: User, by: User, reason: str, now: datetime) -> EmergencyAccess:
        """Opens the page, notes it everywhere and tells everybody. A second click finds the first.

        The client is held before the staff, as in every act on both, so that none blocks another. Raises
        PermissionDenied where the permission went since the request began.
        """
        client.lock()
        by.hold_to("accounts.open_in_emergency")
        if standing := self.held_by(by, now).filter(client=client).first():
            return standing
        access = EmergencyAccess(client=client, clinician=by, began_at=now)
        access.ends_at = now + timedelta(hours=settings.EMERGENCY_ACCESS_HOURS)
        access.reason_sealed = vault.key_to_seal(client.pk).seal(reason, *access._about)
        access.save(force_insert=True)
        access._tell(now)
        return access

    def done(self, *, client: User, by: User, now: datetime) -> None:
        """Ends the hour early, for whoever has seen what they came for. Twice is once."""
        self.held_by(by, now).filter(client=client, began_at__lt=now).update(ends_at=now)

    def read(self, *, by: User) -> list[EmergencyAccess]:
        """What `by` may read of these, newest first, each with its `reason`, None where it does not open."""
        rows = list(self.visible_to(by).select_related("clinician").order_by("-began_at"))
        keys = vault.keys_for({row.client_id for row in rows}) if rows else {}
        for row in rows:
            row.reason = row._unsealed(keys[row.client_id])
        return rows


class EmergencyAccess(models.Model):
    """Break-glass: a clinician from outside the care team opened a client's page for a short time (A10)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="emergencies")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason_sealed = models.BinaryField()  # with the client's key
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    reason: str | None  # said by `read`

    objects = EmergencyAccessQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"))

    class Meta:
        verbose_name_plural = "emergency accesses"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("began_at")), name="emergency_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician_id} in an emergency of {self.client_id}"

    @property
    def _about(self) -> tuple[object, ...]:
        return "accounts.emergency", self.pk, "reason"

    def _unsealed(self, key: vault.PersonKey) -> str | None:
        try:
            return key.unseal(bytes(self.reason_sealed), *self._about)
        except vault.Unreadable:
            logger.error("the reason of emergency access %s cannot be opened", self.pk)
            return None

    def _tell(self, now: datetime) -> None:
        from accounts.notices import post_emergency

        what, act = AccessRecord.What.EMERGENCY, AuditEvent.Act.EMERGENCY
        AccessRecord.objects.note(actor=self.clinician, subjects=[self.client_id], what=what, now=now)
        AuditEvent.objects.record(act, by=self.clinician, about=self.client, now=now)
        post_emergency(self, now)
