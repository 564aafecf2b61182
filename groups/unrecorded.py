"""Sheets that are still blank a day after the session: asked for once of those who led it (B7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from groups import notices
from groups.models import Attendance, Booking, Session
from groups.models.attendance import EDITABLE_FOR
from groups.models.session_queries import SessionQuerySet

LATE_AFTER = timedelta(hours=24)  # B7
A_DAY = timedelta(days=1)  # no session lasts as long, so that the index by start serves


def left_blank(now: datetime) -> SessionQuerySet:
    """Over for [24] hours, and somebody on the list has no mark, which can still be made."""
    marked = Attendance.objects.filter(session=OuterRef("session"), client=OuterRef("client"))
    blank = Booking.objects.confirmed().filter(~Exists(marked), session=OuterRef("pk"))
    meanwhile = {"ends_at__gt": now - EDITABLE_FOR, "ends_at__lte": now - LATE_AFTER}
    lately = Session.objects.meeting().filter(starts_at__gt=now - EDITABLE_FOR - A_DAY, **meanwhile)
    return lately.filter(Exists(blank))


def ask_for_sheets(now: datetime) -> int:
    """Tells those who led each of them, however often and late it runs; how many sheets are blank."""
    found = list(left_blank(now).prefetch_related("facilitators__person"))
    for session in found:
        people = [person for person in session.people if person.is_active]
        due_on = timezone.localdate(session.ends_at + LATE_AFTER)
        notices.post_sheet(session, people, due_on=due_on, until=session.ends_at + EDITABLE_FOR, now=now)
    return len(found)
