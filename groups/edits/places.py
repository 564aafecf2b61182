"""Which places a change of a series costs, and which it gives back (C3, T8). Looking writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from accounts.models import Stay
from groups.answers import Answer, day_of
from groups.edits.plan import Plan
from groups.models import Admission, Booking, Membership, Session
from groups.models.apologies import EXPECTED_IN
from groups.models.booking import BookingQuerySet, State
from groups.transitions import Event

type Hours = tuple[datetime, datetime]
A_DAY = timedelta(days=1)  # none lasts as long


@dataclass
class Places:
    """Bookings as they are now, each with its session as it would be."""

    lost: list[Booking] = field(default_factory=list)
    back: list[Booking] = field(default_factory=list)

    def write(self, now: datetime) -> None:
        """Nobody vanishes: who has something else then needs another place (T8)."""
        Booking.objects.of(self.lost).pass_all(Event.REMOVE, now=now, needs_place_since=now)
        Booking.objects.of(self.lost).look_no_further()
        Booking.objects.of(self.back).come_back(now=now, needs_place_since=None)
        for row in self.back:
            row.state = State.CONFIRMED if row.closed_from == State.CONFIRMED else State.WAITLISTED


@dataclass
class Calendar:
    """When each of some clients is in another session, and lives in the house."""

    busy: dict[UUID, list[Hours]] = field(default_factory=lambda: defaultdict(list))
    stays: dict[UUID, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    members: dict[UUID, list[Membership]] | None = None  # of a closed group

    def is_free(self, client: UUID, one: Session) -> bool:
        return not any(start < one.ends_at and end > one.starts_at for start, end in self.busy[client])

    def is_home(self, client: UUID, on: date) -> bool:
        return any(first <= on and (last is None or on < last) for first, last in self.stays[client])

    def belongs(self, client: UUID, on: date) -> bool:
        return self.members is None or any(row.holds_on(on) for row in self.members[client])

    def takes(self, row: Booking, one: Session) -> bool:
        """Whether they can come then; if so, it stands in the way of what is asked next. One may wait in two
        places (C3). Who left a closed group comes no more (B6)."""
        waits = row.closed_from in (State.OFFERED, State.WAITLISTED)
        here = self.is_home(row.client_id, one.local_date) and self.belongs(row.client_id, one.local_date)
        comes = here and (waits or self.is_free(row.client_id, one))
        if comes and not waits:
            self.busy[row.client_id].append((one.starts_at, one.ends_at))
        return comes


def of(plan: Plan) -> Places:
    """Asked before anything is saved. Who has a place comes before who had one."""
    at = {one.pk: one for one in plan.standing}
    elsewhen = plan.elsewhen & at.keys()
    rows = [*Booking.objects.confirmed().filter(session__in=elsewhen), *closed(plan)] if at else []
    rows.sort(key=lambda row: (row.closed_at is not None, at[row.session_id].starts_at, row.pk))
    found, seen = Places(), set[tuple[UUID, UUID]]()
    calendar = calendar_of({row.client_id for row in rows}, at, {*elsewhen, *(one.pk for one in plan.gone)})
    if plan.series.group.admission == Admission.CLOSED:
        calendar.members = members_of(plan.series.group_id, {row.client_id for row in rows})
    for row in rows:
        row.session = at[row.session_id]
        key = (row.session_id, row.client_id)
        comes = key not in seen and calendar.takes(row, row.session)
        seen |= {key} if comes else set()
        if comes == (row.closed_at is not None):
            (found.back if comes else found.lost).append(row)
    return found


def closed(plan: Plan) -> BookingQuerySet:
    """Of days that are back: places that nobody replaced meanwhile, and the lines that ended with them."""
    needed = Q(needs_place_since__isnull=False, closed_from=State.CONFIRMED)
    waits = [State.OFFERED, State.WAITLISTED]  # an offer is none any more (B2)
    waited = Q(closed_from__in=waits, closed_at=F("session__cancelled_at"))
    # Where people come without asking nobody looked for another place (B6).
    expected = Q(closed_from=State.CONFIRMED, closed_at=F("session__cancelled_at"))
    expected &= Q(session__group__admission__in=EXPECTED_IN)
    rows = Booking.objects.filter(needed | waited | expected, session__in=[one.pk for one in plan.revived])
    return rows.filter(client__is_active=True)


def calendar_of(clients: set[UUID], at: dict[UUID, Session], but: set[UUID]) -> Calendar:
    """Without the sessions of `but`, which are elsewhere by then."""
    calendar = Calendar()
    if not clients:
        return calendar
    first, last = min(one.starts_at for one in at.values()), max(one.ends_at for one in at.values())
    theirs = Booking.objects.confirmed().filter(client__in=clients, session__cancelled_at=None)
    near = theirs.filter(session__starts_at__gt=first - A_DAY, session__starts_at__lt=last).order_by()
    columns = ("client", "session", "session__starts_at", "session__ends_at")
    for client, session, start, end in near.values_list(*columns):
        if session not in but:
            calendar.busy[client].append((start, end))
    stays = Stay.objects.filter(client__in=clients).values_list("client", "admitted_on", "discharged_on")
    for client, admitted, discharged in stays:
        calendar.stays[client].append((admitted, discharged))
    return calendar


def members_of(group: UUID, clients: set[UUID]) -> dict[UUID, list[Membership]]:
    found: dict[UUID, list[Membership]] = defaultdict(list)
    for row in Membership.objects.filter(group=group, client__in=clients):
        found[row.client_id].append(row)
    return found


def clients_concerned(plan: Plan, answer: Answer) -> set[UUID]:
    """Those on a session that would be elsewhere, and those who may come back."""
    roomed = {one.pk for one in plan.standing if day_of(one) in answer.rooms}
    there = Booking.objects.active().filter(session__in=plan.moved | roomed).order_by()
    back = closed(plan).order_by().values_list("client", flat=True) if plan.revived else ()
    return {*there.values_list("client", flat=True), *back}
