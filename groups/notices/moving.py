"""A session that has another time or another room (T8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from groups.models import Booking

MOVED = "groups.moved"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=MOVED,
            notice=_("Something on your calendar has another time or place."),
            page=lambda notification: reverse("groups:session_detail", args=[notification.about]),
            for_residents=True,
        )
    )


def post_moved(bookings: Iterable[Booking], now: datetime) -> None:
    """To each client once for each session; the bookings come with their sessions as they are now."""
    Notification.objects.post_many(
        {
            "recipient": booking.client,
            "kind": MOVED,
            "about": booking.session_id,
            "due_on": booking.client.local_day(now),
            "not_before": now,
            "not_after": booking.session.ends_at,
        }
        for booking in bookings
    )
