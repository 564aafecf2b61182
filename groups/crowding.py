"""Coming sessions with more people than places, after places were taken away: nobody is evicted (C5)."""

from django.db.models import Count, F, Q
from django.db.models.functions import Least

from groups.models.booking import TAKING_A_PLACE
from groups.models.session import Session
from groups.models.session_queries import SessionQuerySet

LISTED = 12


def crowded(ahead: SessionQuerySet) -> list[Session]:
    """The first of them, in order of time, each with `taken`: one query."""
    taken = Count("bookings", filter=Q(bookings__state__in=TAKING_A_PLACE))
    rows = ahead.select_related("group", "room").annotate(
        on_it=taken, seats=Least(F("group__capacity"), F("room__capacity"))
    )
    found = list(rows.filter(on_it__gt=F("seats")).in_order()[:LISTED])
    for session in found:
        session.taken = session.on_it  # type: ignore[attr-defined]
    return found
