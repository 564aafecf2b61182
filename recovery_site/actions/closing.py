"""The end of the time in which somebody who left can still read, export and delete (A6)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import leaving
from accounts.models import User
from groups.models import CalendarFeed
from notifications.models import Notification


def close_departed(now: datetime) -> int:
    """Closes the accounts whose last day is over, and tells how many. Nothing is deleted: they wait, sealed.

    A transaction each, so that one account never holds up the others, and whoever came back a moment ago
    stays open.
    """
    return sum(close_one(client, now) for client in User.objects.departed(timezone.localdate(now)))


@transaction.atomic
def close_one(client: User, now: datetime) -> bool:
    client.lock()
    standing = User.objects.departed(timezone.localdate(now)).filter(pk=client.pk).first()
    if standing is None:
        return False
    standing.close(by=None, now=now)
    CalendarFeed.objects.filter(client=standing).end(now=now)
    Notification.objects.drop(standing)
    return True


def tell_before_closing(now: datetime) -> None:
    """Tells those whose account closes within a week, once."""
    for client in User.objects.departing(timezone.localdate(now), days=leaving.DAYS_BEFORE):
        leaving.post_closes_soon(client, now)
