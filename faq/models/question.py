from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from faq.models.piece import Piece, PieceQuerySet

if TYPE_CHECKING:
    from faq.models.article import Article


class QuestionQuerySet(PieceQuerySet):
    def by_topic(self) -> QuestionQuerySet:
        return self.select_related("topic").order_by("topic__order", "topic__name", "order", "title")


class Question(Piece):
    shelf: ClassVar[str] = "questions"

    order = models.PositiveSmallIntegerField(
        _("place within its topic"), default=0, help_text=_("Small numbers come first.")
    )

    objects = QuestionQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of Piece

    class Meta(Piece.Meta):
        pass

    def get_absolute_url(self) -> str:
        return reverse("faq:question_detail", args=[self.slug])

    def read_more(self, now: datetime) -> models.QuerySet[Article]:
        """Published articles under which it stands."""
        return self.articles.public(now).newest().only("title", "slug")
