"""Who belongs to a closed group, from when to when, and who would like to (B6)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups.models.facilitator import leads_group

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> MembershipQuerySet:
        """One's own; those of groups one leads; those of the clients one cares for."""
        return Membership.seen_by.rows(self, user)

    def open(self) -> MembershipQuerySet:
        """Not ended by anybody; the last day may be over all the same."""
        return self.filter(ended_at=None)

    def on(self, day: date) -> MembershipQuerySet:
        """Those that hold on that day, first and last day included."""
        holds = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.open().filter(holds, starts_on__lte=day)


class Membership(models.Model):
    """A client's time in a closed group. Members have a place in each of its sessions (B6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group: models.ForeignKey[Group] = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, related_name="memberships"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads_group("group"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client"],
                condition=Q(ended_at=None),
                name="one_open_membership_per_client_and_group",
                violation_error_message=_("This person is a member already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="membership_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} from {self.starts_on}"


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def visible_to(self, user: User) -> JoinRequestQuerySet:
        """One's own; those for groups one leads; those of the clients one cares for."""
        return JoinRequest.seen_by.rows(self, user)

    def open(self) -> JoinRequestQuerySet:
        return self.filter(answer="")


class JoinRequest(models.Model):
    """A client would like to become a member of a closed group (B6)."""

    class Answer(models.TextChoices):
        WELCOME = "welcome", _("Welcome")
        NOT_NOW = "not_now", _("Not now")
        TAKEN_BACK = "taken_back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group: models.ForeignKey[Group] = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, related_name="join_requests"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads_group("group"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client"],
                condition=Q(answer=""),
                name="one_open_join_request_per_client_and_group",
                violation_error_message=_("You have asked already."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (
                    Q(answer__in=["welcome", "not_now", "taken_back"])
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="join_request_is_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} asked at {self.asked_at:%Y-%m-%d %H:%M}"
