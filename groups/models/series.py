from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups import clashes, recurrence
from groups.models.facilitator import Facilitator
from groups.models.group import Group
from groups.models.recorded import Recorded
from groups.models.room import Room
from groups.models.session import Session
from groups.refusals import HasLeft, NothingToPlan, PlannedBefore

logger = logging.getLogger(__name__)


def program_zone() -> str:
    return settings.TIME_ZONE


class SeriesQuerySet(models.QuerySet["Series"]):
    def open_ended(self) -> SeriesQuerySet:
        return self.filter(until=None, count=None)

    def lay_out(self, now: datetime) -> int:
        """Sessions of all open series up to the horizon; tells how many were new (T5).

        One that somebody leads who has left holds up none of the others.
        """
        added = 0
        for series in self.open_ended().order_by("pk"):
            try:
                added += series.lay_out(now)
            except HasLeft:
                logger.error("series %s is not laid out: somebody who leads it has left", series.pk)
        return added


class Series(models.Model):
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

    def days(self, now: datetime) -> Iterable[date]:
        """Local dates from the first on: to the end, or to the horizon when there is none (T5)."""
        dates = recurrence.days(self.rule, self.start_date, until=self.until, count=self.count)
        today = now.astimezone(ZoneInfo(self.zone)).date()
        horizon = today + timedelta(weeks=settings.WEEKS_LAID_OUT)
        return recurrence.up_to(dates, horizon) if self.is_open_ended else dates

    def planned(self, now: datetime) -> list[Session]:
        """Unsaved sessions for every day that is still ahead. An open series gets at least its first day."""
        days = list(self.days(now)) or list(self._first_day())
        sessions = [self.session_on(day) for day in days]
        return [session for session in sessions if session.starts_at > now]

    def _first_day(self) -> Iterable[date]:
        return recurrence.days(self.rule, self.start_date, count=1) if self.is_open_ended else ()

    def session_on(self, day: date) -> Session:
        starts_at = recurrence.to_utc(day, self.start_time, self.zone)
        session = Session.plan(
            group=self.group, room=self.room, day=day, starts_at=starts_at, minutes=self.minutes
        )
        session.series, session.rule_date = self, day
        return session

    def words(self, leads: Iterable[User]) -> list[object]:
        """What somebody typed to plan it."""
        own = model_to_dict(self, exclude=["group", "created_by"])
        return [own, model_to_dict(self.group), *(person.pk for person in leads)]

    @transaction.atomic
    def schedule(self, *, leads: list[User], by: User, now: datetime) -> int:
        """Saves this series, its group if that is new, and its sessions; tells how many.

        The first of `leads` leads, the others co-lead. Raises Clashes, having saved nothing
        (C4), or NothingToPlan. Sent twice, it is one series; sent again in other words, PlannedBefore.
        """
        clashes.hold([self.room], leads)
        if kept := Series.objects.filter(client_token=self.client_token).first():
            if self.words(leads) != kept.words(row.person for row in kept.facilitators.all()):
                raise PlannedBefore
            return kept.sessions.count()
        planned = self.planned(now)
        if not planned:
            raise NothingToPlan
        if found := clashes.find(planned, leads):
            raise clashes.Clashes(found)
        if self.group._state.adding:
            self.group.save(force_insert=True)
        self.created_by, self.created_at = by, now
        self.save(force_insert=True)
        roles = chain([Facilitator.Role.LEAD], [Facilitator.Role.CO] * len(leads))
        Facilitator.objects.bulk_create(
            Facilitator(series=self, person=person, role=role)
            for person, role in zip(leads, roles, strict=False)
        )
        return self._add(planned)

    @transaction.atomic
    def lay_out(self, now: datetime) -> int:
        """Adds the sessions that are not there yet. May run twice, or in two places, and adds nothing (T5).

        A day on which the room or a facilitator is taken waits until it is free.
        """
        rows = Series.objects.select_for_update(of=("self",), no_key=True).select_related("group", "room")
        series = rows.get(pk=self.pk)
        there = set(series.sessions.values_list("rule_date", flat=True))
        missing = [session for session in series.planned(now) if session.rule_date not in there]
        if not missing:
            return 0
        people = series.people()
        clashes.hold([series.room], people)
        if people != series.people():  # handed over meanwhile: the next run looks at the new ones
            return 0
        taken = {clash.planned.pk for clash in clashes.find(missing, people)}
        return series._add([session for session in missing if session.pk not in taken])

    def people(self) -> list[User]:
        return [row.person for row in self.facilitators.select_related("person")]

    def _add(self, sessions: list[Session]) -> int:
        """Called by whoever holds this series, or makes it, and has looked for clashes. Raises Clashes where
        the database knows of one all the same."""
        people = list(self.facilitators.select_related("person"))
        with clashes.guarded(sessions, [row.person for row in people]):
            Session.objects.bulk_create(sessions, batch_size=500)
            Facilitator.objects.bulk_create(
                (
                    Facilitator(session=session, person_id=row.person_id, role=row.role)
                    for session in sessions
                    for row in people
                ),
                batch_size=500,
            )
        return len(sessions)
