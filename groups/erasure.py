"""What groups forget of a person (A8). Who was in a past session stays, under a name that nobody has."""

from datetime import datetime

from accounts.models import User
from groups import leaving
from groups.models import (
    AgreementAcceptance,
    Booking,
    CalendarFeed,
    Company,
    Distance,
    Encouragement,
    JoinRequest,
    Membership,
)


def forget(client: User, now: datetime) -> None:
    """Each place ahead goes to the first in line (B3). The first part: sessions are held before people."""
    sessions = leaving.hold(client, now)
    leaving.release(client, sessions, since=now, now=now)
    Booking.objects.filter(client=client, session__starts_at__gt=now).delete()
    for row in Booking.objects.filter(client=client).exclude(priority_sealed=None):
        row.forget_priority()
    AgreementAcceptance.objects.filter(client=client).delete()
    CalendarFeed.objects.filter(client=client).delete()
    Membership.objects.filter(client=client).delete()
    JoinRequest.objects.filter(client=client).delete()
    Company.objects.end(client)
    Encouragement.objects.end(client)
    Distance.objects.of(client).delete()
