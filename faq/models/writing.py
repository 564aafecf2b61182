from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, count
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from faq.hints.all import Reading, hints_for
from faq.models.address import Address
from faq.models.edition import Edition
from faq.models.picture import Picture
from faq.models.text import SLUG_LENGTH, Text, TextQuerySet
from faq.sanitiser import clean_html

RESERVED_SLUGS = {"feed"}
# Set by the verbs of review, publication and order alone.
NOT_BY_WRITING = {"id", "client_token", "published_at", "created_by", "created_at", "order"}


class Stale(Exception):
    """Somebody saved after the text in hand was read. `stored` is what stands now."""

    def __init__(self, stored: Writing) -> None:
        self.stored = stored


class AddressTaken(Exception):
    """The address that was wished for leads to another text, or led there once."""


class State(models.TextChoices):
    """How far the text in hand is (F1). What the public reads stands in releases, whatever the state."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    APPROVED = "approved", _("Ready")
    PUBLISHED = "published", _("Published")
    AWAY = "away", _("Put away")


class PieceQuerySet(TextQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everything for those who write, drafts included; on the desk nothing for anybody else."""
        return self if user.has_perm("faq.write") else self.none()

    def at_hand(self) -> Self:
        """Without what was put away."""
        return self.exclude(state=State.AWAY)

    def put_away(self) -> Self:
        return self.filter(state=State.AWAY)

    def last_changed(self) -> Self:
        return self.order_by("-updated_at", "-id")


class Writing(Text):
    """A text in the making, and how it is kept."""

    kind: ClassVar[str]  # the name of the column that points here

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)  # for the first time
    review_by = models.DateField(_("look at it again by"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PieceQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def reading(self) -> Reading:
        """What could be plainer or kinder in it (F4)."""
        return hints_for(title=self.title, body=self.body, summary=self.summary, sources=self.sources)

    @property
    def is_draft(self) -> bool:
        return self.state != State.PUBLISHED

    def locked(self) -> Self:
        """This row as it stands, held until the end of the transaction."""
        return type(self).objects.select_for_update().get(pk=self.pk)

    def unchanged(self, seen: int) -> Self:
        """This row, held; raises Stale if somebody saved after revision `seen`."""
        stored = self.locked()
        if stored.revision != seen:
            raise Stale(stored)
        return stored

    def write(self, *, by: Any, now: datetime, seen: int) -> None:
        """Keeps the text on this row, as a draft to be read by a second person before it is published.

        Raises Stale if somebody saved after revision `seen`, and AddressTaken for a slug of another text.
        """
        self.body = Picture.objects.measured(clean_html(self.body))
        self.count()
        self.state, self.approved_by = State.DRAFT, None
        self.revision, self.updated_by, self.updated_at = seen + 1, by, now
        self._history_user, self._history_date = by, now  # read by simple-history
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
        wish = self.slug
        for slug in self._free_slugs(wish):
            self.slug = slug
            try:
                with transaction.atomic():
                    self.save(force_insert=True)
            except IntegrityError:
                if self._became_twin(wish):
                    return
            else:
                return
        if not self._became_twin(wish):
            raise AddressTaken

    def _became_twin(self, wish: str) -> bool:
        """Whether the form that made this text had been sent before. Raises Stale as `_insert` says."""
        twin = type(self).objects.filter(client_token=self.client_token).first()
        if twin is None:
            return False
        self.slug = wish or twin.slug
        names = [field.attname for field in Text._meta.fields if field.editable] + ["revision"]
        if any(getattr(self, name) != getattr(twin, name) for name in names):
            raise Stale(twin)
        self.pk = twin.pk
        self.refresh_from_db()
        return True

    def _update(self, stored: Writing) -> None:
        """The address follows the title until the first publication, unless somebody chose one."""
        if self.slug in ("", stored.slug):
            follows = stored.published_at is None and stored.slug.startswith(stem(stored.title))
            self.slug = next(self._free_slugs("")) if follows else stored.slug
        elif self.slug not in self._free_slugs(self.slug):
            raise AddressTaken
        names = {field.name for field in self._meta.concrete_fields}
        self.save(update_fields=names - NOT_BY_WRITING)

    def _free_slugs(self, wish: str) -> Iterator[str]:
        """The wished one, if it is free; without a wish those that suit the title, the shortest first."""
        first = wish or stem(self.title) or self.pk.hex[:8]
        others = type(self).objects.filter(slug__startswith=first).exclude(pk=self.pk)
        led = Address.objects.filter(shelf=self.shelf, slug__startswith=first).exclude(**{self.kind: self.pk})
        taken = RESERVED_SLUGS.union(
            others.values_list("slug", flat=True), led.values_list("slug", flat=True)
        )
        numbered = () if wish else (f"{first}-{number}" for number in count(2))
        return (slug for slug in chain([first], numbered) if slug not in taken)


def stem(title: str) -> str:
    """The address that a title suggests, or nothing for one without Latin letters."""
    return slugify(title)[: SLUG_LENGTH - 8].strip("-")
