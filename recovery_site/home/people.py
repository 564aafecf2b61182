"""What one member of staff may read about the people: the lists, and one person's page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import AccessRecord, Stay, User
from accounts.models.user import UserQuerySet
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

    @property
    def since(self) -> str:
        return _("since %(day)s") % {"day": date_format(self.stay.admitted_on, "j F")} if self.stay else ""

    @property
    def dates(self) -> str:
        """Also the end of the stay, where one is known."""
        if self.stay is None or self.stay.discharged_on is None:
            return self.since
        first, last = (date_format(day, "j F Y") for day in (self.stay.admitted_on, self.stay.discharged_on))
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    def is_here(self, on: date) -> bool:
        return self.stay is not None and is_current(self.stay, on)


def rows_of(people: UserQuerySet, own: set[UUID] | None = None) -> list[Row]:
    """By name, each with the latest stay. Only those in `own` may be opened, if it is given."""
    stays = Prefetch("stays", to_attr="listed_stays")
    named = people.order_by("chosen_name").only("chosen_name", "pronouns", "role").prefetch_related(stays)
    return [Row(person, latest(person.listed_stays), own is None or person.pk in own) for person in named]


def latest(stays: list[Stay]) -> Stay | None:
    return max(stays, key=lambda stay: stay.admitted_on, default=None)


def in_the_house(clinician: User, on: date) -> dict[str, Any]:
    """The names and dates of everybody in the house; one's own clients lead to their page."""
    own = set(User.objects.cared_for_by(clinician).values_list("pk", flat=True))
    rows = rows_of(User.objects.listed_for(clinician, on), own)
    return {"own": [row for row in rows if row.may_open], "others": [row for row in rows if not row.may_open]}


def everybody(manager: User, on: date) -> dict[str, Any]:
    rows = rows_of(User.objects.listed_for(manager, on))
    clients = [row for row in rows if row.person.is_client]
    return {
        "here": [row for row in clients if row.is_here(on)],
        "away": [row for row in clients if not row.is_here(on)],
        "staff": [row.person for row in rows if not row.person.is_client],
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
