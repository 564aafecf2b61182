from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.inviting.tokens import hashed, new_token
from accounts.roles import Role
from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User) -> CalendarFeedQuerySet:
        """One's own, and nobody else's."""
        return CalendarFeed.seen_by.rows(self, user)

    def standing(self) -> CalendarFeedQuerySet:
        return self.filter(revoked_at=None)

    def with_token(self, token: str) -> CalendarFeedQuerySet:
        """The feed at this address, of somebody who lives here: one query, whatever is wrong with it.

        Leaving and closing end the row itself; the account is asked as well, so that no way out that
        forgets to is a hole (T10).
        """
        here = Q(client__is_active=True, client__away_since=None, client__role=Role.CLIENT)
        return self.standing().filter(here, token_hash=hashed(token)).select_related("client")

    @transaction.atomic
    def renew(self, client: User, *, shows_detail: bool, now: datetime) -> tuple[CalendarFeed, str]:
        """A new address and its token, which is shown once. The one before stops working at this moment.

        More detail needs a new address as well: whoever has the old one was never meant to read it.
        Raises PermissionDenied for somebody whose stay has ended meanwhile (A6).
        """
        client.hold_to("groups.keep_feed")
        self.filter(client=client).end(now=now)
        token = new_token()
        made = self.create(client=client, token_hash=hashed(token), shows_detail=shows_detail, created_at=now)
        return made, token

    def end(self, *, now: datetime) -> None:
        """These addresses stop working, for good: no later stay brings one back. Twice is once."""
        self.standing().update(revoked_at=now)


class CalendarFeed(models.Model):
    """A secret address at which a client's calendar finds their places (T10). Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    token_hash = models.BinaryField(max_length=32, unique=True)
    shows_detail = models.BooleanField(_("Show what each appointment is"), default=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(revoked_at=None), name="one_standing_feed_per_client"
            )
        ]

    def __str__(self) -> str:
        return f"feed of {self.client_id}"


def address_of(token: str) -> str:
    """Where a calendar program finds it, whole: this is read by programs and people, not followed here."""
    return f"{settings.SITE_URL}{reverse('groups:calendar', args=[token])}"
