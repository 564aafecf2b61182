from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from groups.models.belonging import Belonging
from groups.models.ending import Ending
from groups.models.prerequisite import Prerequisite
from groups.models.recorded import begin

if TYPE_CHECKING:
    from accounts.models import User


class Kind(models.TextChoices):
    THERAPY = "therapy", _("therapy")
    CIRCLE = "circle", _("circle")
    MEAL = "meal", _("meal")
    ART = "art", _("art")
    MOVEMENT = "movement", _("movement")
    VOLUNTEERING = "volunteering", _("helping out")
    FAMILY = "family", _("family")


class Pace(models.IntegerChoices):
    GENTLE = 1, _("Gentle")
    STEADY = 2, _("Steady")
    DEMANDING = 3, _("Demanding")


class Admission(models.TextChoices):
    OPEN = "open", _("Open: people join by themselves")
    CLOSED = "closed", _("Closed: members only")
    MANDATORY = "mandatory", _("Part of the plan: everybody comes")


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: User) -> GroupQuerySet:
        """Staff with the schedule see all; a client sees what they can join or ask for, and their own.

        Of a closed group that is its page alone: its times and people are its members' (SessionQuerySet).
        """
        from groups.models.booking import Booking

        if user.has_perm("groups.view_schedule"):
            return self
        if not user.has_perm("groups.view_own"):
            return self.none()
        booked = Booking.objects.filter(client=user, session__group=OuterRef("pk"))
        return self.filter(Q(ended_at=None) | Q(admission=Admission.OPEN) | Exists(booked))

    def running(self) -> GroupQuerySet:
        """Not ended: what lists show and forms offer."""
        return self.filter(ended_at=None)

    def with_next_session(self, now: datetime) -> GroupQuerySet:
        """Adds `next_at`, the start of the next session that is not cancelled; None without one."""
        from groups.models.session import Session

        ahead = Session.objects.upcoming(now).filter(group=OuterRef("pk")).order_by("starts_at")
        return self.annotate(next_at=Subquery(ahead.values("starts_at")[:1]))


class Group(Prerequisite, Ending, Belonging, models.Model):
    """A purpose, with an agreement and a kind; what happens on a day is a session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        error_messages={"unique": _("There is a group of this name already.")},
    )
    purpose = models.CharField(_("what it is for"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    pace = models.PositiveSmallIntegerField(_("pace"), choices=Pace, default=Pace.STEADY)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    admission = models.CharField(_("who comes"), max_length=10, choices=Admission, default=Admission.OPEN)
    listening_welcome = models.BooleanField(_("Listening only is welcome"), default=True)
    what_to_expect = models.TextField(_("what to expect"), max_length=2000, blank=True)
    who_is_there = models.TextField(_("who will be in the room"), max_length=500, blank=True)
    agreement = models.TextField(_("agreement"), max_length=2000, blank=True)
    agreement_version = models.PositiveSmallIntegerField(default=1, editable=False)
    prerequisite = models.ForeignKey(
        "self",
        verbose_name=_("comes after"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_to",
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = GroupQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="known_kind_of_group"),
            models.CheckConstraint(condition=Q(pace__in=Pace.values), name="known_pace"),
            models.CheckConstraint(condition=Q(admission__in=Admission.values), name="known_admission"),
            models.CheckConstraint(
                condition=Q(prerequisite=None) | ~Q(prerequisite=F("id")),
                name="group_does_not_come_after_itself",
                violation_error_message=_("A group cannot come after itself."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="group_has_a_place",
                violation_error_message=_("A group has at least one place."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group_detail", args=[self.pk])

    def keep(self, *, by: User, now: datetime) -> None:
        """Saves; a changed agreement is a new version, which everybody accepts anew when they next join.

        New places go at once to those who wait (C5), and nobody waits for a group that is open no longer
        (B6). Not inside another transaction: whoever joins just now either sees this or is seen waiting.
        Raises ComesInACircle.
        """
        with transaction.atomic():
            rows = Group.objects.select_for_update(no_key=True).order_by("pk")
            if self.prerequisite_id is None:
                rows = rows.filter(pk=self.pk)
            held = {group.pk: group for group in rows}  # all of them: two may be put into a circle at once
            self.refuse_circles(held)
            if was := held.get(self.pk):
                begin([was])
                # Browsers send other line ends than those they were given.
                changed = self.agreement.splitlines() != was.agreement.splitlines()
                self.agreement_version, self.ended_at = was.agreement_version + changed, was.ended_at
            self._history_user = by
            self.save()
        if was and was.admission == Admission.OPEN != self.admission:
            self.sessions.end_lines(now)
        if was and self.capacity > was.capacity:
            self.sessions.promote(now)

    def agree(self, *, by: User, now: datetime) -> None:
        """Keeps that this person accepts the agreement as it reads now (B6)."""
        AgreementAcceptance.objects.get_or_create(
            group=self, client=by, version=self.agreement_version, defaults={"at": now}
        )

    def is_agreed_by(self, client: User) -> bool:
        """A group without an agreement asks for nothing."""
        accepted = AgreementAcceptance.objects.filter(
            group=self, client=client, version=self.agreement_version
        )
        return not self.agreement or accepted.exists()


class AgreementAcceptance(models.Model):
    """One person accepted one version of a group's agreement."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="acceptances")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client", "version"], name="agreement_accepted_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} accepted version {self.version}"
