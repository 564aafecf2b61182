from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.inviting.tokens import hashed, new_token

if TYPE_CHECKING:
    from accounts.models import User


class HouseBoardQuerySet(models.QuerySet["HouseBoard"]):
    def standing(self) -> HouseBoardQuerySet:
        return self.filter(revoked_at=None)

    def with_token(self, token: str) -> HouseBoardQuerySet:
        return self.standing().filter(token_hash=hashed(token))


class HouseBoard(models.Model):
    """A secret address for a screen on a wall: today's sessions, and no names. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(_("where it hangs"), max_length=60)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = HouseBoardQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="board_revoked_by_someone",
            ),
            models.UniqueConstraint(
                Lower("label"),
                condition=Q(revoked_at=None),
                name="one_standing_board_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def open(self, *, by: User, now: datetime) -> str:
        """Keeps this new screen, and gives the token of its address, which is shown once."""
        token = new_token()
        self.token_hash, self.created_by, self.created_at = hashed(token), by, now
        with transaction.atomic():
            self.save(force_insert=True)
        return token

    def revoke(self, *, by: User, now: datetime) -> None:
        """The screen shows nothing from its next look on. Twice is once."""
        HouseBoard.objects.standing().filter(pk=self.pk).update(revoked_at=now, revoked_by=by)


def address_of(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('groups:house_board', args=[token])}"
