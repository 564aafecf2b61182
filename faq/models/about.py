from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from faq.models.writing import Writing


class AboutAPieceQuerySet(models.QuerySet[Any]):
    def of(self, piece: Writing) -> Self:
        return self.filter(**{piece.kind: piece})


class AboutAPiece(models.Model):
    """A row about one article or one question."""

    article = models.ForeignKey(
        "faq.Article", on_delete=models.CASCADE, null=True, editable=False, related_name="%(class)ss"
    )
    question = models.ForeignKey(
        "faq.Question", on_delete=models.CASCADE, null=True, editable=False, related_name="%(class)ss"
    )

    about_one: ClassVar = models.CheckConstraint(
        condition=Q(article__isnull=True) ^ Q(question__isnull=True), name="%(class)s_about_one_piece"
    )

    class Meta:
        abstract = True

    @property
    def piece_id(self) -> Any:
        return self.article_id or self.question_id

    @property
    def piece(self) -> Writing:
        piece = self.article or self.question
        assert piece, "the constraint about_one"  # noqa: S101
        return piece
