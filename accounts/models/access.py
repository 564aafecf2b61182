from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User


LINES = 30  # on a page of the log, and what else the last hour holds
LOOKS = 1000  # read for one page


class Line(NamedTuple):
    """What one person opened within an hour of the clock, however often: the last time (security, 3.4)."""

    at: datetime
    actor_id: uuid.UUID
    actor: str
    what: str

    @property
    def is_emergency(self) -> bool:
        return self.what == AccessRecord.What.EMERGENCY

    @property
    def words(self) -> str:
        return str(AccessRecord.What(self.what).label)


def hour_of(at: datetime) -> datetime:
    """When that hour began, by the program's clock."""
    return timezone.localtime(at).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def note(
        self,
        *,
        actor: User,
        subjects: Iterable[uuid.UUID],
        what: str,
        now: datetime | None = None,
        once_in: timedelta | None = None,
    ) -> None:
        """Records in one insert that `actor` looked at these people's rows; one's own are not noted (A5).

        With `once_in`, a look that goes on is one look: what was noted so shortly before is not noted again.
        """
        at = now or timezone.now()
        if once_in is not None:
            recent = self.filter(actor=actor, what=what, at__gt=at - once_in)
            subjects = set(subjects)
            subjects -= set(recent.filter(subject_id__in=subjects).values_list("subject_id", flat=True))
        AccessRecord.objects.bulk_create(
            AccessRecord(actor=actor, subject_id=subject, what=what, at=at)
            for subject in set(subjects)
            if subject != actor.pk
        )

    def visible_to(self, user: User) -> AccessRecordQuerySet:
        return AccessRecord.seen_by.rows(self, user)

    def lines(self, before: datetime | None = None) -> tuple[list[Line], datetime | None]:
        """The log of one person, newest first, and before when the next page begins; None at the end.

        A page holds whole hours, so no line goes on overleaf. Two queries, however long the log is.
        """
        rows = (self.filter(at__lt=before) if before else self).order_by("-at", "-pk")
        last = rows.values_list("at", flat=True)[LOOKS - 1 : LOOKS].first()
        more = hour = hour_of(last) if last else None
        found: dict[tuple[datetime, uuid.UUID, str], Line] = {}
        columns = rows.values_list("at", "actor_id", "actor__chosen_name", "what")
        for row in columns.filter(at__gte=more) if more else columns:
            line = Line(*row)
            if len(found) >= LINES and hour_of(line.at) != hour:
                return list(found.values()), hour
            hour = hour_of(line.at)
            found.setdefault((hour, line.actor_id, line.what), line)
        return list(found.values()), more


class AccessRecord(models.Model):
    """Who looked at whom, and when: append-only, read by the person it is about (A5)."""

    class What(models.TextChoices):
        CHECK_IN = "check_in", _("read your check-ins")
        SHARE = "share", _("read a page that you shared")
        ATTENDANCE = "attendance", _("looked at your groups and attendance")
        PROFILE = "profile", _("looked at your page")
        EMERGENCY = "emergency", _("opened your page in an emergency")
        DOWNLOAD = "download", _("took a list with your attendance along")

    # A bare id from birth: the record outlives the account.
    subject_id = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField()

    objects = AccessRecordQuerySet.as_manager()
    seen_by = Rule(Own("subject_id"))

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-at"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.what} {self.subject_id}"
