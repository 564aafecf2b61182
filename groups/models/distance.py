"""Somebody would rather not be seen or written to by one other person. The other one is told nothing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group


class DistanceQuerySet(models.QuerySet["Distance"]):
    def visible_to(self, user: User) -> DistanceQuerySet:
        """Those that one keeps, never those that others keep from one."""
        return Distance.seen_by.rows(self, user)

    def keep(self, client: User, *, other: User, group: Group | None = None, now: datetime) -> None:
        """Chosen where one read the other's name in this group. Twice is once."""
        self.get_or_create(client=client, other=other, defaults={"since": now, "group": group})

    def of(self, person: User) -> DistanceQuerySet:
        """Both directions."""
        return self.filter(Q(client=person) | Q(other=person))


def between(person: User, column: str) -> Exists:
    """Whether this person and the one in that column are apart, whoever of them chose it."""
    other = OuterRef(column)
    return Exists(Distance.objects.filter(Q(client=person, other=other) | Q(client=other, other=person)))


class Distance(models.Model):
    """Neither reads the name of the other, and neither can send the other a kind sentence.

    It outlasts a stay: whoever comes back finds it as it was. One's own list of these says in which group it
    was chosen and when, never the name: a hidden person would be watched there by whoever hides from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="distances")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group: models.ForeignKey[Group | None] = models.ForeignKey(
        "groups.Group", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField()

    objects = DistanceQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "other"],
                name="one_distance_from_one_to_another",
                violation_error_message=_("You keep apart from them already."),
            ),
            models.CheckConstraint(condition=~Q(client=F("other")), name="distance_is_from_another"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} from {self.other_id}"
