"""Staff of whom one leads a session in place of another (B9)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Session

STOOD_IN = "groups.stood_in"
LED_BY_ANOTHER = "groups.led_by_another"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=STOOD_IN,
            notice=_("You stand in for somebody. It stands in your week."),
            page=session_page,
        )
    )
    kinds.register(
        kinds.Kind(
            name=LED_BY_ANOTHER,
            notice=_("Somebody else leads a session in your place. See who it is."),
            page=session_page,
        )
    )


def session_page(notification: Notification) -> str:
    return reverse("groups:session_detail", args=[notification.about])


def post_to_leader(kind: str, person: User, session: Session, now: datetime) -> None:
    """To one of the staff: that they lead this session from now on, or no longer do."""
    message = {"recipient": person, "kind": kind, "about": session.pk, "due_on": person.local_day(now)}
    Notification.objects.post_shown(now, message)
