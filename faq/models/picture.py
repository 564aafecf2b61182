from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from faq.figures import Size, only_own, pictures_in

if TYPE_CHECKING:
    from faq.pictures import Encoded


class PictureQuerySet(models.QuerySet["Picture"]):
    def visible_to(self, user: Any) -> Self:
        return self if user.has_perm("faq.write") else self.none()

    def public(self, now: datetime) -> Self:
        """Those that stand in a text which anybody may read (F1)."""
        unended = Q(releases__public_until__isnull=True) | Q(releases__public_until__gt=now)
        return self.filter(unended, releases__public_from__lte=now).distinct()

    def inside(self, body: str) -> Self:
        return self.filter(pk__in=pictures_in(body))

    def measured(self, body: str) -> str:
        """Each picture of a text with its size, without those that are not there."""
        if not (keys := pictures_in(body)):
            return body
        rows = self.filter(pk__in=keys).values_list("pk", "width", "height")
        return only_own(body, {pk: Size(width, height) for pk, width, height in rows})

    def newest(self) -> Self:
        return self.defer("large", "small").order_by("-added_at", "-id")

    def add(self, encoded: Encoded, *, alt: str, credit: str, by: Any, now: datetime) -> tuple[Picture, bool]:
        """The picture, and whether it is new: the same file sent again finds the one that is there."""
        return self.defer("large", "small").get_or_create(
            digest=encoded.digest,
            defaults={
                "alt": alt,
                "credit": credit,
                "large": encoded.large,
                "small": encoded.small,
                "width": encoded.width,
                "height": encoded.height,
                "added_by": by,
                "added_at": now,
            },
        )


class Picture(models.Model):
    """An image of an article as WebP, in two widths. In the database, so that every backup has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alt = models.CharField(
        _("what it shows, for those who cannot see it"),
        max_length=300,
        error_messages={"blank": _("Say what the picture shows.")},
    )
    credit = models.CharField(_("who made it"), max_length=120, blank=True)
    large = models.BinaryField()
    small = models.BinaryField()
    width = models.PositiveSmallIntegerField()  # pixels, of the large one
    height = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256 of the large one
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_index=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="picture_says_what_it_shows")]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        return reverse("faq:picture", args=[self.pk])

    @property
    def small_url(self) -> str:
        return reverse("faq:picture_small", args=[self.pk])
