from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

TURNOVER_MINUTES_AT_MOST = 30  # C1


class RoomQuerySet(models.QuerySet["Room"]):
    def open(self) -> RoomQuerySet:
        """In use: what a form may offer."""
        return self.filter(closed_at=None)


class Room(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        _("name"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("There is a room of this name already.")},
    )
    place = models.CharField(_("where it is"), max_length=80, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    turnover_minutes = models.PositiveSmallIntegerField(
        _("minutes to get it ready again"),
        default=0,
        validators=[MaxValueValidator(TURNOVER_MINUTES_AT_MOST)],
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)  # out of use from then on

    objects = RoomQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="room_has_a_place",
                violation_error_message=_("A room has at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(turnover_minutes__lte=TURNOVER_MINUTES_AT_MOST),
                name="turnover_at_most_half_an_hour",
                violation_error_message=_("Choose 30 minutes or less."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
