"""The sessions of a board, read as plain rows: fifty models take longer to read than to draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.board.pauses import Pauses
from groups.models.booking import ACTIVE, TAKING_A_PLACE, Booking, State
from groups.models.facilitator import Facilitator
from groups.models.group import Kind

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session_queries import SessionQuerySet

TONES = {Kind.THERAPY: "clay", Kind.FAMILY: "clay", Kind.ART: "gold", Kind.MEAL: "gold"}
LEADING = (
    *("facilitators__person_id", "facilitators__person__chosen_name", "facilitators__role"),
    "facilitators__stands_in_for_id",
)
ORDER = ("starts_at", "group__name", "pk", "-facilitators__role", "facilitators__pk")
FIELDS = (
    *("pk", "group__name", "group__kind", "group__capacity", "room_id", "room__name", "room__capacity"),
    *("local_date", "starts_at", "ends_at", "cancelled_at", "suspension_id", "own_time", "own_room"),
)


class Lead(NamedTuple):
    person_id: UUID
    name: str
    role: str
    instead_of: UUID | None
    away: bool


@dataclass(eq=False)
class Row:
    pk: UUID
    group: str
    kind: str
    capacity: int  # the smaller of the group's and the room's (C5)
    room_id: UUID
    room: str
    day: date
    starts: datetime  # local, as are the ends
    ends: datetime
    cancelled: bool
    resting: bool  # its series is suspended (T9)
    own_time: bool
    own_room: bool
    leads: list[Lead] = field(default_factory=list)
    taken: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, pk: UUID, zone: tzinfo, *facts: Any) -> Row:
        """From the columns of FIELDS."""
        group, kind, places, room_id, room, seats, day, starts, ends, off, rests, time, place = facts
        starts, ends, seats = starts.astimezone(zone), ends.astimezone(zone), min(places, seats)
        off, rests = off is not None, rests is not None
        return cls(pk, group, kind, seats, room_id, room, day, starts, ends, off, rests, time, place)

    @cached_property
    def tone(self) -> str:
        return "off" if self.cancelled else "rests" if self.resting else TONES.get(Kind(self.kind), "")

    def is_unled(self, now: datetime) -> bool:
        """Somebody has to be found: nobody leads it, or whoever does is away that day."""
        there = any(not lead.away for lead in self.leads)
        return not (there or self.cancelled or self.resting or now >= self.ends)

    @property
    def names(self) -> str:
        return ", ".join(lead.name for lead in self.leads)

    def marks(self, now: datetime) -> list[str]:
        """In words what is unlike other sessions: colour alone tells nobody."""
        if self.cancelled or self.resting:
            return [_("Cancelled") if self.cancelled else _("Resting")]
        words = []
        if self.is_unled(now):
            words.append(_("needs someone to lead it"))
        if self.taken >= self.capacity:
            words.append(_("full"))
        if self.waiting:
            words.append(_("%(number)s waiting") % {"number": self.waiting})
        for lead in self.leads:
            if lead.role == Facilitator.Role.SUBSTITUTE:
                words.append(_("%(name)s stands in") % {"name": lead.name})
        if self.own_time or self.own_room:
            words.append(_("not its usual time") if self.own_time else _("not its usual room"))
        return words

    def may_be_moved_by(self, user: User, now: datetime) -> bool:
        """As Session.is_in_hands_of, of a row; and nothing that is called off, or has begun, moves."""
        if self.cancelled or now >= self.starts:
            return False
        mine = any(user.pk in (lead.person_id, lead.instead_of) for lead in self.leads)
        return user.is_manager or mine or (user.is_clinician and not self.leads)


def read(sessions: SessionQuerySet, resting: Pauses) -> list[Row]:
    """In order of time, with who leads and how full each is: two queries. Withdrawn ones stay away."""
    found: dict[UUID, Row] = {}
    zone = timezone.get_current_timezone()
    rows = sessions.filter(withdrawn_by=None).order_by(*ORDER).values_list(*FIELDS, *LEADING)
    for pk, *facts, person, name, role, instead_of in rows:
        if pk not in found:
            found[pk] = Row.of(pk, zone, *facts)
        if person:
            away = resting.is_away(person, found[pk].day)
            found[pk].leads.append(Lead(person, name, role, instead_of, away))
    count(found)
    return list(found.values())


def count(found: dict[UUID, Row]) -> None:
    """By the days that are shown: a long list of sessions takes longer to send than its bookings to count."""
    if not found:
        return
    days = (min(row.day for row in found.values()), max(row.day for row in found.values()))
    bookings = Booking.objects.filter(state__in=ACTIVE, session__local_date__range=days).order_by()
    for pk, state, number in bookings.values_list("session_id", "state").annotate(number=Count("pk")):
        if (row := found.get(pk)) is None:
            continue
        if state in TAKING_A_PLACE:
            row.taken += number
        elif state == State.WAITLISTED:
            row.waiting += number


def unled(rows: Iterable[Row], now: datetime) -> list[Row]:
    return [row for row in rows if row.is_unled(now)]
