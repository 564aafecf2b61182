"""Who and what is taken when, asked for many sessions at once (C1, C2).

However many sessions are planned, it takes a handful of queries, which read only rows of the rooms and people
concerned on the days concerned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import User
from groups.clashes.words import Clash
from groups.models.facilitator import Facilitator
from groups.models.room import TURNOVER_MINUTES_AT_MOST, Room
from groups.refusals import HasLeft, RoomClosed

if TYPE_CHECKING:
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet

type Leaders = Iterable[User] | Mapping[UUID, Iterable[User]] | None

ONE_DAY = timedelta(days=1)
TURNOVER = timedelta(minutes=TURNOVER_MINUTES_AT_MOST)


@dataclass
class Busy:
    """When each of several rooms or people is taken, and by which session. Intervals are half-open (T4)."""

    on: dict[tuple[UUID, date], list[tuple[datetime, datetime, UUID]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    allowed: set[tuple[UUID, UUID]] = field(default_factory=set)  # person and session (C2)

    def add(self, who: UUID, start: datetime, end: datetime, session: UUID) -> None:
        for day in days_of(start, end):
            self.on[who, day].append((start, end, session))

    def during(self, who: UUID, start: datetime, end: datetime) -> list[UUID]:
        """The sessions then, in order of time."""
        found = {
            (begins, session)
            for day in days_of(start, end)
            for begins, ends, session in self.on.get((who, day), ())
            if begins < end and start < ends
        }
        return [session for _begins, session in sorted(found)]


def days_of(start: datetime, end: datetime) -> Iterator[date]:
    day = start.date()
    while day <= end.date():
        yield day
        day += ONE_DAY


def hold(rooms: Iterable[Room], people: Iterable[User], *, clients: Iterable[UUID] = ()) -> None:
    """Whoever plans in these rooms or with these people waits until the transaction ends.

    Rooms come before people, and clients before staff as in accounts, each by key, so that none blocks
    another: whoever needs clients too names them here. What is planned after this knows the turnover as it is
    now (C1). Raises HasLeft for somebody whose account was closed, or whose role was changed, a moment ago
    (A9), and RoomClosed likewise.
    """
    rooms = list(rooms)
    held = Room.objects.select_for_update(no_key=True).filter(pk__in={room.pk for room in rooms})
    found = {room.pk: room for room in held.order_by("pk")}
    for room in rooms:
        if found[room.pk].closed_at and not room.closed_at:
            raise RoomClosed
        room.turnover_minutes, room.capacity = found[room.pk].turnover_minutes, found[room.pk].capacity
    ids = {person.pk for person in people}
    for group in (set(clients), ids):
        if group:
            User.objects.hold(group)
    if User.objects.active().clinicians().filter(pk__in=ids).count() < len(ids):
        raise HasLeft


def find(planned: Collection[Session], people: Leaders = None) -> list[Clash]:
    """Every clash of these sessions as they would be, saved or not, in order of time.

    They clash with what stands in the database, and with each other; never with where they themselves stand
    there now. `people` would lead all of them, or are given for each by its key. Without it, those count who
    lead each saved session today; but not whom a manager let be in two places (C2): that was said of what
    stood there then, so it counts for anything new or moved.
    """
    standing = [session for session in planned if session.cancelled_at is None]
    if not standing:
        return []
    leaders = who_leads(standing, people)
    rooms = taken_rooms(standing, {session.room_id for session in standing})
    faces = taken_people(standing, {person.pk for group in leaders.values() for person in group})
    found: list[tuple[Session, Room | User, UUID]] = []
    for session in sorted(standing, key=lambda one: (one.starts_at, one.pk)):
        start, end, free_at = session.starts_at, session.ends_at, session.room_free_at
        for other in rooms.during(session.room_id, start, free_at):
            found.append((session, session.room, other))
        rooms.add(session.room_id, start, free_at, session.pk)
        for person in leaders[session.pk]:
            found += [(session, person, other) for other in faces.during(person.pk, start, end)]
            faces.add(person.pk, start, end, session.pk)
    return in_words(not_allowed(found, faces), standing)


def not_allowed(
    found: list[tuple[Session, Room | User, UUID]], faces: Busy
) -> list[tuple[Session, Room | User, UUID]]:
    """Without those who are in two places already, at these very times, because a manager let them (C2)."""
    in_doubt = {session.pk for session, who, other in found if (who.pk, other) in faces.allowed}
    if not in_doubt:
        return found
    led = Facilitator.objects.filter(session__in=in_doubt, session__cancelled_at=None)
    there = set(led.values_list("session", "person", "session__starts_at", "session__ends_at"))
    return [
        (session, who, other)
        for session, who, other in found
        if (who.pk, other) not in faces.allowed
        or (session.pk, who.pk, session.starts_at, session.ends_at) not in there
    ]


def in_words(found: list[tuple[Session, Room | User, UUID]], planned: list[Session]) -> list[Clash]:
    from groups.models.session import Session

    own = {session.pk: session for session in planned}
    ids = {other for _session, _who, other in found} - own.keys()
    others = own | (Session.objects.with_faces().in_bulk(ids) if ids else {})
    return [Clash(session, who, others[other]) for session, who, other in found]


def who_leads(planned: list[Session], people: Leaders) -> dict[UUID, list[User]]:
    if people is None:
        rows = Facilitator.objects.filter(session__in=[session.pk for session in planned])
        leaders: dict[UUID, list[User]] = {session.pk: [] for session in planned}
        for row in rows.filter(overlap_allowed_by=None).select_related("person"):
            leaders[row.session_id].append(row.person)  # type: ignore[index]
        return leaders
    if isinstance(people, Mapping):
        return {session.pk: list(people.get(session.pk, ())) for session in planned}
    everybody = list(people)
    return {session.pk: everybody for session in planned}


def near(planned: list[Session]) -> SessionQuerySet:
    """What stands on those days or the days beside them, cancelled ones and the planned themselves left out.

    By day and by start, so that the database can take whichever index is the narrower.
    """
    from groups.models.session import Session

    days = {session.local_date + ONE_DAY * step for session in planned for step in (-1, 0, 1)}
    return (
        Session.objects.not_cancelled()
        .filter(
            local_date__in=days,
            starts_at__lt=max(session.room_free_at for session in planned) + TURNOVER,
            starts_at__gt=min(session.starts_at for session in planned) - ONE_DAY,
        )
        .exclude(pk__in=[session.pk for session in planned if not session._state.adding])
        .order_by()
    )


def taken_rooms(planned: list[Session], rooms: set[UUID] | None = None) -> Busy:
    """All rooms, when none are named."""
    busy, rows = Busy(), near(planned)
    if rooms is not None:
        rows = rows.filter(room__in=rooms)
    for who, start, end, session in rows.values_list("room_id", "starts_at", "room_free_at", "pk"):
        busy.add(who, start, end, session)
    return busy


def taken_people(planned: list[Session], people: set[UUID]) -> Busy:
    busy = Busy()
    if not people:
        return busy
    rows = near(planned).filter(facilitators__person__in=people)
    facts = ("facilitators__person", "starts_at", "ends_at", "pk", "facilitators__overlap_allowed_by")
    for who, start, end, session, allowed in rows.values_list(*facts):
        busy.add(who, start, end, session)
        if allowed:
            busy.allowed.add((who, session))
    return busy


def free_rooms(planned: Collection[Session]) -> list[Room]:
    """Open rooms that are free at every one of these times, each with its own turnover (C1)."""
    sessions = list(planned)
    rooms = Room.objects.filter(closed_at=None).order_by("name")
    if not sessions:
        return list(rooms)
    busy = taken_rooms(sessions)
    return [room for room in rooms if not any(is_taken(busy, room, session) for session in sessions)]


def is_taken(busy: Busy, room: Room, session: Session) -> bool:
    free_at = session.ends_at + timedelta(minutes=room.turnover_minutes)
    return bool(busy.during(room.pk, session.starts_at, free_at))
