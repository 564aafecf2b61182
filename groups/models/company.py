"""How clients meet each other in the product: by their own choice, and kindly."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: User) -> CompanyQuerySet:
        return Company.seen_by.rows(self, user)


class Company(models.Model):
    """What one client chose to let co-members see and send. Without a row: nothing."""

    client = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="company"
    )
    shows_name_since = models.DateTimeField(null=True, blank=True)
    encouraged_since = models.DateTimeField(null=True, blank=True)

    objects = CompanyQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.CheckConstraint(  # who cannot be seen cannot be written to
                condition=Q(encouraged_since=None) | Q(shows_name_since__isnull=False),
                name="encouraged_by_name",
                violation_error_message=_("People need to see your name before they can send you something."),
            ),
        ]

    def __str__(self) -> str:
        return f"choice of {self.client_id}"


class EncouragementQuerySet(models.QuerySet["Encouragement"]):
    def visible_to(self, user: User) -> EncouragementQuerySet:
        """What one sent and what one received."""
        return Encouragement.seen_by.rows(self, user)


class Encouragement(models.Model):
    """One of a few kind sentences, from one client to another in a group that both are in. No free text."""

    class Sentence(models.TextChoices):
        GLAD = "glad", _("I was glad that you were there.")
        THINKING = "thinking", _("I am thinking of you today.")
        SAID = "said", _("What you said stayed with me.")
        COURAGE = "courage", _("That took courage.")
        ALONE = "alone", _("You are not alone in this.")
        BESIDE = "beside", _("Sit with me next time, if you like.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="encouragements"
    )
    group: models.ForeignKey[Group] = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, related_name="+"
    )
    sentence = models.CharField(max_length=10, choices=Sentence)
    day = models.DateField()  # of the program's zone
    sent_at = models.DateTimeField()

    objects = EncouragementQuerySet.as_manager()
    seen_by = Rule(Own("sender"), Own("recipient"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "recipient", "day"],
                name="one_encouragement_a_day_from_one_to_another",
                violation_error_message=_("You have sent them something today. Tomorrow you can again."),
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="encouragement_is_for_another"),
            models.CheckConstraint(
                condition=Q(sentence__in=["glad", "thinking", "said", "courage", "alone", "beside"]),
                name="known_encouragement",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "day"], name="encouragements_of_a_day")]

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.recipient_id}"
