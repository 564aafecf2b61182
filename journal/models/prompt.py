from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Sets of questions, in the order in which they are offered: safety first (J6)."""

    GROUNDING = "grounding", _("Grounding")
    KINDNESS = "kindness", _("Kindness to oneself")
    SMALL_ACTS = "small_acts", _("Gratitude and small acts")
    CONNECTION = "connection", _("Connection")
    NARRATIVE = "narrative", _("One's own story")


class PromptQuerySet(models.QuerySet["Prompt"]):
    def offered(self) -> PromptQuerySet:
        return self.filter(retired_at=None).order_by("created_at", "pk")


class Prompt(models.Model):
    """A question to begin a page with. Clinicians write them; what was answered keeps its own copy."""

    LENGTH = 160  # characters

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=LENGTH)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # None for those that came with the product
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                condition=Q(retired_at=None),
                name="no_question_twice",
                violation_error_message=_("This question is offered already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="prompt_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.text
