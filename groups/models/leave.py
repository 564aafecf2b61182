from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.models.counting import number_of
from groups.refusals import HasLeft

if TYPE_CHECKING:
    from groups.models.session_queries import SessionQuerySet


class LeaveQuerySet(models.QuerySet["Leave"]):
    def visible_to(self, user: User) -> LeaveQuerySet:
        """Who is away, everybody with the schedule may know; clients and editors read nothing of it."""
        return self if user.has_perm("groups.view_schedule") else self.none()

    def standing(self) -> LeaveQuerySet:
        return self.filter(ended_at=None)

    def ahead(self, today: date) -> LeaveQuerySet:
        """Those that run or come, in order of time."""
        return self.standing().filter(last__gte=today).order_by("first", "person__chosen_name", "pk")

    def on(self, day: date | OuterRef) -> LeaveQuerySet:
        return self.standing().filter(first__lte=day, last__gte=day)

    def with_sessions(self, now: datetime) -> LeaveQuerySet:
        """Adds `left`: how many sessions on those days have their name, so nobody stands in yet."""
        from groups.models.session import Session

        led = Session.objects.not_cancelled().filter(
            facilitators__person=OuterRef("person"),
            local_date__range=(OuterRef("first"), OuterRef("last")),
            ends_at__gt=now,
            suspension=None,
        )
        return self.select_related("person").annotate(left=number_of(led))

    @transaction.atomic
    def note(self, *, person: User, first: date, last: date, by: User, now: datetime) -> Leave:
        """Keeps that this clinician leads nothing on these local days. The same twice is one.

        Days that overlap a leave of theirs are joined with it. Raises HasLeft for whoever leads nothing any
        more. Whoever gives them a session at this moment comes before, or after and is refused (C2).
        """
        User.objects.hold([person.pk])
        if not User.objects.active().clinicians().filter(pk=person.pk).exists():
            raise HasLeft
        touched = list(self.standing().filter(person=person, first__lte=last, last__gte=first))
        if around := next((one for one in touched if one.first <= first and one.last >= last), None):
            return around
        first = min([first, *(one.first for one in touched)])
        last = max([last, *(one.last for one in touched)])
        for one in touched:
            one.end(by=by, now=now)
        return self.create(person=person, first=first, last=last, noted_by=by, noted_at=now)


class Leave(models.Model):
    """Local days on which a clinician leads nothing, both included. Why is nobody's business here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    left: int  # of with_sessions

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="leave_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="leave_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is away from {self.first} to {self.last}"

    def is_in_hands_of(self, user: User) -> bool:
        """Of the clinician who is away, and of managers."""
        own = self.person_id == user.pk and user.has_perm("groups.take_leave")
        return own or user.has_perm("groups.manage_leave")

    @property
    def is_now(self) -> bool:
        return self.first <= timezone.localdate() <= self.last

    def sessions(self, now: datetime) -> SessionQuerySet:
        """What this person leads on those days and is not over yet."""
        from groups.models.session import Session

        ahead = Session.objects.not_cancelled().filter(ends_at__gt=now, suspension=None)
        return ahead.led_by(self.person).filter(local_date__range=(self.first, self.last)).in_order()

    def stood_in(self, now: datetime) -> SessionQuerySet:
        """What somebody else leads for them on those days and is not over yet."""
        from groups.models.session import Session

        ahead = Session.objects.not_cancelled().filter(ends_at__gt=now)
        theirs = ahead.filter(facilitators__stands_in_for=self.person_id)
        return theirs.filter(local_date__range=(self.first, self.last)).in_order()

    def end(self, *, by: User, now: datetime) -> None:
        """They are back, or did not go. Who stands in for them goes on doing so. Twice is once."""
        rows = Leave.objects.standing().filter(pk=self.pk)
        rows.update(ended_by=by, ended_at=now)
        self.refresh_from_db(fields=["ended_by", "ended_at"])
