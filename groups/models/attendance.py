from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups.models.facilitator import leads

if TYPE_CHECKING:
    from groups.models.session import Session

OPENS_BEFORE = timedelta(minutes=15)  # B7
EDITABLE_FOR = timedelta(days=7)  # B7, after the end

KIND_WORDS = {  # what a client reads of their own mark
    "present": _("You were there"),
    "late": _("You were there"),
    "left_early": _("You were there"),
    "excused": _("You let us know"),
    "absent": _("We missed you"),
    "not_required": "",
}


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: User) -> AttendanceQuerySet:
        """One's own; those of sessions one leads; those of the clients one cares for."""
        return Attendance.seen_by.rows(self, user)

    def with_place(self) -> AttendanceQuerySet:
        """Adds `without_place`: they came to the door, and have taken no place since (B7)."""
        from groups.models.booking import Booking

        place = Booking.objects.confirmed().filter(session=OuterRef("session"), client=OuterRef("client"))
        came = ExpressionWrapper(Q(walked_in=True) & ~Q(Exists(place)), output_field=models.BooleanField())
        return self.annotate(without_place=came)


class Attendance(models.Model):
    """What a facilitator recorded. No row means unrecorded, which is never absent (B7)."""

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        LEFT_EARLY = "left_early", _("Left early")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")
        NOT_REQUIRED = "not_required", _("Not required")

    MARKS = State.choices[:5]  # what a facilitator can choose
    WAS_THERE = State.choices[:3]  # for who came without a place

    session: models.ForeignKey[Session] = models.ForeignKey(
        "groups.Session", on_delete=models.PROTECT, related_name="attendance"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendance")
    state = models.CharField(max_length=12, choices=State)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    walked_in = models.BooleanField(default=False)  # came to the door without a place; takes none (B7)

    objects = AttendanceQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads("session"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "client"], name="one_attendance_per_client_and_session"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["present", "late", "left_early", "excused", "absent", "not_required"]),
                name="known_attendance",
            ),
            models.CheckConstraint(
                condition=Q(walked_in=False) | Q(state__in=["present", "late", "left_early"]),
                name="walk_in_was_there",
                violation_error_message=_("Somebody who came without a place was there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.state}"
