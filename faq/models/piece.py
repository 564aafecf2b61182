from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from faq.models.addressing import Addressing
from faq.models.restoring import Restoring
from faq.models.writing import State


class Piece(Restoring, Addressing):
    """What questions and articles have in common: written, read by a second person, published; in this order.

    Its row is the text in the making, seen by editors alone; the public reads its releases.
    """

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="%(class)s_slug_once"),
            models.UniqueConstraint(fields=["client_token"], name="%(class)s_sent_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="%(class)s_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.REVIEW, State.AWAY])
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("updated_by"))),
                name="%(class)s_read_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="%(class)s_last_changed")]
