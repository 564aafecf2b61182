"""A session that has another time or another room (T8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

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


def once_each(bookings: Iterable[Booking]) -> list[Booking]:
    """For each client the first of these: what is said of it says enough of the others."""
    first: dict[UUID, Booking] = {}
    for booking in sorted(bookings, key=lambda one: (one.session.starts_at, one.pk)):
        first.setdefault(booking.client_id, booking)
    return list(first.values())


def post_moved(bookings: Iterable[Booking], now: datetime) -> None:
    """To each client once for a whole change; the bookings come with their sessions as they are now."""
    Notification.objects.post_many(
        {
            "recipient": booking.client,
            "kind": MOVED,
            "about": booking.session_id,
            "due_on": booking.client.local_day(now),
            "not_before": now,
            "not_after": booking.session.ends_at,
        }
        for booking in once_each(bookings)
    )
