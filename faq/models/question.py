from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from faq.models.order import move
from faq.models.piece import Piece
from faq.models.writing import PieceQuerySet

COUNTED = ["words", "search_title", "search_text"]  # they follow from the text


class QuestionQuerySet(PieceQuerySet):
    def by_topic(self) -> QuestionQuerySet:
        return self.select_related("topic").order_by("topic__order", "topic__name", "order", "title")


class Question(Piece):
    shelf = "questions"
    kind: ClassVar[str] = "question"

    order = models.PositiveSmallIntegerField(
        _("place within its topic"), default=0, help_text=_("Small numbers come first.")
    )

    objects = QuestionQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of Piece
    history = HistoricalRecords(excluded_fields=COUNTED)

    class Meta(Piece.Meta):
        pass

    def put(self, order: int | None) -> None:
        """At this place of its topic, or at the last one. Call it under the lock of the edition."""
        rows = Question.objects.filter(topic=self.topic_id)
        if order is None:
            last = rows.exclude(pk=self.pk).aggregate(last=models.Max("order"))["last"]
            order = 0 if last is None else min(last + 1, 32_767)
        rows.filter(pk=self.pk).update(order=order)
        self.order = order

    def move(self, to: str) -> None:
        move(Question.objects.filter(topic=self.topic_id).order_by("order", "title", "id"), self.pk, to)
