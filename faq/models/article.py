from __future__ import annotations

from datetime import datetime
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from faq.models.piece import Piece
from faq.models.question import Question
from faq.sanitiser import AWAY, plain_text


class Source(NamedTuple):
    """Where a claim comes from: the words, and the address with the name of its site, if there is one."""

    text: str
    url: str = ""
    host: str = ""

    @classmethod
    def from_line(cls, line: str) -> Source:
        """Reads "Herman, J. (1992). Trauma and recovery. https://example.org/book"."""
        text, _space, last = line.strip().rpartition(" ")
        if not last.startswith("https://") or not AWAY.fullmatch(last):
            return cls(line.strip())
        try:
            host = urlsplit(last).hostname
        except ValueError:
            host = None
        return cls(text.strip(), last, host.removeprefix("www.")) if host else cls(line.strip())


class Article(Piece):
    shelf: ClassVar[str] = "articles"
    read = (*Piece.read, "summary", "byline", "reviewed_on", "sources")

    summary = models.TextField(_("summary"), max_length=400)
    byline = models.CharField(_("who wrote it"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    sources = models.TextField(_("sources"), max_length=10_000, blank=True)
    questions = models.ManyToManyField(
        Question, verbose_name=_("common questions under it"), related_name="articles", blank=True
    )

    class Meta(Piece.Meta):
        pass

    def get_absolute_url(self) -> str:
        return reverse("faq:article_detail", args=[self.slug])

    @property
    def teaser(self) -> str:
        return self.summary

    @property
    def source_list(self) -> list[Source]:
        return [Source.from_line(line) for line in self.sources.splitlines() if line.strip()]

    def asked(self, now: datetime) -> models.QuerySet[Question]:
        """The common questions that readers see under it."""
        return self.questions.public(now).order_by("order", "title").only(*Question.read)

    def searched(self) -> list[str]:
        return [self.title, self.summary, plain_text(self.body)]
