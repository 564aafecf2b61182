from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from faq.fields import CleanHTMLField
from faq.folding import fold, searchable
from faq.models.source import Source
from faq.models.topic import Topic
from faq.sanitiser import plain_text

WORDS_PER_MINUTE = 200  # of quiet reading, for "6 minute read"
SLUG_LENGTH = 80


class TextQuerySet(models.QuerySet[Any]):
    def for_readers(self) -> Self:
        """Only the columns that a reader sees: half the time of a whole row."""
        return self.select_related("topic").only(*self.model.read, "topic__name", "topic__slug")

    def for_lists(self) -> Self:
        """What a list shows of each, without the text itself."""
        return self.for_readers().defer("body", "sources")

    def for_desk(self) -> Self:
        """What a list of the desk shows of each."""
        rows = self.select_related("topic", "updated_by")
        return rows.defer("body", "sources", "search_title", "search_text")

    def matching(self, text: str) -> Self:
        """Where every word occurs, by its beginning; rows with all words in the title come first."""
        words = fold(text).split()
        if not words:
            return self.none()
        everywhere = Q(*(Q(search_text__contains=f" {word}") for word in words))
        in_title = Q(*(Q(search_title__contains=f" {word}") for word in words))
        rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=models.IntegerField())
        return self.filter(everywhere).annotate(rank=rank).order_by("rank", "search_title", "id")


class Text(models.Model):
    """What can be read: of a piece in the making, and of its release to the public alike."""

    shelf: Any  # "articles" or "questions"
    read: ClassVar[tuple[str, ...]] = (
        *("title", "slug", "body", "words", "summary", "byline", "reviewer", "reviewed_on", "sources"),
    )

    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("topic")
    )
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH)
    summary = models.TextField(_("summary"), max_length=400, blank=True)
    body = CleanHTMLField(_("text"))
    byline = models.CharField(_("who wrote it"), max_length=120, blank=True)
    reviewer = models.CharField(_("who checked it"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("last checked on"), null=True, blank=True)
    sources = models.TextField(_("sources"), max_length=10_000, blank=True)
    for_families = models.BooleanField(_("also for families"), default=False)
    words = models.PositiveIntegerField(default=0, editable=False)
    search_title = models.TextField(editable=False)
    search_text = models.TextField(editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "faq:article_detail" if self.shelf == "articles" else "faq:question_detail", args=[self.slug]
        )

    @property
    def minutes(self) -> int:
        """How long reading takes, in whole minutes."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def teaser(self) -> str:
        return self.summary or Truncator(plain_text(self.body)).words(30)

    @property
    def source_list(self) -> list[Source]:
        return [Source.from_line(line) for line in self.sources.splitlines() if line.strip()]

    def count(self) -> None:
        """Works out what follows from the text: its length, and the words that a search looks in."""
        body = plain_text(self.body)
        self.words = len(body.split())
        self.search_title = searchable(self.title)
        self.search_text = searchable(self.title, self.summary, body)
