"""A series that rests, and meets again (T9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from groups.models import Booking, Suspension

RESTS = "groups.rests"
MEETS_AGAIN = "groups.meets_again"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=RESTS,
            notice=_("Something on your calendar rests for a while. Your place stays yours."),
            page=resting_page,
            wanted=still_rests,
            for_residents=True,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=MEETS_AGAIN,
            notice=_("Something on your calendar takes place again."),
            page=group_page,
            wanted=meets_again,
            for_residents=True,
        )
    )


def resting_page(notification: Notification) -> str:
    """The first session of theirs that rests: it says until when."""
    from groups.models import Session
    from groups.models.booking import ACTIVE

    theirs = {"bookings__client": notification.recipient, "bookings__state__in": ACTIVE}
    first = Session.objects.filter(suspension=notification.about, **theirs).in_order().first()
    return first.get_absolute_url() if first else group_page(notification)


def group_page(notification: Notification) -> str:
    group = group_of(notification.about)
    return reverse("groups:group_detail", args=[group]) if group else reverse("groups:week")


def group_of(suspension: UUID) -> UUID | None:
    from groups.models import Suspension

    return Suspension.objects.filter(pk=suspension).values_list("series__group", flat=True).first()


def still_rests(notification: Notification, now: datetime) -> bool:
    """Not once it was lifted, nor for whoever gave up what they had in these days."""
    from groups.models import Session
    from groups.models.booking import ACTIVE

    resting = Session.objects.not_cancelled().filter(suspension=notification.about, starts_at__gt=now)
    theirs = {"bookings__client": notification.recipient, "bookings__state__in": ACTIVE}
    return resting.filter(suspension__lifted_at=None, **theirs).exists()


def meets_again(notification: Notification, now: datetime) -> bool:
    """Not for whoever left it meanwhile, nor where the group has come to an end or rests once more."""
    from groups.models import Session
    from groups.models.booking import ACTIVE

    ahead = Session.objects.upcoming(now).filter(group=group_of(notification.about))
    theirs = {"bookings__client": notification.recipient, "bookings__state__in": ACTIVE}
    return ahead.filter(**theirs).exists()


def post_rests(suspension: Suspension, bookings: Iterable[Booking], now: datetime) -> None:
    """To each client once. That it meets again lies ready from the start, for the morning after the end."""
    people = list(bookings)
    Notification.objects.post_many(
        {
            "recipient": booking.client,
            "kind": RESTS,
            "about": suspension.pk,
            "due_on": booking.client.local_day(now),
            "not_before": now,
        }
        for booking in people
    )
    Notification.objects.post_many(again(suspension, booking) for booking in people)


def again(suspension: Suspension, booking: Booking) -> dict[str, object]:
    day = suspension.last + timedelta(days=1)
    morning = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_default_timezone())
    return {
        "recipient": booking.client,
        "kind": MEETS_AGAIN,
        "about": suspension.pk,
        "due_on": day,
        "not_before": morning,
    }


def post_meets_again(suspension: Suspension, bookings: Iterable[Booking], now: datetime) -> None:
    """Before the end: what lies ready goes out now, to those alone who are still on a session."""
    people = list(bookings)
    Notification.objects.post_many(again(suspension, booking) for booking in people)
    ready = Notification.objects.filter(kind=MEETS_AGAIN, about=suspension.pk, state=Notification.State.DUE)
    to_tell = [booking.client_id for booking in people]
    ready.exclude(recipient__in=to_tell).update(state=Notification.State.DROPPED)
    ready.filter(recipient__in=to_tell).update(not_before=now)


def go_on_resting(was: Suspension, now_in: Suspension) -> None:
    """The end of one rest is that of another from now on: it is said once."""
    ready = Notification.objects.filter(kind=MEETS_AGAIN, about=was.pk, state=Notification.State.DUE)
    ready.update(about=now_in.pk)
