"""What one member of staff may read about one person: the page composes it from every app."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccessRecord, CareTeamMember, Contact, OutreachTask, Stay, User
from accounts.models.contact import TAKE_BACK_WITHIN
from accounts.who import who_can_see
from checkins.models import CheckIn
from checkins.models.check_in import DayOf
from checkins.picture import Picture
from groups.models import Attendance, Booking, Session
from recovery_site.home import emergency

DAYS_BACK = DAYS_AHEAD = 7  # of bookings beside the check-ins
CONTACTS_SHOWN = 10


def page_of(person: User, *, reader: User, now: datetime) -> dict[str, Any]:
    """One person as `reader` may see them. Each look at a client is noted (A5)."""
    today = timezone.localdate(now)
    context: dict[str, Any] = {"person_shown": person, "today": today}
    if not person.is_client:
        return context | colleague(person, reader, now)
    note(person, reader=reader, now=now)
    context |= stay_and_team(person, reader, today)
    context["emergencies"] = emergency.recent(person, reader=reader)
    if not reader.is_clinician:
        return context
    what = AccessRecord.What.ATTENDANCE
    AccessRecord.objects.note(actor=reader, subjects=[person.pk], what=what, now=now)
    days = CheckIn.objects.for_clinician(person, by=reader, now=now)
    context["a_check_in"] = CheckIn(client=person)  # for the line that says who reads such a row
    return context | check_ins(days) | places(person, reader, now) | talks(person, reader, now)


def note(client: User, *, reader: User, now: datetime) -> None:
    """That `reader` looked at this person's page (A5)."""
    what = AccessRecord.What.PROFILE
    AccessRecord.objects.note(actor=reader, subjects=[client.pk], what=what, now=now)


def stay_and_team(client: User, reader: User, today: date) -> dict[str, Any]:
    """Stays, the care team as it is, and those who were on it."""
    stays = list(Stay.objects.visible_to(reader).filter(client=client))
    rows = CareTeamMember.objects.visible_to(reader).filter(client=client).select_related("clinician")
    members = list(rows.primary_first())
    return {
        "stays": stays,
        "open_stay": next((stay for stay in stays if stay.is_open(today)), None),
        "team": [member for member in members if member.ended_at is None],
        "former": [member for member in members if member.ended_at is not None],
        "who": who_sees(client, reader),
    }


def colleague(person: User, reader: User, now: datetime) -> dict[str, Any]:
    """What somebody of the staff has in hand."""
    clients = User.objects.visible_to(reader).cared_for_by(person)
    sessions = Session.objects.visible_to(reader).not_cancelled().led_by(person)
    return {
        "clients": clients.order_by(Lower("chosen_name"), "pk"),
        "sessions_ahead": sessions.filter(starts_at__gt=now).count() if person.is_clinician else 0,
    }


def talks(client: User, reader: User, now: datetime) -> dict[str, Any]:
    """Who should talk to them, and who did; what the reader noted a moment ago can be taken back (K6)."""
    waiting = OutreachTask.objects.visible_to(reader).open().filter(client=client)
    contacts = Contact.objects.visible_to(reader).filter(client=client).select_related("clinician")
    shown = list(contacts[:CONTACTS_SHOWN])
    mine = [talk for talk in shown if talk.clinician_id == reader.pk]
    return {
        "waiting": waiting.select_related("taken_by"),
        "contacts": shown,
        "slip": next((talk for talk in mine if talk.at > now - TAKE_BACK_WITHIN), None),
        "talked_today": any(timezone.localdate(talk.at) == timezone.localdate(now) for talk in mine),
    }


def who_sees(client: User, reader: User) -> str:
    """Whoever has a closed account reads nothing any more."""
    seen = who_can_see(client, reader=reader)
    if not client.is_active:
        return seen
    return f"{seen} {_('%(client)s reads that you looked.') % {'client': client}}"


def check_ins(days: list[DayOf]) -> dict[str, Any]:
    trend = [(row.day, row.answers.mood if row.answers else None) for row in days]
    return {"picture": Picture(trend), "days": [row for row in reversed(days) if row.check_in]}


def places(client: User, reader: User, now: datetime) -> dict[str, Any]:
    """Sessions of the last days with what was recorded, and those ahead."""
    window = (now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_AHEAD))
    bookings = (
        Booking.objects.visible_to(reader)
        .active()
        .filter(client=client, session__starts_at__range=window)
        .select_related("session__group", "session__room")
        .order_by("session__starts_at")
        .distinct()
    )
    marks = Attendance.objects.visible_to(reader).filter(client=client, session__starts_at__range=window)
    words = {row.session_id: row.get_state_display() for row in marks}
    rows = [(booking, words.get(booking.session_id, "")) for booking in bookings]
    return {
        "ahead": [row for row in rows if row[0].session.starts_at > now],
        "past": [row for row in reversed(rows) if row[0].session.starts_at <= now],
    }
