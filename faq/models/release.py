from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from faq.models.about import AboutAPiece
from faq.models.text import Text, TextQuerySet
from faq.search_index import holds

if TYPE_CHECKING:
    from faq.models.writing import Writing
    from faq.search.asked import Asked


FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class ReleaseQuerySet(TextQuerySet):
    def of(self, piece: Writing) -> Self:
        return self.filter(**{piece.kind: piece})

    def public(self, now: datetime) -> Self:
        """What anybody may read (F1)."""
        return self.filter(public_from__lte=now).unended(now)

    def unended(self, now: datetime) -> Self:
        """What the public reads or will read."""
        return self.filter(Q(public_until__isnull=True) | Q(public_until__gt=now))

    def scheduled(self, now: datetime) -> Self:
        return self.filter(public_from__gt=now)

    def give_way(self, at: datetime) -> None:
        """To the release that takes its place from `at` on."""
        cut = self.filter(Q(public_until__isnull=True) | Q(public_until__gt=at))
        cut.update(public_until=at, own_until=Coalesce("public_until", Value(FOREVER)))

    def go_on(self, at: datetime) -> None:
        """As if nothing had been planned to take its place at `at`."""
        own = Case(When(own_until=FOREVER, then=Value(None)), default=F("own_until"))
        self.filter(public_until=at, own_until__isnull=False).update(public_until=own, own_until=None)

    def articles(self) -> Self:
        return self.filter(article__isnull=False)

    def questions(self) -> Self:
        return self.filter(question__isnull=False)

    def on(self, shelf: str) -> Self:
        return self.articles() if shelf == "articles" else self.questions()

    def newest(self) -> Self:
        return self.order_by("-published_at", "-id")

    def older_than(self, release: Release) -> Self:
        """The part of `newest()` that follows this row."""
        return self.filter(
            Q(published_at__lt=release.published_at) | Q(published_at=release.published_at, id__lt=release.pk)
        )

    def fitting(self, column: str, expression: str) -> Self:
        """Rows whose title, or whole text, fits an expression of the search."""
        return self.filter(holds(column, expression))

    def holding(self, asked: Asked) -> Self:
        return self.fitting("text", asked.expression(every=True))

    def by_topic(self) -> Self:
        """Questions in the order that the desk gave them."""
        return self.select_related("topic").order_by(
            "topic__order", "topic__name", "question__order", "title"
        )


class Release(AboutAPiece, Text):
    """A text as the public reads it, and from when until when (UTC, half-open).

    Every public page reads releases and nothing else, so that no draft can be on one.
    """

    read = (*Text.read, "article", "question", "published_at", "public_from")

    place: int  # of a question among those of its topic, where a query asks for it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(editable=False)
    asked = models.ManyToManyField("faq.Question", related_name="asked_under", editable=False)
    related = models.ManyToManyField("faq.Article", related_name="related_from", editable=False)
    pictures = models.ManyToManyField("faq.Picture", related_name="releases", editable=False)
    published_at = models.DateTimeField(editable=False)  # the piece, for the first time
    public_from = models.DateTimeField(editable=False)
    public_until = models.DateTimeField(null=True, editable=False)
    # When it would have ended without the release that takes its place; FOREVER for never.
    own_until = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            AboutAPiece.about_one,
            models.CheckConstraint(
                condition=Q(public_until__isnull=True) | Q(public_until__gt=F("public_from")),
                name="release_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(public_until__isnull=True), name="release_one_open_article"
            ),
            models.UniqueConstraint(
                fields=["question"], condition=Q(public_until__isnull=True), name="release_one_open_question"
            ),
        ]
        indexes = [
            models.Index(fields=["slug"], name="release_slug"),
            models.Index(
                fields=["-published_at", "-id"], condition=Q(article__isnull=False), name="release_newest"
            ),
        ]

    @property
    def shelf(self) -> str:
        return "articles" if self.article_id else "questions"

    def beside(self, now: datetime) -> tuple[list[Release], list[Release]]:
        """The common questions under it, and what to read next: for an article as somebody chose them, for a
        question the articles under which it stands. One query.
        """
        public = Release.objects.public(now).annotate(place=Coalesce("question__order", 0)).only(*self.read)
        if self.shelf == "articles":
            rows = public.filter(question__asked_under=self).union(public.filter(article__related_from=self))
        else:
            rows = public.filter(asked=self.question_id)
        found = sorted(rows, key=lambda row: (row.place, row.title))
        return [row for row in found if row.question_id], [row for row in found if row.article_id]
