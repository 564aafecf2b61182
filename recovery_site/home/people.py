"""What one member of staff may read about the people: the lists, and one person's page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import AccessRecord, Stay, User
from checkins.models import CheckIn
from checkins.models.check_in import DayOf
from checkins.picture import Picture
from groups.models import Attendance, Booking

DAYS_BACK = DAYS_AHEAD = 7  # of bookings beside the check-ins


@dataclass(frozen=True)
class Row:
    """One client in a list."""

    person: User
    stay: Stay | None
    may_open: bool

    @classmethod
    def of(cls, person: User, own: set[UUID] | None = None) -> "Row":
        stays = sorted(person.stays.all(), key=lambda stay: stay.admitted_on)
        return cls(person, stays[-1] if stays else None, own is None or person.pk in own)


def in_the_house(clinician: User, on: date) -> dict[str, Any]:
    """The names and dates of everybody in the house; one's own clients lead to their page."""
    own = set(User.objects.cared_for_by(clinician).values_list("pk", flat=True))
    people = User.objects.listed_for(clinician, on).order_by("chosen_name").prefetch_related("stays")
    rows = [Row.of(person, own) for person in people]
    return {"own": [row for row in rows if row.may_open], "others": [row for row in rows if not row.may_open]}


def everybody(manager: User, on: date) -> dict[str, Any]:
    people = User.objects.listed_for(manager, on).order_by("chosen_name").prefetch_related("stays")
    clients = [Row.of(person) for person in people if person.is_client]
    here = [row for row in clients if row.stay and is_current(row.stay, on)]
    return {
        "here": here,
        "away": [row for row in clients if row not in here],
        "staff": [person for person in people if not person.is_client],
    }


def is_current(stay: Stay, on: date) -> bool:
    return stay.admitted_on <= on and (stay.discharged_on is None or stay.discharged_on > on)


def page_of(person: User, *, reader: User, now: datetime) -> dict[str, Any]:
    """One person as `reader` may see them. Each look at a client is noted (A5)."""
    context: dict[str, Any] = {"person_shown": person, "today": timezone.localdate(now)}
    if not person.is_client:
        clients = User.objects.visible_to(reader).cared_for_by(person)
        return context | {"clients": clients.order_by("chosen_name")}
    look = AccessRecord.What
    AccessRecord.objects.note(actor=reader, subjects=[person.pk], what=look.PROFILE, now=now)
    team = list(team_of(person))
    context |= {"stays": list(person.stays.all()), "team": team, "who": who_sees(person, team, reader)}
    if not reader.is_clinician:
        return context
    AccessRecord.objects.note(actor=reader, subjects=[person.pk], what=look.ATTENDANCE, now=now)
    days = CheckIn.objects.for_clinician(person, by=reader, now=now)
    return context | check_ins(days) | places(person, reader, now)


def team_of(client: User) -> Any:
    """Primary first, with whether they are it as `leads`."""
    return client.care_team().annotate(leads=F("client_rows__is_primary"))


def who_sees(client: User, team: list[User], reader: User) -> str:
    names = get_text_list([str(clinician) for clinician in team] or [_("nobody")], _("and"))
    if reader.is_clinician:
        return _("%(client)s and the care team see this: %(names)s. %(client)s reads that you looked.") % {
            "client": client,
            "names": names,
        }
    return _("%(client)s, the care team and managers see this. %(client)s reads that you looked.") % {
        "client": client
    }


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
