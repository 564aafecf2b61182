"""What readers tell us (F3): nothing of who they are, no address, no time but the day."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from faq.models.about import AboutAPiece, AboutAPieceQuerySet

if TYPE_CHECKING:
    from faq.models.writing import Writing

MOST_A_DAY = 200  # for one text, so that nobody floods the desk
WORDS_KEPT = timedelta(days=365)
READINGS_KEPT = timedelta(days=2 * 365)


class Reason(models.TextChoices):
    CLEAR = "clear", _("It was easy to understand")
    ANSWERED = "answered", _("It answered my question")
    LESS_ALONE = "less_alone", _("I feel less alone with it")
    HARD = "hard", _("It was hard to understand")
    NOT_ANSWERED = "not_answered", _("It did not answer my question")
    NOT_FOR_ME = "not_for_me", _("It is not about people like me")
    WRONG = "wrong", _("Something in it is wrong or old")
    OTHER = "other", _("Something else")


REASONS = {True: ("clear", "answered", "less_alone"), False: ("hard", "not_answered", "not_for_me", "wrong")}


class FeedbackQuerySet(AboutAPieceQuerySet):
    def tell(self, piece: Writing, *, helpful: bool, today: date) -> uuid.UUID:
        """The number of what was told; beyond so many a day that of nothing, and the thanks are the same."""
        if self.of(piece).filter(day=today).count() >= MOST_A_DAY:
            return uuid.uuid4()
        row: Feedback = self.create(**{piece.kind: piece}, helpful=helpful, day=today)
        return row.pk

    def open(self, today: date) -> Self:
        """Those to which a reason can still be added, once and on the same day."""
        return self.filter(day=today, reason="", words="")

    def told(self) -> Self:
        """Words and reasons that no editor has seen yet, the newest first."""
        rows = self.exclude(reason="", words="").filter(read_at=None)
        return rows.select_related("article", "question").order_by("-day", "-id")

    def by_text(self) -> models.QuerySet[Feedback, dict[str, object]]:
        """Of each text how often it helped and how often it did not, those that failed most first."""
        rows = self.values("article", "question", "article__title", "question__title")
        counted = rows.annotate(
            yes=Count("id", filter=Q(helpful=True)), no=Count("id", filter=Q(helpful=False))
        )
        return counted.order_by("-no", "-yes", "article__title", "question__title")

    def forget(self, today: date) -> None:
        """Words after a year; that a text helped or not is told by nobody and stays."""
        self.filter(day__lt=today - WORDS_KEPT).exclude(words="").update(words="")


class Feedback(AboutAPiece):
    """Whether a text helped, and why, as a reader said it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    helpful = models.BooleanField()
    reason = models.CharField(_("why"), max_length=20, blank=True)
    words = models.TextField(_("in your own words"), max_length=500, blank=True)
    day = models.DateField()
    read_at = models.DateTimeField(null=True, editable=False)  # by an editor

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [AboutAPiece.about_one]
        indexes = [models.Index(fields=["-day", "-id"], name="feedback_newest")]

    def __str__(self) -> str:
        return str(_("Helpful") if self.helpful else _("Not helpful"))

    @property
    def why(self) -> str:
        return str(Reason(self.reason).label) if self.reason in Reason.values else ""

    def say(self, *, reason: str, words: str, today: date) -> None:
        """Once: a second time changes nothing."""
        Feedback.objects.open(today).filter(pk=self.pk).update(reason=reason, words=words)

    def erase(self, *, now: datetime) -> None:
        Feedback.objects.filter(pk=self.pk).update(words="", read_at=now)

    def seen(self, *, now: datetime) -> None:
        Feedback.objects.filter(pk=self.pk, read_at=None).update(read_at=now)


class ReadingQuerySet(AboutAPieceQuerySet):
    def add(self, piece: Writing, number: int, day: date) -> None:
        row, _new = self.of(piece).get_or_create(day=day, defaults={piece.kind: piece})
        self.filter(pk=row.pk).update(count=F("count") + number)

    def most(self, since: date) -> models.QuerySet[Reading, dict[str, object]]:
        rows = self.filter(day__gte=since).values("article", "question", "article__title", "question__title")
        return rows.annotate(total=Sum("count")).order_by("-total", "article__title", "question__title")

    def forget(self, today: date) -> None:
        self.filter(day__lt=today - READINGS_KEPT).delete()


class Reading(AboutAPiece):
    """How often a text was opened on one day, by whomever."""

    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            AboutAPiece.about_one,
            models.UniqueConstraint(fields=["article", "day"], name="reading_article_once_a_day"),
            models.UniqueConstraint(fields=["question", "day"], name="reading_question_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
