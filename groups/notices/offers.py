"""A place that is kept for somebody until they answer, and one that is kept no longer (B4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.notices.places import place_page
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from groups.models import Booking, Session

OFFER = "groups.offer"
OFFER_ENDED = "groups.offer_ended"
LINE_ENDED = "groups.line_ended"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=OFFER,
            notice=_("A place is kept for you for a while. Take it if you like."),
            page=place_page,
            wanted=offer_stands,
            for_residents=True,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=OFFER_ENDED,
            notice=_("An offer ended. You can wait again if you like."),
            page=place_page,
            wanted=offer_is_over,
            mails=False,
            for_residents=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=LINE_ENDED,
            notice=_("A group that you waited for takes people in another way now. See how."),
            page=group_page,
            mails=False,
            for_residents=True,
        )
    )


def group_page(notification: Notification) -> str:
    return reverse("groups:group_detail", args=[notification.about])


def offer_stands(notification: Notification, now: datetime) -> bool:
    from groups.models import Booking

    mine = Booking.objects.filter(pk=notification.about, state=Booking.State.OFFERED)
    return mine.filter(held_until__gt=now, session__suspension=None).exists()


def offer_is_over(notification: Notification, now: datetime) -> bool:
    """Not once they are on the list again, or the session has begun: then nobody can wait for it."""
    from groups.models import Booking

    ended = Booking.objects.filter(pk=notification.about, state=Booking.State.EXPIRED)
    row = ended.filter(session__starts_at__gt=now).first()
    here = Booking.objects.active().filter(client=notification.recipient_id)
    return row is not None and not here.filter(session=row.session_id).exists()


def post_offers(bookings: Collection[Booking], now: datetime) -> None:
    """Read in the app from now on, when the hold begins (K5). An offer of the same place that was put back
    earlier is said anew."""
    old = Notification.objects.filter(kind=OFFER, about__in=[row.pk for row in bookings])
    old.delete()
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": row.client,
                "kind": OFFER,
                "about": row.pk,
                "due_on": row.client.local_day(now),
                "not_after": row.held_until,
            }
            for row in bookings
        ),
    )


def shorten_offers(bookings: Collection[Booking], until: datetime) -> None:
    """What was read stands no longer than the offer itself, whose session is sooner now (B4, K5)."""
    sent = Notification.objects.filter(kind=OFFER, about__in=[row.pk for row in bookings])
    sent.filter(not_after__gt=until).update(not_after=until)


def lay_down_offers(bookings: QuerySet[Booking], now: datetime) -> None:
    """What is answered or over does not call any more. Asked while the offers still stand (B4)."""
    offered = bookings.filter(state="offered").order_by().values("pk")
    Notification.objects.filter(kind=OFFER, about__in=offered).unread().update(read_at=now)


def post_offers_ended(session: Session, bookings: Collection[Booking], now: datetime) -> None:
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": row.client,
                "kind": OFFER_ENDED,
                "about": row.pk,
                "due_on": row.client.local_day(now),
                "not_after": session.starts_at,
            }
            for row in bookings
        ),
    )


def post_line_ended(session: Session, bookings: Collection[Booking], now: datetime) -> None:
    """Once for the group, on however many of its days they waited (B6)."""
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": row.client,
                "kind": LINE_ENDED,
                "about": session.group_id,
                "due_on": row.client.local_day(now),
            }
            for row in bookings
        ),
    )
