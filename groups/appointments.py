"""What a client's calendar program reads (T10): their places as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDuration

from groups.models.booking import Booking, State

if TYPE_CHECKING:
    from groups.models import CalendarFeed

KEPT_FOR = timedelta(days=30)  # what is over, and since when something was cancelled
ASK_AGAIN = timedelta(
    hours=1
)  # a cancelled session should be seen on the same day; an answer without news costs little
FORM = 1  # raise it when the file is written differently, or programs keep the old one
# Neither the program nor its host: a calendar is synced to other people's computers.
MAKER, PLACE_OF_UIDS = "-//Appointments//Calendar 1.0//EN", "appointments.invalid"


class Appointment(NamedTuple):
    """One event. Names stand here only for whoever asked for them."""

    session: UUID
    state: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    group: str = ""
    room: str = ""


COLUMNS = ["session_id", "state", *(f"session__{name}" for name in Appointment._fields[2:6])]
NAMES = ["session__group__name", "session__room__name"]


def of_feed(feed: CalendarFeed, now: datetime) -> list[Appointment]:
    """Confirmed places, and those that ended with their session; one query. Nobody waits in a calendar (B5).

    A session that rests is left out: it is taken up again or cancelled, and its row then says which (T9).
    """
    since = now - KEPT_FOR
    standing = Q(session__cancelled_at=None, session__suspension=None)
    coming = standing & Q(state=State.CONFIRMED, session__starts_at__gte=since)
    cancelled = Q(
        state=State.SESSION_CANCELLED, closed_from=State.CONFIRMED, session__cancelled_at__gte=since
    )
    rows = Booking.objects.filter(coming | cancelled, client=feed.client_id)
    rows = rows.order_by("session__starts_at", "session_id")
    columns = COLUMNS + NAMES if feed.shows_detail else COLUMNS
    found = (Appointment(*row) for row in rows.values_list(*columns))
    # A session cancelled twice has two closed places of one client, and is one event.
    return list({row.session: row for row in found}.values())


def etag(feed: CalendarFeed, appointments: list[Appointment], language: str) -> str:
    """Of all that the file says, so that it need not be written to know that nothing is new."""
    digest = hashlib.sha256(f"{FORM} {feed.pk} {language}".encode())
    for row in appointments:
        when = (row.changed_at.timestamp(), row.starts_at.timestamp(), row.ends_at.timestamp())
        said = (row.session.hex, row.state, row.sequence, *when, row.group, row.room)
        digest.update(repr(said).encode())
    return f'"{digest.hexdigest()[:32]}"'


def written(appointments: list[Appointment]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _("Appointments"))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN).to_ical().decode())
    for row in appointments:
        calendar.add_component(event(row))
    if not appointments:  # a calendar without any component is none (RFC 5545, 3.6)
        calendar.add_component(Timezone.from_tzid("UTC"))
    return calendar.to_ical()


def event(row: Appointment) -> Event:
    """Times in UTC: each session is a row with its own two moments, so no rule and no zone is needed for a
    calendar to show them right, also across a change of the clocks (T2)."""
    made = Event()
    made.add("uid", f"{row.session}@{PLACE_OF_UIDS}")
    made.add("sequence", row.sequence)
    made.add("dtstamp", row.changed_at.astimezone(UTC))
    made.add("last-modified", row.changed_at.astimezone(UTC))
    made.add("dtstart", row.starts_at.astimezone(UTC))
    made.add("dtend", row.ends_at.astimezone(UTC))
    made.add("status", "CONFIRMED" if row.state == State.CONFIRMED else "CANCELLED")
    made.add("summary", row.group or _("Appointment"))
    if row.room:
        made.add("location", row.room)
    made.add("class", "PRIVATE")
    made.add("transp", "OPAQUE" if row.state == State.CONFIRMED else "TRANSPARENT")
    return made
