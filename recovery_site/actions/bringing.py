"""A reminder for oneself: this page goes with me to that session. It opens nothing to anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Bringing, User
from groups.models import Session
from journal.models import Entry

AHEAD = timedelta(weeks=2)


def places_to_bring_to(client: User, now: datetime) -> list[Session]:
    """The sessions of the next two weeks on which they have a place."""
    mine = client.bookings.confirmed().filter(session__starts_at__lt=now + AHEAD)
    ahead = Session.objects.visible_to(client).upcoming(now).filter(pk__in=mine.values("session"))
    return list(ahead.select_related("group", "room").in_order())


@transaction.atomic
def bring(entry: Entry, session: Session, *, by: User, now: datetime) -> bool:
    """Twice is once. False where the page was deleted or the place given up meanwhile."""
    by.hold_to("journal.write_entry")
    stands = Entry.objects.visible_to(by).standing().filter(pk=entry.pk)
    has_place = by.bookings.confirmed().filter(session=session)
    if not (stands.exists() and has_place.exists()):
        return False
    Bringing.objects.bring(entry_id=entry.pk, session_id=session.pk, by=by, now=now)
    return True
