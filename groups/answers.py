"""What somebody decided about dates that clash: nothing is saved before each has its answer (C4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import User
from groups import clashes
from groups.clashes import Clash, Clashes
from groups.models.room import Room

if TYPE_CHECKING:
    from groups.clashes.search import Leaders
    from groups.models.session import Session


@dataclass(frozen=True)
class Answer:
    """Names the days that were on the page when it was given, so that nothing else is touched."""

    skip: frozenset[date] = frozenset()
    rooms: Mapping[date, Room] = field(default_factory=dict)
    twice: frozenset[date] = frozenset()  # days on which a manager lets people be in two places (C2)
    reason: str = ""  # in the manager's words

    def allows(self, clash: Clash, by: User) -> bool:
        may = bool(self.reason) and by.has_perm("groups.allow_overlap")
        return may and isinstance(clash.who, User) and day_of(clash.planned) in self.twice


NO_ANSWER = Answer()


@dataclass(frozen=True)
class Settled:
    sessions: list[Session]  # as they can be saved, some in another room
    skipped: list[Session]
    allowed: frozenset[tuple[UUID, UUID]]  # session and person, in two places


def day_of(session: Session) -> date:
    """What an answer calls this session by: the day its rule gave, which never moves."""
    return session.rule_date or session.local_date


def settle(planned: Collection[Session], people: Leaders = None, *, answer: Answer, by: User) -> Settled:
    """These sessions after the answer. Raises Clashes, with all that were found, while one of them is open.

    Only what clashes is touched: a date that came free since takes place as planned.
    """
    found = clashes.find(planned, people)
    off = {clash.planned.pk for clash in found}
    roomless = {clash.planned.pk for clash in found if isinstance(clash.who, Room)}
    skipped = [session for session in planned if session.pk in off and day_of(session) in answer.skip]
    kept = [session for session in planned if session not in skipped]
    moved = [session for session in kept if session.pk in roomless and day_of(session) in answer.rooms]
    before = [(session, session.room, session.own_room) for session in moved]
    for session in moved:
        put_in(session, answer.rooms[day_of(session)], own=True)
    left = clashes.find(kept, people) if found else []
    if not all(answer.allows(clash, by) for clash in left):
        for session, room, own in before:
            put_in(session, room, own=own)
        raise Clashes(found)
    return Settled(kept, skipped, frozenset((clash.planned.pk, clash.who.pk) for clash in left))


def put_in(session: Session, room: Room, *, own: bool) -> None:
    session.room, session.own_room = room, own
    session.room_free_at = session.ends_at + timedelta(minutes=room.turnover_minutes)
