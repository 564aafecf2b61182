from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models.user import User


class InvitationSpent(Exception):
    """Used, expired, revoked or unknown: nobody is told which (A1)."""


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def issue(self, *, role: str, by: User | None, now: datetime) -> tuple[Invitation, str]:
        """A new invitation and its token, which is shown once and stored only as a hash."""
        token = secrets.token_urlsafe(32)
        ends = now + timedelta(days=settings.INVITATION_DAYS)
        made = self.create(role=role, issued_by=by, token_hash=_hashed(token), issued_at=now, expires_at=ends)
        return made, token

    def open(self, now: datetime) -> InvitationQuerySet:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=_hashed(token))


class Invitation(models.Model):
    """Lets one person make one account, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=10, choices=Role)
    token_hash = models.BinaryField(max_length=32, unique=True, null=True)  # None until a card is approved
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations_issued"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What staff call the person until there is an account; emptied when it is used.
    label = models.CharField(max_length=60, blank=True)
    client_token = models.UUIDField(unique=True, null=True)
    # A new card for somebody who has an account: asked for by one member of staff, approved by another.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sign_in_cards"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="invitation_for_known_role",
                violation_error_message=_("Choose a role."),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("issued_by")),
                name="card_approved_by_another",
                violation_error_message=_("Somebody else has to approve this card."),
            ),
            models.CheckConstraint(
                condition=models.Q(person=None)
                | ~models.Q(person=models.F("issued_by"))
                & (models.Q(approved_by=None) | ~models.Q(person=models.F("approved_by"))),
                name="no_card_for_oneself",
                violation_error_message=_("Nobody makes a card for themselves."),
            ),
            models.CheckConstraint(
                condition=models.Q(person=None, approved_by=None, approved_at=None)
                | models.Q(
                    person__isnull=False, approved_by=None, approved_at=None, token_hash=None, used_at=None
                )
                | models.Q(person__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="card_without_approval_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation for a {self.role}"

    @transaction.atomic
    def accept(self, person: User, *, now: datetime) -> None:
        """Saves `person` with the role that was bound here. Raises InvitationSpent when another was first."""
        if not Invitation.objects.open(now).filter(pk=self.pk).update(used_at=now):
            raise InvitationSpent
        person.role = self.role
        person.save()
        Invitation.objects.filter(pk=self.pk).update(used_by=person)
