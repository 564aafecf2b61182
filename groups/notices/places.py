"""A place that opened (B3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from groups.models import Booking, Session

PLACE = "groups.place"
CANCELLED = "groups.cancelled"  # of `calling_off`


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=PLACE,
            notice=_("A place opened for you, and you are in."),
            page=place_page,
            wanted=place_is_wanted,
            for_residents=True,
        )
    )


def place_page(notification: Notification) -> str:
    from groups.models import Booking

    session = Booking.objects.filter(pk=notification.about).values_list("session", flat=True).first()
    return reverse("groups:session_detail", args=[session]) if session else reverse("groups:week")


def place_is_wanted(notification: Notification, now: datetime) -> bool:
    from groups.models import Booking

    return Booking.objects.confirmed().filter(pk=notification.about, session__starts_at__gt=now).exists()


def post_place(session: Session, bookings: Iterable[Booking], now: datetime) -> None:
    Notification.objects.post_many(
        {
            "recipient": booking.client,
            "kind": PLACE,
            "about": booking.pk,
            "due_on": booking.client.local_day(now),
            "not_before": now,
            "not_after": session.starts_at,
        }
        for booking in bookings
    )
