"""Sessions that could take a client whose place was lost (T8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import Stay
from groups.models import Admission, AgreementAcceptance, Booking, Session, places
from groups.models.prerequisite import not_too_early_for

WEEKS_AHEAD = 4
SHOWN, OF_A_GROUP = 12, 4


def fitting(booking: Booking, now: datetime) -> list[tuple[Session, bool]]:
    """Sessions with a free place at a time when this client is here and nowhere else, the same group first.

    Each with whether the client has agreed to what the group promises each other (B6). Three queries.
    """
    client, group = booking.client, booking.session.group_id
    here = Stay.objects.current(OuterRef("local_date")).filter(client=client)
    taken = client.bookings.confirmed().filter(
        session__starts_at__lt=OuterRef("ends_at"), session__ends_at__gt=OuterRef("starts_at")
    )
    open_to_them = Q(group__admission=Admission.OPEN) | Q(group=group)
    ahead = Session.objects.upcoming(now).soon(now, weeks=WEEKS_AHEAD).filter(open_to_them, suspension=None)
    fits = ahead.filter(not_too_early_for(client), Exists(here), ~Exists(taken), group__ended_at=None)
    found = list(fits.select_related("group", "room").in_order())
    places.total(found)
    free = [one for one in found if one.free > 0 and not one.waiting]
    shown = sorted(few_of_each(free), key=lambda one: one.group_id != group)[:SHOWN]
    promised = set(AgreementAcceptance.objects.filter(client=client).values_list("group", "version"))
    return [
        (one, not one.group.agreement or (one.group_id, one.group.agreement_version) in promised)
        for one in shown
    ]


def few_of_each(sessions: Iterable[Session]) -> Iterator[Session]:
    """The first of each group, so that one that meets each day leaves room for others."""
    seen: Counter[UUID] = Counter()
    for session in sessions:
        seen[session.group_id] += 1
        if seen[session.group_id] <= OF_A_GROUP:
            yield session
