from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.refusals import Begun

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def ahead(self, today: date) -> HolidayQuerySet:
        return self.filter(last__gte=today)

    def with_undecided(self, now: datetime) -> HolidayQuerySet:
        """Adds `left`: how many sessions still wait for a decision."""
        from groups.models.session import Session

        days = Session.objects.upcoming(now).filter(
            local_date__gte=OuterRef("first"), local_date__lte=OuterRef("last")
        )
        open_ones = days.filter(
            ~Exists(KeptOnHoliday.objects.filter(holiday=OuterRef(OuterRef("pk")), session=OuterRef("pk")))
        )
        number = (
            open_ones.order_by()
            .annotate(number=Func("pk", function="COUNT", output_field=models.IntegerField()))
            .values("number")
        )
        return self.annotate(left=Subquery(number))


class Holiday(models.Model):
    """Days on which the house rests, both included. It deletes nothing: each session is decided on (T9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    left: int  # of with_undecided

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["first", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="holiday_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.UniqueConstraint(
                fields=["name", "first"],
                name="one_holiday_of_a_name_and_day",
                violation_error_message=_("This holiday stands here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:holiday_detail", args=[self.pk])

    def undecided(self, now: datetime) -> SessionQuerySet:
        """Sessions ahead on these days that nobody has decided on yet; those that were moved away are not
        among them (T9)."""
        from groups.models.session import Session

        return Session.objects.undecided_for(self, now)

    def kept_sessions(self) -> SessionQuerySet:
        from groups.models.session import Session

        days = Session.objects.meeting().filter(local_date__range=(self.first, self.last))
        return days.filter(kept_on__holiday=self)

    @transaction.atomic
    def keep(self, sessions: Collection[uuid.UUID], *, by: User, now: datetime) -> int:
        """These take place although it is a holiday; tells how many. What was decided before stays so."""
        held = self.undecided(now).filter(pk__in=sessions).hold()
        rows = [KeptOnHoliday(holiday=self, session=one, kept_by=by, kept_at=now) for one in held]
        KeptOnHoliday.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    def reopen(self, sessions: Collection[uuid.UUID], *, now: datetime) -> int:
        """These wait for a decision again; tells how many. What has begun stays decided."""
        kept = self.kept.filter(session__in=sessions, session__starts_at__gt=now)
        return kept.delete()[0]

    def cancel(self, sessions: Collection[uuid.UUID], *, by: User, now: datetime) -> list[Session]:
        """Calls these off, each by itself, and tells who was on them (B9). What began meanwhile, or was
        decided on, stays."""
        gone = []
        for session in self.undecided(now).filter(pk__in=sessions).in_order():
            try:
                session.cancel(by=by, now=now)
            except Begun:
                continue
            gone.append(session)
        return gone


class KeptOnHoliday(models.Model):
    """Somebody decided that this session takes place although it is a holiday."""

    holiday = models.ForeignKey(Holiday, on_delete=models.CASCADE, related_name="kept")
    session = models.ForeignKey("groups.Session", on_delete=models.CASCADE, related_name="kept_on")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holiday", "session"], name="session_kept_once_on_a_holiday")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} takes place"
