from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import AuditEvent
from accounts.roles import Role
from accounts.who import MANAGERS, Own, Rule, Through

if TYPE_CHECKING:
    from accounts.models.user import User


def care_team(field: str) -> Through:
    """The clinicians who care now for the client whom this column names."""
    return Through(
        field,
        lambda: CareTeamMember.objects.standing(),
        near="client",
        far="clinician",
        role=Role.CLINICIAN,
        mine=_("your care team"),
        theirs=_("their care team"),
    )


def in_an_emergency(field: str) -> Through:
    """Clinicians from outside the care team, for the hour in which they opened the page (A10)."""

    def opened() -> models.QuerySet[Any]:
        from accounts.models.emergency import EmergencyAccess

        return EmergencyAccess.objects.open(timezone.now())

    words = _("for one hour in an emergency, another clinician")
    return Through(field, opened, near="client", far="clinician", role=Role.CLINICIAN, mine=words)


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def standing(self) -> CareTeamQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> CareTeamQuerySet:
        return CareTeamMember.seen_by.rows(self, user)

    def primary_first(self) -> CareTeamQuerySet:
        """Then whoever joined first."""
        return self.order_by("-is_primary", "started_at", "pk")

    def people_of(self, client: User) -> list[User]:
        """The clinicians of one client who work here, the primary first."""
        from accounts.models.user import User

        here = User.objects.active().clinicians()
        rows = self.standing().filter(client=client, clinician__in=here)
        return [row.clinician for row in rows.primary_first().select_related("clinician")]

    @transaction.atomic
    def appoint(
        self, *, client: User, clinician: User, is_primary: bool = False, by: User, now: datetime
    ) -> CareTeamMember:
        """Puts a clinician on the care team of somebody who lives here; twice is once.

        The first one is the primary clinician. Raises ValidationError when either of the two has left.
        """
        client.lock()
        if not client.stays.not_over(timezone.localdate(now)).exists():
            raise ValidationError(_("Begin a stay first. A care team belongs to a stay."))
        if not clinician.is_clinician_under_lock():
            raise ValidationError(_("This person is no clinician here any more."))
        standing = CareTeamMember.objects.standing().filter(client=client)
        member = standing.filter(clinician=clinician).first()
        if member is None:
            has_primary = standing.filter(is_primary=True).exists()
            member = CareTeamMember.objects.create(
                client=client, clinician=clinician, is_primary=not has_primary, started_at=now
            )
            member.tell("added", by=by, now=now)
        if is_primary:
            member.make_primary(by=by, now=now)
        return member


class CareTeamMember(models.Model):
    """A clinician who cares for a client, from a start to an end."""

    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="care_team_rows"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="client_rows"
    )
    is_primary = models.BooleanField(_("primary"), default=False)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CareTeamQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), MANAGERS, beside=in_an_emergency("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "clinician"],
                condition=Q(ended_at=None),
                name="once_on_a_care_team",
                violation_error_message=_("This clinician is on the care team already."),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(ended_at=None, is_primary=True),
                name="one_primary_clinician",
                violation_error_message=_("This client has a primary clinician already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinician", "client"], condition=Q(ended_at=None), name="cared_for_by_a_clinician"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clinician_id} for {self.client_id}"

    @transaction.atomic
    def make_primary(self, *, by: User, now: datetime) -> None:
        """Takes over from whoever was primary. Raises ValidationError when the membership has ended."""
        self.client.lock()
        self.refresh_from_db(fields=["is_primary", "ended_at"])
        if self.ended_at is not None:
            raise ValidationError(_("This clinician is not on the care team any more."))
        if self.is_primary:
            return
        team = CareTeamMember.objects.standing().filter(client=self.client_id)
        team.filter(is_primary=True).update(is_primary=False)
        self.is_primary = True
        self.save(update_fields=["is_primary"])
        self.tell("primary", by=by, now=now)

    @transaction.atomic
    def end(self, *, by: User, now: datetime) -> None:
        """Ends the membership; twice is once. Raises ValidationError for the primary clinician of a
        client who lives here: without one, nobody is told when check-ins are missed (K6)."""
        self.client.lock()
        self.refresh_from_db(fields=["is_primary", "ended_at"])
        if self.ended_at is not None:
            return
        if self.is_primary and self.client.stays.not_over(timezone.localdate(now)).exists():
            raise ValidationError(_("Make somebody else the primary clinician first."))
        self.ended_at = now
        self.save(update_fields=["ended_at"])
        self.tell("ended", by=by, now=now)

    @transaction.atomic
    def hand_over(self, *, to: User | None, by: User, now: datetime) -> None:
        """Another clinician in this place, or nobody. Raises ValidationError as `appoint` and `end` do."""
        self.client.lock()
        self.refresh_from_db(fields=["is_primary", "ended_at"])
        if self.ended_at is None and to is not None:
            team = CareTeamMember.objects
            team.appoint(client=self.client, clinician=to, is_primary=self.is_primary, by=by, now=now)
        self.end(by=by, now=now)

    def tell(self, change: str, *, by: User, now: datetime) -> None:
        """The client in the app, and the record: one notice a day, however many changes."""
        from accounts.notices import post_care_team

        detail = f"{self.clinician.chosen_name[:50]}, {change}"
        AuditEvent.objects.record(AuditEvent.Act.CARE_TEAM, by=by, about=self.client, detail=detail, now=now)
        post_care_team(self.client, now)
