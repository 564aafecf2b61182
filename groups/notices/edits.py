"""Places that a change of the plan took away, and those that come back when it is undone (T8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from groups.notices.moving import MOVED, once_each
from groups.notices.places import CANCELLED, PLACE, place_page
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from groups.models import Booking

NEEDS_PLACE = "groups.needs_place"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=NEEDS_PLACE,
            notice=_("A change took a place of yours away. Your clinician is looking for another."),
            page=place_page,
            wanted=place_is_missing,
            for_residents=True,
            capped=False,
        )
    )


def place_is_missing(notification: Notification, now: datetime) -> bool:
    """Not once the change was undone, or another was found for each place. It is told of the first only."""
    from groups.models import Booking

    theirs = Booking.objects.filter(client=notification.recipient_id)
    return theirs.filter(needs_place_since__isnull=False).exists()


def post_lost(bookings: Iterable[Booking], now: datetime, *, off: Iterable[Booking] = ()) -> None:
    """Bookings as they were: who had a confirmed place needs another, the others hear that it is off, and so
    do those of `off`, who come on another day. Each client hears it once for the whole change."""
    from groups.models.booking import State

    rows = list(bookings)
    needing = once_each(row for row in rows if row.state == State.CONFIRMED)
    others = once_each([*(row for row in rows if row.state != State.CONFIRMED), *off])
    Notification.objects.post_many(
        [message(NEEDS_PLACE, row, row.pk, now) for row in needing]
        + [message(CANCELLED, row, row.session_id, now) for row in others]
    )


def post_reopened(bookings: Iterable[Booking], now: datetime) -> None:
    """Places that are there again, told once to each client. Told anew, also to whom a place opened on the
    same day before."""
    rows = list(bookings)
    forget(PLACE, [row.pk for row in rows], rows, now)
    forget(NEEDS_PLACE, [row.pk for row in rows], rows, now)
    Notification.objects.post_many(message(PLACE, row, row.pk, now) for row in once_each(rows))


def moved_again(bookings: Iterable[Booking], now: datetime) -> None:
    """What was said about these earlier today holds no more, and is said anew."""
    rows = list(bookings)
    forget(MOVED, [row.session_id for row in rows], rows, now)


def forget(kind: str, about: list[UUID], bookings: list[Booking], now: datetime) -> None:
    today = {row.client.local_day(now) for row in bookings}
    theirs = Notification.objects.filter(recipient__in=[row.client_id for row in bookings])
    theirs.filter(kind=kind, about__in=about, due_on__in=today).delete()


def message(kind: str, row: Booking, about: UUID, now: datetime) -> dict[str, Any]:
    return {
        "recipient": row.client,
        "kind": kind,
        "about": about,
        "due_on": row.client.local_day(now),
        "not_before": now,
        "not_after": row.session.ends_at,
    }
