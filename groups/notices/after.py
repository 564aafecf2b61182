"""What is told after a session: to whoever cares for a client who was missed (B8), to whoever led it (B7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import OutreachTask, User
    from groups.models import Session

MISSED = "groups.missed"
SHEET = "groups.sheet"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=MISSED,
            notice=_("Someone you care for was missed twice in a row. It stands on Today."),
            page=lambda notification: reverse("home:today"),
            wanted=nobody_goes_yet,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=SHEET,
            notice=_("Attendance of a session that you led is still to be marked."),
            page=lambda notification: reverse("groups:attendance", args=[notification.about]),
            wanted=has_blanks,
        )
    )


def nobody_goes_yet(notification: Notification, now: datetime) -> bool:
    from accounts.models import OutreachTask

    return OutreachTask.objects.in_no_hands().filter(pk=notification.about).exists()


def has_blanks(notification: Notification, now: datetime) -> bool:
    """Not once the sheet is filled or closed, nor for whoever does not lead it any more."""
    from groups.unrecorded import left_blank

    mine = left_blank(now).filter(pk=notification.about, facilitators__person=notification.recipient)
    return mine.exists()


def post_missed(task: OutreachTask, clinician: User, now: datetime) -> None:
    message = {"recipient": clinician, "kind": MISSED, "about": task.pk, "due_on": clinician.local_day(now)}
    Notification.objects.post_shown(now, message)


def post_sheet(
    session: Session, people: Iterable[User], *, due_on: date, until: datetime, now: datetime
) -> None:
    """Once to each: the day on which it was due is part of what makes the message one."""
    same = {"kind": SHEET, "about": session.pk, "due_on": due_on, "not_after": until}
    Notification.objects.post_shown(now, *({"recipient": one, **same} for one in people))
