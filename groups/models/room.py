from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from groups.models.recorded import begin
from groups.refusals import NotReady, RoomInUse

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet

TURNOVER_MINUTES_AT_MOST = 30  # C1


class Crowded(Exception):
    """One more session was planned in the room while its locks were awaited."""


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

    def get_absolute_url(self) -> str:
        return reverse("groups:room_edit", args=[self.pk])

    def in_use(self, now: datetime) -> SessionQuerySet:
        """What is still to take place in it, in order of time."""
        return self.sessions.not_cancelled().filter(ends_at__gt=now).in_order()

    def keep(self, *, by: User, now: datetime) -> None:
        """Saves. More places go at once to those who wait (C5), and fewer evict nobody.

        Another turnover holds for every session ahead (C1). Raises NotReady, and changes nothing, where one
        would then begin too early. Not inside another transaction, for the reason of `Group.keep`.
        """
        was = None
        while was is None:
            try:
                was = self._keep(by, now)
            except Crowded:
                continue
        if self.capacity > was.capacity:
            self.sessions.promote(now)

    @transaction.atomic
    def _keep(self, by: User, now: datetime) -> Room:
        """Gives back what stood before. Sessions are held before their room, as everywhere."""
        ahead, held = self.sessions.filter(starts_at__gt=now), []
        before = Room.objects.filter(pk=self.pk).values_list("turnover_minutes", flat=True).first()
        if before not in (None, self.turnover_minutes):
            held = ahead.hold()
        was = self._held() or self
        if was.turnover_minutes != self.turnover_minutes:
            if set(ahead.values_list("pk", flat=True)) != {session.pk for session in held}:
                raise Crowded
            self._be_ready_between(held)
            ready_again = F("ends_at") + timedelta(minutes=self.turnover_minutes)
            ahead.update(room_free_at=ready_again)
        self.closed_at, self._history_user = was.closed_at, by
        self.save()
        return was

    def _held(self) -> Room | None:
        was = Room.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        begin([was] if was else [])
        return was

    def _be_ready_between(self, sessions: list[Session]) -> None:
        turnover = timedelta(minutes=self.turnover_minutes)
        standing = [session for session in sessions if session.cancelled_at is None]
        pairs = pairwise(sorted(standing, key=lambda session: session.starts_at))
        if close := [(one, other) for one, other in pairs if one.ends_at + turnover > other.starts_at]:
            raise NotReady(close)

    def close(self, *, by: User, now: datetime) -> None:
        """Out of use, until somebody opens it again. Twice is once. Raises RoomInUse."""
        with transaction.atomic():
            was = self._held()
            if was is None or was.closed_at:
                return
            if self.in_use(now).exists() or self.series.unfinished().exists():
                raise RoomInUse
            self._set_closed(now, by)

    def open(self, *, by: User) -> None:
        with transaction.atomic():
            was = self._held()
            if was and was.closed_at:
                self._set_closed(None, by)

    def _set_closed(self, at: datetime | None, by: User) -> None:
        self.closed_at, self._history_user = at, by
        self.save(update_fields=["closed_at"])
