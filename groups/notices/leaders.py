"""Who leads: said to those who come, and to whoever was given something to lead (B9, A9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.notices.again import post_again
from notifications import kinds

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Booking

LEADS = "groups.leads"
HANDED_OVER = "groups.handed_over"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=LEADS,
            notice=_("Something you are on has other people in charge. See who will be in the room."),
            page=lambda notification: reverse("groups:session_detail", args=[notification.about]),
            for_residents=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=HANDED_OVER,
            notice=_("Sessions were put into your hands. They stand in your week."),
            page=lambda notification: reverse("groups:schedule"),
        )
    )


def post_leads(bookings: Iterable[Booking], now: datetime) -> None:
    """Who will be in the room (B9): to each client once, about the first of these sessions they are on."""
    first: dict[UUID, Booking] = {}
    for booking in bookings:
        first.setdefault(booking.client_id, booking)
    messages = (
        {
            "recipient": booking.client,
            "kind": LEADS,
            "about": booking.session_id,
            "due_on": booking.client.local_day(now),
            "not_before": now,
            "not_after": booking.session.ends_at,
        }
        for booking in first.values()
    )
    post_again(messages, now)


def post_handed_over(to: User, key: UUID, now: datetime) -> None:
    message = {"recipient": to, "kind": HANDED_OVER, "about": key, "due_on": to.local_day(now)}
    post_again([message], now, shown=True)
