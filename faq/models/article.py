from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from faq.models.piece import Piece
from faq.models.question import COUNTED, Question
from faq.models.release import Release


class Article(Piece):
    shelf = "articles"
    kind: ClassVar[str] = "article"

    questions = models.ManyToManyField(
        Question, verbose_name=_("common questions under it"), related_name="articles", blank=True
    )
    related = models.ManyToManyField(
        "self", verbose_name=_("articles to read next"), symmetrical=False, related_name="+", blank=True
    )

    history = HistoricalRecords(excluded_fields=COUNTED)

    class Meta(Piece.Meta):
        pass

    def _beside(self, public: models.QuerySet[Release]) -> models.QuerySet[Release]:
        asked, related = self.questions.values("pk"), self.related.values("pk")
        return public.filter(question__in=asked).union(public.filter(article__in=related))
