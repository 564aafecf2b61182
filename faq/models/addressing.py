from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from faq.models.address import Address
from faq.models.edition import Edition
from faq.models.publishing import Publishing
from faq.models.release import Release
from faq.models.remark import Act, Remark
from faq.models.reviewing import NotReady
from faq.models.writing import RESERVED_SLUGS, AddressTaken

KINDS = {"articles": "article", "questions": "question"}  # by shelf


class Addressing(Publishing):
    """Which addresses lead to a text, for ever (F2).

    An address always leads to a text and never to another address, so that each is one step away.
    """

    class Meta:
        abstract = True

    def led_from(self) -> models.QuerySet[Address]:
        rows: models.QuerySet[Address] = Address.objects.of(self).order_by("shelf", "slug")
        return rows

    @transaction.atomic
    def lead_here(self, shelf: str, slug: str, *, by: Any, now: datetime) -> None:
        """Whoever comes by this address comes to this text. Raises AddressTaken for one of another text."""
        Edition.objects.renew()
        self.locked()
        found = Address.objects.filter(shelf=shelf, slug=slug).first()
        if found and found.piece_id == self.pk and found.since <= now:
            return
        if (found and found.piece_id != self.pk) or self._is_of_another(shelf, slug):
            raise AddressTaken
        Address.objects.update_or_create(
            shelf=shelf, slug=slug, defaults={"since": now}, create_defaults={self.kind: self, "since": now}
        )
        Remark.objects.add(self, Act.MOVED, by=by, now=now, text=f"/{shelf}/{slug}/")

    def _is_of_another(self, shelf: str, slug: str) -> bool:
        """Also of a text that is not public yet: it would find its address taken on the day it comes out."""
        wearers = apps.get_model("faq", KINDS[shelf])._default_manager.filter(slug=slug).exclude(pk=self.pk)
        return slug in RESERVED_SLUGS or wearers.exists()

    @transaction.atomic
    def hand_over(self, to: Addressing, *, by: Any, now: datetime) -> None:
        """Readers who come by an address of this text come to `to` from now on.

        Raises NotReady while this text is public or scheduled, and where `to` is not public.
        """
        Edition.objects.renew()
        stored = self.locked()
        goal = to.live(now)
        if goal is None or to.pk == self.pk or Release.objects.of(stored).unended(now).exists():
            raise NotReady
        moved = Address.objects.of(stored).update(**{self.kind: None, to.kind: to})
        if moved:
            Remark.objects.add(stored, Act.MOVED, by=by, now=now, text=goal.get_absolute_url())
