from __future__ import annotations

import uuid

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from faq.models.edition import Edition
from faq.models.order import move


class TopicQuerySet(models.QuerySet["Topic"]):
    def in_order(self) -> TopicQuerySet:
        return self.order_by("order", "name")


class Topic(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(max_length=80, editable=False)
    order = models.PositiveSmallIntegerField(
        _("place in the list"), default=0, help_text=_("Small numbers come first.")
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="topic_name_once",
                violation_error_message=_("There is a topic of this name already."),
            ),
            models.UniqueConstraint(fields=["slug"], name="topic_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def keep(self) -> None:
        """Saves; a new topic gets an address, and keeps it when it is renamed."""
        Edition.objects.renew()
        if not self.slug:
            stem = slugify(self.name)[:60]
            taken = not stem or Topic.objects.filter(slug=stem).exists()
            self.slug = f"{stem}-{self.pk.hex[:8]}".strip("-") if taken else stem
        self.save()

    def remove(self) -> None:
        """Raises ProtectedError for one with texts, be they public, in the making or put away."""
        with transaction.atomic():
            Edition.objects.renew()
            self.delete()

    def move(self, to: str) -> None:
        move(Topic.objects.in_order(), self.pk, to)
