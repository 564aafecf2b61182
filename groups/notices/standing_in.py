"""Said to those who lead: that one stands in for another, and that a session of theirs is changed (B9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.notices.again import post_again
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Session

STOOD_IN = "groups.stood_in"
LED_BY_ANOTHER = "groups.led_by_another"
PLAN_CHANGED = "groups.plan_changed"


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
    kinds.register(
        kinds.Kind(
            name=PLAN_CHANGED,
            notice=_("A session of yours was changed. See your week."),
            page=lambda notification: reverse("groups:schedule"),
        )
    )


def session_page(notification: Notification) -> str:
    return reverse("groups:session_detail", args=[notification.about])


def post_to_leader(kind: str, person: User, session: Session, now: datetime) -> None:
    """To one of the staff: that they lead this session from now on, or no longer do."""
    message = {"recipient": person, "kind": kind, "about": session.pk, "due_on": person.local_day(now)}
    post_again([message], now, shown=True)


def post_plan_changed(people: Iterable[User], about: UUID, now: datetime) -> None:
    """To those who lead what somebody else moved, called off, or put back: once for the whole change."""
    messages = (
        {"recipient": one, "kind": PLAN_CHANGED, "about": about, "due_on": one.local_day(now)}
        for one in people
    )
    post_again(messages, now, shown=True)
