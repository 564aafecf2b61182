"""Who would like to come to a closed group (B6)."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups import notices
from groups.models.facilitator import leads_group
from groups.refusals import AnsweredAlready, MemberAlready

if TYPE_CHECKING:
    from groups.models.group import Group


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def visible_to(self, user: User) -> JoinRequestQuerySet:
        """One's own; those for groups one leads; those of the clients one cares for."""
        return JoinRequest.seen_by.rows(self, user)

    def open(self) -> JoinRequestQuerySet:
        return self.filter(answer="")

    def lay_down(self, client: User, *, by: User, now: datetime) -> None:
        """Nobody has to answer any more: the client leaves the house (A6)."""
        taken_back = {"answer": JoinRequest.Answer.TAKEN_BACK, "answered_by": by, "answered_at": now}
        self.open().filter(client=client).update(**taken_back)


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

    def welcome(self, *, starts_on: date, ends_on: date | None = None, by: User, now: datetime) -> None:
        """They are a member from that day on. Twice is once.

        Raises AnsweredAlready where the answer was another one, and what `Group.add_member` raises.
        """
        with transaction.atomic():
            if self._take(self.Answer.WELCOME, by, now):
                with suppress(MemberAlready):  # a colleague added them meanwhile: that is the answer
                    self.group.admit(self.client, starts_on=starts_on, ends_on=ends_on, by=by, now=now)
        self.group.expect_members(now)

    @transaction.atomic
    def refuse(self, *, by: User, now: datetime) -> None:
        """Not now; they can ask again. Twice is once. Raises AnsweredAlready."""
        if self._take(self.Answer.NOT_NOW, by, now):
            notices.post_not_now(self, now)

    @transaction.atomic
    def take_back(self, *, by: User, now: datetime) -> None:
        """By whoever asked. Twice is once. Raises AnsweredAlready."""
        if self._take(self.Answer.TAKEN_BACK, by, now):
            notices.members.hide_request(self)

    def _take(self, answer: str, by: User, now: datetime) -> bool:
        """Writes the answer while the client is held. False when it is this one already."""
        User.objects.hold([self.client_id])
        self.refresh_from_db(fields=["answer", "answered_by", "answered_at"])
        if self.answer == answer:
            return False
        if self.answer:
            raise AnsweredAlready
        self.answer, self.answered_by, self.answered_at = answer, by, now
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        return True
