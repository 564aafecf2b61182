"""Who is on call, and when (K7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User

A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
NO_CLINICIAN = _("This person is no clinician here any more.")
NO_SUCH_HOUR = _("On one of these days the clock leaves out that hour. Choose other times.")
ON_DUTY_ALREADY = _("They are on call at that time already, on %(day)s.")


class Gap(NamedTuple):
    """A time at which nobody is on call, half-open."""

    starts_at: datetime
    ends_at: datetime


def shift_of(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """From a local day and wall clock of the program's zone, in UTC. It ends on the next day where the end is
    not after the start. A time that does not exist takes the offset before the gap (T3)."""
    zone = timezone.get_default_timezone()
    until = day if ends > starts else day + A_DAY
    begin, end = datetime.combine(day, starts, tzinfo=zone), datetime.combine(until, ends, tzinfo=zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


class DutyQuerySet(models.QuerySet["DutyShift"]):
    def at(self, now: datetime) -> DutyQuerySet:
        """Shifts that run at this moment."""
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def during(self, start: datetime, end: datetime) -> DutyQuerySet:
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def people_at(self, now: datetime) -> list[User]:
        """Who is on call, whoever began first before the others."""
        rows = self.at(now).by_people_here().select_related("clinician").order_by("starts_at", "pk")
        return list(dict.fromkeys(row.clinician for row in rows))

    def by_people_here(self) -> DutyQuerySet:
        """Of those who are clinicians still: a closed account or another role ends all duty."""
        from accounts.models.user import User

        return self.filter(clinician__in=User.objects.active().clinicians())

    def gaps(self, start: datetime, end: datetime) -> list[Gap]:
        """When nobody is on call between these moments."""
        gaps, covered = [], start
        for shift in self.during(start, end).by_people_here().order_by("starts_at"):
            if shift.starts_at > covered:
                gaps.append(Gap(covered, shift.starts_at))
            covered = max(covered, shift.ends_at)
        return [*gaps, Gap(covered, end)] if covered < end else gaps

    @transaction.atomic
    def plan(
        self, *, clinician: User, day: date, starts: time, ends: time, weeks: int = 1
    ) -> list[DutyShift]:
        """The same hours in each of so many weeks; all of them or none. Sent twice it is refused.

        Raises ValidationError where they are on call already, and for whoever is no clinician any more.
        """
        shifts = [
            DutyShift(clinician=clinician, starts_at=start, ends_at=end)
            for start, end in (shift_of(day + week * A_WEEK, starts, ends) for week in range(weeks))
        ]
        for shift in shifts:
            shift.hold()
        return DutyShift.objects.bulk_create(shifts)


class DutyShift(models.Model):
    """One clinician is on call from one moment to another, half-open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duty_shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_ends_after_it_starts",
                violation_error_message=_("Duty has to end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["clinician", "starts_at"],
                name="one_duty_from_one_moment",
                violation_error_message=_("They are on duty from this time already."),
            ),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_by_its_end")]

    def __str__(self) -> str:
        return f"duty from {self.starts_at:%Y-%m-%d %H:%M}"

    @transaction.atomic
    def change(self, *, clinician: User, day: date, starts: time, ends: time) -> None:
        """Raises ValidationError as `plan` does."""
        self.clinician = clinician
        self.starts_at, self.ends_at = shift_of(day, starts, ends)
        self.hold()
        self.save()

    def hold(self) -> None:
        """Whoever plans for the same person waits here, so that nobody is on call twice at one time."""
        if not self.clinician.is_clinician_under_lock():
            raise ValidationError(NO_CLINICIAN)
        if self.ends_at <= self.starts_at:  # both in the hour that the clock leaves out
            raise ValidationError(NO_SUCH_HOUR)
        same = DutyShift.objects.filter(clinician=self.clinician).exclude(pk=self.pk)
        if there := same.during(self.starts_at, self.ends_at).first():
            day = date_format(timezone.localtime(there.starts_at), "l, j F")
            raise ValidationError(ON_DUTY_ALREADY, params={"day": day})


def by_day(shifts: list[DutyShift]) -> Iterator[tuple[date, list[DutyShift]]]:
    """Shifts with the local day on which each begins."""
    days: dict[date, list[Any]] = {}
    for shift in shifts:
        days.setdefault(timezone.localtime(shift.starts_at).date(), []).append(shift)
    yield from days.items()
