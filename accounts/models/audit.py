from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.who import MANAGERS, Rule

if TYPE_CHECKING:
    from accounts.models.user import User


class Act(models.TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    SIGNED_OUT = "signed_out", _("signed out")
    TRIES = "tries", _("too many wrong passwords")
    SECOND_FACTOR = "second_factor", _("changed the second step of signing in")
    PASSWORD = "password", _("changed the password")
    INVITED = "invited", _("invited somebody")
    INVITATION_REVOKED = "invitation_revoked", _("took an invitation back")
    INVITATION_USED = "invitation_used", _("accepted an invitation")
    CARD_ASKED = "card_asked", _("asked for a new sign-in card")
    CARD_APPROVED = "card_approved", _("approved a new sign-in card")
    CARD_USED = "card_used", _("signed in with a new card")
    ROLE = "role", _("changed a role")
    ADMITTED = "admitted", _("began a stay")
    STAY_CHANGED = "stay_changed", _("changed a stay")
    DISCHARGED = "discharged", _("ended a stay")
    CARE_TEAM = "care_team", _("changed a care team")
    EMERGENCY = "emergency", _("opened a page in an emergency")
    EXPORTED = "exported", _("downloaded their data")
    ERASED = "erased", _("had their data deleted")
    CLOSED = "closed", _("closed an account")
    REOPENED = "reopened", _("reopened an account")
    HANDED_OVER = "handed_over", _("handed work over")
    PRIORITY_GIVEN = "priority_given", _("let somebody come first in a waitlist")
    PRIORITY_LIFTED = "priority_lifted", _("took back that somebody comes first in a waitlist")


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def record(
        self, act: str, *, by: User | None, about: User | None = None, detail: str = "", now: datetime
    ) -> None:
        """Adds one line. `by` is None for the command line and the nightly work; no free text in `detail`."""
        self.create(
            act=act,
            actor_id=by.pk if by else None,
            subject_id=about.pk if about else None,
            detail=detail,
            at=now,
        )

    def visible_to(self, user: User) -> AuditEventQuerySet:
        return AuditEvent.seen_by.rows(self, user)

    def downloads_of(self, person: User) -> AuditEventQuerySet:
        """When a person's own data was downloaded, which they may know like a look at it."""
        return self.filter(act=Act.EXPORTED, subject_id=person.pk).newest_first()

    def newest_first(self) -> AuditEventQuerySet:
        return self.order_by("-at", "-pk")

    def after(self, last: AuditEvent) -> AuditEventQuerySet:
        """What comes behind that one when the newest come first; an index finds where it begins."""
        return self.filter(Q(at__lt=last.at) | Q(pk__lt=last.pk), at__lte=last.at)

    def around(self, person_id: UUID) -> AuditEventQuerySet:
        """What this person did, and what was done about them."""
        return self.filter(Q(actor_id=person_id) | Q(subject_id=person_id))

    def on_days(self, first: date | None, last: date | None) -> AuditEventQuerySet:
        """Both days included, by the program's clock."""
        rows = self.filter(at__gte=begin_of(first)) if first else self
        return rows.filter(at__lt=begin_of(last + timedelta(days=1))) if last else rows


class AuditEvent(models.Model):
    """An administrative act: who did what to whom, and when. Append-only, in the database too."""

    Act = Act

    # Bare ids from birth: the record outlives the accounts.
    actor_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    act = models.CharField(max_length=24, choices=Act)
    detail = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    objects = AuditEventQuerySet.as_manager()
    seen_by = Rule(MANAGERS)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest_first"),
            models.Index(fields=["act", "-at", "-id"], name="audit_by_act"),
            models.Index(fields=["actor_id", "-at", "-id"], name="audit_by_actor"),
            models.Index(fields=["subject_id", "-at", "-id"], name="audit_by_subject"),
            models.Index(fields=["subject_id", "act", "-at", "-id"], name="audit_of_one_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.act} at {self.at:%Y-%m-%d %H:%M}"
