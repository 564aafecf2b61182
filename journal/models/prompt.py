from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal import remembered

if TYPE_CHECKING:
    from accounts.models import User

ALREADY_OFFERED = _("This question is offered already.")
TOO_FEW = _("At least two questions stay in this set. Write another one first.")
NOT_OFFERED = _("Somebody changed this question, or took it out, since you opened it.")
STAYS_IN_ITS_SET = _(
    "This question is in another set, or was there in the last few days. Nobody should be asked the same "
    "thing two days in a row. Write it in other words, or add it here in three days."
)
# Longer than two days of anybody's calendar, wherever they are: see `journal.prompts.prompt_for`.
BETWEEN_SETS = timedelta(days=3)


class Kind(models.TextChoices):
    """Sets of questions, in the order in which they are offered: safety first (J6)."""

    GROUNDING = "grounding", _("Grounding")
    KINDNESS = "kindness", _("Kindness to oneself")
    SMALL_ACTS = "small_acts", _("Gratitude and small acts")
    CONNECTION = "connection", _("Connection")
    NARRATIVE = "narrative", _("One's own story")


# The first week asks from these alone, so that none of them may run dry (J6).
ALWAYS_SOME = {Kind.GROUNDING: 2, Kind.KINDNESS: 2}


class PromptQuerySet(models.QuerySet["Prompt"]):
    def offered(self) -> PromptQuerySet:
        return self.filter(retired_at=None).order_by("created_at", "pk")

    def earlier(self) -> PromptQuerySet:
        """Those that are not offered any more, the latest first."""
        return self.exclude(retired_at=None).order_by("-retired_at", "pk").select_related("changed_by")

    @transaction.atomic
    def write(self, *, by: User, kind: str, text: str, now: datetime) -> Prompt:
        """Offers a new question. Raises ValidationError for words that may not stand there."""
        self.held(by)
        return Prompt(kind=kind, text=text, created_at=now)._begin(by, now)

    def held(self, by: User) -> None:
        """One change after the other: each sees what stands when its turn comes."""
        by.hold_to("journal.write_prompts")
        list(Prompt.objects.order_by("pk").select_for_update().values_list("pk"))


class Prompt(models.Model):
    """A question to begin a page with. Clinicians write them; what was answered keeps its own copy.

    The words and the set of a row never change: a page that is being written names the row whose words its
    writer saw. Other words are a row of their own, in the same place.
    """

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
                violation_error_message=ALREADY_OFFERED,
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="prompt_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_offered(self) -> bool:
        return self.retired_at is None

    @transaction.atomic
    def reword(self, text: str, *, by: User, now: datetime) -> Prompt:
        """The question with other words, in the same place of its set; twice is once.

        Raises ValidationError for words that may not stand there, and when somebody was faster.
        """
        Prompt.objects.held(by)
        if text == self.text and Prompt.objects.offered().filter(pk=self.pk).exists():
            return self
        gone = Prompt.objects.offered().filter(pk=self.pk)
        if not gone.update(retired_at=now, changed_at=now, changed_by=by):
            raise ValidationError(NOT_OFFERED)
        return Prompt(kind=self.kind, text=text, created_at=self.created_at)._begin(by, now)

    @transaction.atomic
    def retire(self, *, by: User, now: datetime) -> None:
        """Nobody is asked any more; twice is once. Raises ValidationError where too few are left (J6)."""
        Prompt.objects.held(by)
        offered = Prompt.objects.offered()
        rest = offered.filter(kind=self.kind).exclude(pk=self.pk)
        if rest.count() < ALWAYS_SOME.get(Kind(self.kind), 0):
            raise ValidationError(TOO_FEW)
        offered.filter(pk=self.pk).update(retired_at=now, changed_at=now, changed_by=by)
        remembered.forget()

    @transaction.atomic
    def bring_back(self, *, by: User, now: datetime) -> None:
        """Offers it again; twice is once. Raises ValidationError where the same words stand by now."""
        Prompt.objects.held(by)
        retired = Prompt.objects.earlier().filter(pk=self.pk)
        if not retired.exists():
            return
        self.check_words(now)
        Prompt.objects.filter(pk=self.pk).update(retired_at=None, changed_at=now, changed_by=by)
        remembered.forget()

    def _begin(self, by: User, now: datetime) -> Prompt:
        self.changed_at, self.changed_by = now, by
        self.check_words(now)
        self.save(force_insert=True)
        remembered.forget()
        return self

    def check_words(self, now: datetime) -> None:
        """Raises ValidationError where these words are offered, or were in another set a moment ago."""
        lately = Q(retired_at=None) | Q(retired_at__gt=now - BETWEEN_SETS)
        for other in Prompt.objects.filter(lately).exclude(pk=self.pk):
            if plain(other.text) == plain(self.text):
                if other.kind != self.kind:
                    raise ValidationError({"text": STAYS_IN_ITS_SET})
                if other.is_offered:
                    raise ValidationError({"text": ALREADY_OFFERED})


def plain(text: str) -> str:
    """The words alone: a capital letter, a space or a full stop makes no other question."""
    return " ".join("".join(one if one.isalnum() else " " for one in text.casefold()).split())
