from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, count
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext_lazy as _

from faq.fields import CleanHTMLField
from faq.folding import fold
from faq.models.edition import Edition
from faq.models.topic import Topic
from faq.sanitiser import clean_html, plain_text

WORDS_PER_MINUTE = 200  # of quiet reading, for "6 minute read"
SLUG_LENGTH = 80
RESERVED_SLUGS = {"feed"}
NOT_BY_WRITING = {"id", "client_token", "state", "published_at", "published_by", "created_by", "created_at"}


class Stale(Exception):
    """Somebody saved after the text in hand was read. `stored` is what stands now."""

    def __init__(self, stored: Piece) -> None:
        self.stored = stored


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class PieceQuerySet(models.QuerySet[Any]):
    def public(self, now: datetime) -> Self:
        """What anybody may read (F1)."""
        return self.filter(state=State.PUBLISHED, published_at__lte=now)

    def visible_to(self, user: Any) -> Self:
        """Everything for those who write, drafts included; on the desk nothing for anybody else."""
        return self if user.has_perm("faq.write") else self.none()

    def for_readers(self) -> Self:
        """Only the columns that a reader sees: half the time of a whole row."""
        return self.select_related("topic").only(*self.model.read, "topic__name", "topic__slug")

    def newest(self) -> Self:
        return self.order_by("-published_at", "-id")

    def older_than(self, piece: Piece) -> Self:
        """The part of `newest()` that follows this row."""
        return self.filter(
            Q(published_at__lt=piece.published_at) | Q(published_at=piece.published_at, id__lt=piece.pk)
        )

    def last_changed(self) -> Self:
        return self.order_by("-updated_at", "-id")

    def matching(self, text: str) -> Self:
        """Where every word occurs, by its beginning; rows with all words in the title come first."""
        words = fold(text).split()
        if not words:
            return self.none()
        everywhere = Q(*(Q(search_text__contains=f" {word}") for word in words))
        in_title = Q(*(Q(search_title__contains=f" {word}") for word in words))
        rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=models.IntegerField())
        return self.filter(everywhere).annotate(rank=rank).order_by("rank", "search_title", "id")


class Piece(models.Model):
    """What questions and articles have in common: written by editors, public once published."""

    shelf: ClassVar[str]
    read: ClassVar[tuple[str, ...]] = ("title", "slug", "body", "words")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("topic")
    )
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(max_length=SLUG_LENGTH, editable=False)
    body = CleanHTMLField(_("text"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(editable=False)
    words = models.PositiveIntegerField(default=0, editable=False)
    search_title = models.TextField(editable=False)
    search_text = models.TextField(editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="%(class)s_slug_once"),
            models.UniqueConstraint(fields=["client_token"], name="%(class)s_sent_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="%(class)s_known_state"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(published_at__isnull=False, published_by__isnull=False),
                name="%(class)s_published_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="%(class)s_newest"),
            models.Index(fields=["-updated_at", "-id"], name="%(class)s_last_changed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def minutes(self) -> int:
        """How long reading takes, in whole minutes."""
        return max(1, round(self.words / WORDS_PER_MINUTE))

    @property
    def teaser(self) -> str:
        return Truncator(plain_text(self.body)).words(30)

    def searched(self) -> list[str]:
        """The texts in which a search looks."""
        return [self.title, plain_text(self.body)]

    def write(self, *, by: Any, now: datetime, seen: int) -> None:
        """Keeps the text on this row. Raises Stale if somebody saved after revision `seen`."""
        self.body = clean_html(self.body)
        self.words = len(plain_text(self.body).split())
        self.search_title = fold(self.title)
        self.search_text = "".join(map(fold, self.searched()))
        self.revision, self.updated_by, self.updated_at = seen + 1, by, now
        with transaction.atomic():
            Edition.objects.renew()
            stored = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if stored is None:
                self.created_by, self.created_at = by, now
                self._insert()
            elif stored.revision == seen:
                self._update(stored)
            else:
                raise Stale(stored)

    def _insert(self) -> None:
        """Safe against the same form sent twice, and against a title that another row took meanwhile.

        Raises Stale where the form made a row before that reads otherwise now.
        """
        for slug in self._free_slugs():
            self.slug = slug
            try:
                with transaction.atomic():
                    self.save(force_insert=True)
            except IntegrityError:
                if twin := type(self).objects.filter(client_token=self.client_token).first():
                    if not self._reads_as(twin):
                        raise Stale(twin) from None
                    self.pk = twin.pk
                    self.refresh_from_db()
                    return
            else:
                return

    def _reads_as(self, twin: Piece) -> bool:
        names = [field.attname for field in self._meta.concrete_fields if field.editable] + ["revision"]
        return all(getattr(self, name) == getattr(twin, name) for name in names)

    def _update(self, stored: Piece) -> None:
        """The address follows the title until the first publication, and stays after it."""
        if stored.published_at is None:
            self.slug = next(self._free_slugs())
        names = {field.name for field in self._meta.concrete_fields}
        self.save(update_fields=names - NOT_BY_WRITING)

    def _free_slugs(self) -> Iterator[str]:
        stem = slugify(self.title)[: SLUG_LENGTH - 8].strip("-") or self.pk.hex[:8]
        others = type(self).objects.filter(slug__startswith=stem).exclude(pk=self.pk)
        taken = RESERVED_SLUGS.union(others.values_list("slug", flat=True))
        wishes = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return (slug for slug in wishes if slug not in taken)

    def publish(self, *, by: Any, now: datetime, seen: int) -> None:
        """Makes public what `by` has read, revision `seen`. Raises Stale if somebody saved since."""
        with transaction.atomic():
            Edition.objects.renew()
            stored = type(self).objects.select_for_update().get(pk=self.pk)
            if stored.revision != seen:
                raise Stale(stored)
            type(self).objects.filter(pk=self.pk, state=State.DRAFT).update(
                state=State.PUBLISHED, published_at=Coalesce("published_at", Value(now)), published_by=by
            )
        self.refresh_from_db()

    def take_back(self, *, by: Any, now: datetime) -> None:
        """A draft again, gone from every public page at once. The first date of publication stays."""
        with transaction.atomic():
            Edition.objects.renew()
            rows = type(self).objects.filter(pk=self.pk, state=State.PUBLISHED)
            rows.update(state=State.DRAFT, updated_by=by, updated_at=now)
        self.refresh_from_db()
