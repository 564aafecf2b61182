"""What was recorded in a group from one day to another: numbers for a page, names for a file (B6, B7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.models import Attendance, Booking, Facilitator, Group, Session
from groups.models.session_queries import SessionQuerySet

if TYPE_CHECKING:
    from accounts.models import User

COUNTED = [Attendance.State(value) for value, _label in Attendance.MARKS]
WORDS = [*(state.label for state in COUNTED), gettext_lazy("Unrecorded")]
READ_AT_ONCE = 50  # sessions


def is_open_to(user: User, group: Group, now: datetime) -> bool:
    """To managers, who get numbers, and to those who lead the group or a session of it (B9)."""
    if not user.has_perm("groups.record_attendance"):
        return user.has_perm("groups.count_attendance")
    mine = Facilitator.objects.filter(person=user)
    reading = mine.reading(now).filter(session__group=group)
    return mine.filter(series__group=group).exists() or reading.exists()


def read_by(user: User, group: Group, now: datetime) -> SessionQuerySet:
    """Sessions of the group that took place and whose marks this person may add up."""
    begun = held(user, group, now)
    return begun if user.has_perm("groups.count_attendance") else begun.read_by(user, now)


def held(user: User, group: Group, now: datetime) -> SessionQuerySet:
    return Session.objects.visible_to(user).meeting().filter(group=group, starts_at__lte=now)


def led_by_others(user: User, group: Group, now: datetime) -> SessionQuerySet:
    """Those of the group that this person does not add up: a substitute led them, or a colleague (B9)."""
    if user.has_perm("groups.count_attendance"):
        return Session.objects.none()
    return held(user, group, now).exclude(pk__in=Facilitator.objects.filter(person=user).values("session"))


def left_out(number: int) -> str:
    """So that nobody takes what is there for all that took place. Empty where nothing is missing."""
    words = ngettext(
        "%d session in these days was led by somebody else and is not in it.",
        "%d sessions in these days were led by somebody else and are not in it.",
        number,
    )
    return words % number if number else ""


@dataclass
class Line:
    """One session in numbers, which name nobody."""

    session: Session
    marks: Counter[str]

    @property
    def counts(self) -> list[tuple[object, int]]:
        """By the WORDS. The last is of those without a mark: unrecorded is never absent (B7)."""
        numbers = [*(self.marks[state] for state in COUNTED), self.session.blanks]
        return list(zip(WORDS, numbers, strict=True))


def lines(sessions: SessionQuerySet) -> list[Line]:
    """In the order of time, in two queries."""
    marks: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    added = Attendance.objects.filter(session__in=sessions.values("pk")).values_list("session", "state")
    for session, state, number in added.annotate(number=Count("pk")).order_by():
        marks[session][state] = number
    found = sessions.with_turnout().select_related("room").in_order()
    return [Line(session, marks[session.pk]) for session in found]


class Mark(NamedTuple):
    """One person at one session; `state` is empty while nothing is recorded."""

    at: datetime
    session: UUID
    client: UUID
    name: str
    state: str = ""
    walked_in: bool = False
    by: str = ""
    recorded_at: datetime | None = None


def marks(sessions: Any, user: User) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What is recorded, and the places without a mark, of those whom this person may see."""
    start = {"at": F("session__starts_at"), "name": F("client__chosen_name")}
    recorded = Attendance.objects.visible_to(user).filter(session__in=sessions)
    marked = Attendance.objects.filter(session=OuterRef("session"), client=OuterRef("client"))
    blank = Booking.objects.visible_to(user).confirmed().filter(~Exists(marked), session__in=sessions)
    first = ("at", "session", "client", "name")
    return (
        recorded.with_place()
        .annotate(by=F("recorded_by__chosen_name"), **start)
        .values_list(*first, "state", "without_place", "by", "recorded_at"),
        blank.annotate(**start).values_list(*first),
    )


def people(sessions: SessionQuerySet, user: User) -> set[UUID]:
    """Whose names stand in the file."""
    found = marks(sessions.values("pk"), user)
    return {client for rows in found for client in rows.values_list("client", flat=True)}


def named(sessions: SessionQuerySet, user: User) -> Iterator[Mark]:
    """Session by session, in each by name. Some sessions are read at a time, however many there are."""
    ids = list(sessions.order_by("starts_at", "pk").values_list("pk", flat=True))
    for some in batched(ids, READ_AT_ONCE, strict=False):
        found = [Mark(*row) for rows in marks(some, user) for row in rows]
        yield from sorted(found, key=lambda row: (row.at, row.session, row.name.casefold(), row.client))


def of_people(sessions: SessionQuerySet, user: User, missing: str = "") -> Iterator[list[str]]:
    """The rows of the file with names: what is `missing` from it, then what stands below."""
    if missing:
        yield [missing]
    yield [
        _("Day"),
        _("Start"),
        _("Name"),
        _("Mark"),
        _("Came without a place"),
        _("Noted by"),
        _("Noted at"),
    ]
    for row in named(sessions, user):
        label = str(Attendance.State(row.state).label) if row.state else _("Unrecorded")
        walked_in = _("yes") if row.walked_in else ""
        yield [
            *day_and_time(row.at),
            row.name,
            label,
            walked_in,
            row.by,
            " ".join(day_and_time(row.recorded_at)),
        ]


def of_sessions(sessions: SessionQuerySet) -> Iterator[list[str]]:
    """The rows of the file with numbers alone."""
    yield [_("Day"), _("Start"), *(str(word) for word in WORDS)]
    for line in lines(sessions):
        yield [*day_and_time(line.session.starts_at), *(str(number) for _word, number in line.counts)]


def day_and_time(at: datetime | None) -> list[str]:
    """In the program's zone, as every spreadsheet sorts it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}".split() if at else []


def between(sessions: SessionQuerySet, first: date, last: date) -> SessionQuerySet:
    return sessions.filter(local_date__range=(first, last))
