"""A session that was called off, and one that takes place after all (B9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.notices.again import post_again
from groups.notices.places import CANCELLED
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from groups.models import Booking, Session

TAKES_PLACE = "groups.takes_place"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=CANCELLED,
            notice=_("Something on your calendar was cancelled."),
            page=session_page,
            wanted=is_off,
            for_residents=True,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=TAKES_PLACE,
            notice=_("Something on your calendar takes place after all."),
            page=session_page,
            wanted=is_on,
            for_residents=True,
            capped=False,
        )
    )


def session_page(notification: Notification) -> str:
    return reverse("groups:session_detail", args=[notification.about])


def is_off(notification: Notification, now: datetime) -> bool:
    return not is_on(notification, now)


def is_on(notification: Notification, now: datetime) -> bool:
    from groups.models import Session

    return Session.objects.not_cancelled().filter(pk=notification.about).exists()


def post_cancelled(session: Session, bookings: Iterable[Booking], now: datetime) -> None:
    post(CANCELLED, session, bookings, now)


def post_takes_place(session: Session, bookings: Iterable[Booking], now: datetime) -> None:
    post(TAKES_PLACE, session, bookings, now)


def post(kind: str, session: Session, bookings: Iterable[Booking], now: datetime) -> None:
    """To each client once a day, and once more when it was taken back meanwhile."""
    post_again(
        (
            {
                "recipient": booking.client,
                "kind": kind,
                "about": session.pk,
                "due_on": booking.client.local_day(now),
                "not_before": now,
                "not_after": session.ends_at,
            }
            for booking in bookings
        ),
        now,
    )
