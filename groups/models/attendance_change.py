from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups.models.attendance import Attendance
from groups.models.facilitator import leads

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


class AttendanceChangeQuerySet(models.QuerySet["AttendanceChange"]):
    def visible_to(self, user: User) -> AttendanceChangeQuerySet:
        return AttendanceChange.seen_by.rows(self, user)


class AttendanceChange(models.Model):
    """One mark that was made, altered or taken back: by whom, when, what it was and what it is (B7).

    The first mark is a change too, from nothing. Rows are only ever added.
    """

    session: models.ForeignKey[Session] = models.ForeignKey(
        "groups.Session", on_delete=models.PROTECT, related_name="attendance_changes"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    old = models.CharField(max_length=12, choices=Attendance.State, blank=True)
    new = models.CharField(max_length=12, choices=Attendance.State, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = AttendanceChangeQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads("session"))

    class Meta:
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(old=F("new")), name="attendance_change_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.old or 'nothing'} to {self.new or 'nothing'}"
