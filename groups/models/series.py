from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import batched, chain

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups import clashes
from groups.answers import NO_ANSWER, Answer, day_of, settle
from groups.models.editing import EditingSeries
from groups.models.facilitator import Facilitator
from groups.models.group import Group
from groups.models.laying_out import LayingOut
from groups.models.recorded import Recorded
from groups.models.resting import RestingSeries
from groups.models.room import Room
from groups.models.skipped_date import SkippedDate
from groups.refusals import GroupOver, HasLeft, NothingToPlan, PlannedBefore

AT_A_TIME = 25  # series in one transaction, so that nobody waits long for a room

logger = logging.getLogger(__name__)


def program_zone() -> str:
    return settings.TIME_ZONE


class SeriesQuerySet(models.QuerySet["Series"]):
    def open_ended(self) -> SeriesQuerySet:
        return self.filter(until=None, count=None)

    def unfinished(self) -> SeriesQuerySet:
        """What a layout may have something to add to: open ones, and those with a day that still waits."""
        waiting = SkippedDate.objects.filter(skipped_by=None).values("series")
        return self.filter(Q(until=None, count=None) | Q(pk__in=waiting))

    def hold(self) -> list[Series]:
        """These as they are now, in one order, so that none blocks another, until the transaction ends."""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("group")
        return list(rows.prefetch_related("room").order_by("pk"))

    def lay_out(self, now: datetime) -> int:
        """Sessions of all open series up to the horizon; tells how many were new (T5).

        Some at a time. One that somebody leads who has left holds up none of the others, and neither does any
        other trouble: where there is some, each takes its own turn.
        """
        from groups.models.layout import lay_out

        added, keys = 0, list(self.unfinished().order_by("pk").values_list("pk", flat=True))
        for some in batched(keys, AT_A_TIME, strict=False):
            rows = self.model.objects.filter(pk__in=some)
            try:
                number, later = lay_out(rows, now)
            except Exception:  # told below, of the one that has it
                number, later = 0, list(some)
            added += number + rows.filter(pk__in=later)._lay_out_each(now)
        return added

    def _lay_out_each(self, now: datetime) -> int:
        added = 0
        for series in self.order_by("pk"):
            try:
                added += series.lay_out(now)
            except HasLeft:
                logger.error("series %s is not laid out: somebody who leads it has left", series.pk)
            except Exception:
                logger.exception("series %s is not laid out", series.pk)
        return added


class Series(LayingOut, RestingSeries, EditingSeries, models.Model):
    """The rule by which a group meets: a wall clock that holds across DST (T1, T2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="series")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="series")
    start_date = models.DateField(_("first day"))
    start_time = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(10), MaxValueValidator(480)]
    )
    zone = models.CharField(max_length=60, default=program_zone)
    rule = models.CharField(max_length=120)  # RFC 5545, without an end
    until = models.DateField(_("last day"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(_("how many times"), null=True, blank=True)
    follows = models.ForeignKey(  # the series whose later part this became (T7)
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeriesQuerySet.as_manager()
    history = Recorded()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(count=None),
                name="series_has_one_end",
                violation_error_message=_("Choose a last day or a number of times, not both."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("start_date")),
                name="series_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(condition=Q(minutes__range=(10, 480)), name="series_has_a_sane_length"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.rule} at {self.start_time:%H:%M}"

    @property
    def is_open_ended(self) -> bool:
        return self.until is None and self.count is None

    def typed(self, leads: Iterable[User]) -> list[object]:
        """What somebody typed to plan it."""
        own = model_to_dict(self, exclude=["group", "created_by"])
        return [own, model_to_dict(self.group), *(person.pk for person in leads)]

    def schedule(self, *, leads: list[User], by: User, now: datetime, answer: Answer = NO_ANSWER) -> int:
        """Saves this series, its group if that is new, and its sessions; tells how many.

        The first of `leads` leads, the others co-lead. Raises Clashes, having saved nothing, until `answer`
        says what to do about each date that clashes (C4); or NothingToPlan. Sent twice, it is one series,
        also when both arrive at once; sent again in other words, PlannedBefore. GroupOver when it was ended.
        """
        try:
            with transaction.atomic():
                clashes.hold([self.room, *answer.rooms.values()], leads)
                kept = self._kept(leads)
                return self._schedule(leads, by, now, answer) if kept is None else kept
        except IntegrityError:
            # The other one of two that were sent at once was saved meanwhile.
            if (kept := self._kept(leads)) is None:
                raise
            return kept

    def _kept(self, leads: list[User]) -> int | None:
        """How many sessions it has when it was planned before."""
        kept = Series.objects.select_related("group").filter(client_token=self.client_token).first()
        if kept and self.typed(leads) != kept.typed(kept.people()):
            raise PlannedBefore
        return kept.sessions.count() if kept else None

    def _schedule(self, leads: list[User], by: User, now: datetime, answer: Answer) -> int:
        planned = self.planned(now)
        settled = settle(planned, leads, answer=answer, by=by)
        if not settled.sessions:
            raise NothingToPlan
        if self.group._state.adding:
            self.group._history_user = by
            self.group.save(force_insert=True)
        self.created_by, self.created_at, self._history_user = by, now, by
        self.save(force_insert=True)
        # The new row holds its group from here on: who ends it now waits, and finds this series.
        if Group.objects.filter(pk=self.group_id, ended_at__isnull=False).exists():
            raise GroupOver
        roles = chain([Facilitator.Role.LEAD], [Facilitator.Role.CO] * len(leads))
        rows = Facilitator.objects.bulk_create(
            Facilitator(series=self, person=person, role=role)
            for person, role in zip(leads, roles, strict=False)
        )
        SkippedDate.objects.bulk_create(
            SkippedDate(series=self, day=day_of(session), skipped_by=by, at=now)
            for session in settled.skipped
        )
        with clashes.guarded(settled.sessions, leads):
            self._add(settled.sessions, rows, allowed=settled.allowed, by=by, reason=answer.reason)
        return len(settled.sessions)
