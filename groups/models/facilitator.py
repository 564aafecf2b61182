from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.who import Through

if TYPE_CHECKING:
    from accounts.models import User


OPENS_TO_SUBSTITUTE = timedelta(hours=24)  # B9, before the start
CLOSES_TO_SUBSTITUTE = timedelta(days=7)  # B9, after the end
NOT_IN_TWO_PLACES = {"overlap_allowed_by": None, "overlap_reason": ""}


def leads(field: str) -> Through:
    """The clinicians who lead the session that this column names; who stands in, for a while only (B9)."""
    return Through(
        field,
        lambda: Facilitator.objects.reading(timezone.now()),
        near="session",
        far="person",
        role=Role.CLINICIAN,
        mine=_("those who lead the session"),
        theirs=_("those who lead the session"),
    )


def stood_in_for(field: str) -> Through:
    """The clinicians in whose place somebody leads the session that this column names (B9)."""
    return Through(
        field,
        lambda: Facilitator.objects.filter(session__isnull=False, stands_in_for__isnull=False),
        near="session",
        far="stands_in_for",
        role=Role.CLINICIAN,
        mine=_("those in whose place they lead it"),
        theirs=_("those in whose place they lead it"),
    )


def leads_group(field: str) -> Through:
    """The clinicians who lead a series of the group that this column names, as long as that goes on."""
    return Through(
        field,
        lambda: Facilitator.objects.of_running_series(timezone.localdate()),
        near="series__group",
        far="person",
        role=Role.CLINICIAN,
        mine=_("those who lead the group"),
        theirs=_("those who lead the group"),
    )


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    def reading(self, now: datetime) -> FacilitatorQuerySet:
        """Those to whom the list of their session is open now.

        A substitute reads it from [24] hours before the start to [7] days after the end (B9).
        """
        from groups.models.session import Session

        # Asked of substitutes alone: who has led for years has thousands of sessions, none of them looked up.
        meanwhile = Session.objects.filter(
            pk=OuterRef("session"),
            starts_at__lte=now + OPENS_TO_SUBSTITUTE,
            ends_at__gt=now - CLOSES_TO_SUBSTITUTE,
        )
        is_substitute = Q(role=Facilitator.Role.SUBSTITUTE)
        return self.filter(~is_substitute | Q(Exists(meanwhile)), session__isnull=False)

    def of_running_series(self, today: date) -> FacilitatorQuerySet:
        """Those who lead a series that is not over. One that meets a number of times goes on while a session
        is ahead, or was in the last [7] days."""
        from groups.models.session import Session

        late = Session.objects.filter(
            series=OuterRef("series"), local_date__gte=today - CLOSES_TO_SUBSTITUTE, withdrawn_by=None
        )
        counted = Q(series__count__isnull=False) & Exists(late)
        goes_on = Q(series__until=None, series__count=None) | Q(series__until__gte=today) | counted
        return self.filter(goes_on, series__isnull=False)

    def pass_to(self, to: User | None) -> None:
        """These stand in for `to` from now on. Where they are `to`, or it is nobody, the place is theirs."""
        for row in self:
            if to is None or row.person_id == to.pk or row.beside.filter(person=to).exists():
                row.keep()
            else:
                Facilitator.objects.filter(pk=row.pk).update(stands_in_for=to)


class Facilitator(models.Model):
    """Somebody who leads every session of a series, or this one session.

    Laying out a series copies its facilitators to each session, so that one session can change hands.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("leads")
        CO = "co", _("co-leads")
        SUBSTITUTE = "sub", _("stands in")

    series = models.ForeignKey(
        "groups.Series", on_delete=models.CASCADE, null=True, blank=True, related_name="facilitators"
    )
    session = models.ForeignKey(
        "groups.Session", on_delete=models.CASCADE, null=True, blank=True, related_name="facilitators"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leading")
    role = models.CharField(max_length=4, choices=Role, default=Role.LEAD)
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A manager let this person be in two places at once, and wrote why (C2).
    overlap_allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    overlap_reason = models.CharField(max_length=200, blank=True)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        ordering = ["-role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series=None, session__isnull=False) | Q(series__isnull=False, session=None),
                name="leads_a_series_or_a_session",
            ),
            models.CheckConstraint(
                condition=Q(role="sub", stands_in_for__isnull=False, session__isnull=False)
                | (~Q(role="sub") & Q(stands_in_for=None)),
                name="substitute_stands_in_for_someone",
            ),
            models.CheckConstraint(
                condition=Q(overlap_allowed_by=None, overlap_reason="")
                | (Q(overlap_allowed_by__isnull=False) & ~Q(overlap_reason="")),
                name="overlap_is_allowed_with_a_reason",
                violation_error_message=_("Write why this person may be in two places."),
            ),
            models.UniqueConstraint(fields=["series", "person"], name="once_a_facilitator_of_a_series"),
            models.UniqueConstraint(fields=["session", "person"], name="once_a_facilitator_of_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"

    @property
    def beside(self) -> models.QuerySet[Facilitator]:
        """The others who lead the same."""
        same = Facilitator.objects.filter(session=self.session_id, series=self.series_id)
        return same.exclude(pk=self.pk)

    def turn(self) -> tuple[bool, bool, int]:
        """The lead comes first; then whoever stands in, who leads where nobody else does; then the others."""
        return self.role != self.Role.LEAD, not self.is_substitute, self.pk

    @property
    def is_substitute(self) -> bool:
        return self.role == self.Role.SUBSTITUTE

    def hand_over(self, to: User | None) -> None:
        """Another person in this place. Where nobody takes it, or they lead it too, one of those who are left
        leads (the first who joined)."""
        others = list(self.beside.order_by("-role", "pk"))
        if to is not None and to.pk == self.stands_in_for_id:
            self.give_back()
            return
        if to is not None and to.pk not in {other.person_id for other in others}:
            Facilitator.objects.filter(pk=self.pk).update(person=to, **NOT_IN_TWO_PLACES)
            return
        Facilitator.objects.filter(pk=self.pk).delete()
        heirs = [other for other in others if to is None or other.person_id == to.pk]
        is_vacant = self.role != self.Role.CO and all(other.role == self.Role.CO for other in others)
        if is_vacant and heirs:
            Facilitator.objects.filter(pk=heirs[0].pk).update(role=self.Role.LEAD)

    def give_back(self) -> None:
        """The one stood in for has their place again."""
        person, role = self.stands_in_for_id, self._place()
        Facilitator.objects.filter(pk=self.pk).update(
            person=person, role=role, stands_in_for=None, **NOT_IN_TWO_PLACES
        )

    def keep(self) -> None:
        """Who stands in stays, in place of somebody who does not come back."""
        Facilitator.objects.filter(pk=self.pk).update(role=self._place(), stands_in_for=None)

    def _place(self) -> str:
        """What the one stood in for does in the series, else the lead unless somebody has it."""
        if self.session and self.session.series_id:
            rule = Facilitator.objects.filter(series=self.session.series_id, person=self.stands_in_for_id)
            if role := rule.values_list("role", flat=True).first():
                return role
        return self.Role.CO if self.beside.filter(role=self.Role.LEAD).exists() else self.Role.LEAD
