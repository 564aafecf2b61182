"""What this app tells people through the outbox: ids, never content."""

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
    from accounts.models import User
    from groups.models import Booking, Session

PLACE = "groups.place"
CANCELLED = "groups.cancelled"
LEADS = "groups.leads"
HANDED_OVER = "groups.handed_over"


def register() -> None:
    register_leaders()
    kinds.register(
        kinds.Kind(
            name=PLACE,
            notice=_("A place opened for you, and you are in."),
            page=place_page,
            wanted=place_is_wanted,
            for_residents=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=CANCELLED,
            notice=_("Something on your calendar was cancelled."),
            page=lambda notification: reverse("groups:session_detail", args=[notification.about]),
            for_residents=True,
        )
    )


def register_leaders() -> None:
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


def post_cancelled(session: Session, bookings: Iterable[Booking], now: datetime) -> None:
    Notification.objects.post_many(
        {
            "recipient": booking.client,
            "kind": CANCELLED,
            "about": session.pk,
            "due_on": booking.client.local_day(now),
            "not_before": now,
            "not_after": session.ends_at,
        }
        for booking in bookings
    )


def post_leads(bookings: Iterable[Booking], now: datetime) -> None:
    """Who will be in the room (B9): to each client once, about the first of these sessions they are on."""
    first: dict[UUID, Booking] = {}
    for booking in bookings:
        first.setdefault(booking.client_id, booking)
    Notification.objects.post_many(
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


def post_handed_over(to: User, key: UUID, now: datetime) -> None:
    Notification.objects.post_shown(
        now, {"recipient": to, "kind": HANDED_OVER, "about": key, "due_on": to.local_day(now)}
    )
