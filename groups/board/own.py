"""A client's own week: day by day as a list, or hour by hour as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.board.dates import span, week_of
from groups.board.pauses import Pauses
from groups.board.rows import Row
from groups.board.ways import Way
from groups.board.week import Week

if TYPE_CHECKING:
    from uuid import UUID

    from groups.models.session import Session

HOURS = "hours"  # of ?look=


@dataclass
class Day:
    date: date
    sessions: list[Session] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


class OwnWeek:
    def __init__(self, monday: date, sessions: Iterable[Session], look: str = "") -> None:
        self.monday, self.look = monday, look if look == HOURS else ""
        days = {monday + timedelta(days=n): Day(monday + timedelta(days=n)) for n in range(7)}
        for session in sessions:
            if day := days.get(timezone.localtime(session.starts_at).date()):
                day.sessions.append(session)
        self.days = list(days.values())

    @property
    def is_empty(self) -> bool:
        return not any(day.sessions for day in self.days)

    @property
    def title(self) -> str:
        return span(self.days[0].date, self.days[-1].date)

    @property
    def previous(self) -> str:
        return address(self.monday - timedelta(days=7), self.look)

    @property
    def this(self) -> str:
        return address(None, self.look)

    @property
    def next(self) -> str:
        return address(self.monday + timedelta(days=7), self.look)

    @property
    def looks(self) -> list[Way]:
        """The two ways to look at it. Which one somebody chose stands in the address and nowhere else."""
        return [
            Way(_("As a list"), address(self.monday, ""), not self.look),
            Way(_("By the hour"), address(self.monday, HOURS), self.look == HOURS),
        ]

    @property
    def picture(self) -> OwnPicture | None:
        """None where a list was asked for, or is easier to read."""
        if self.look != HOURS or self.is_empty:
            return None
        drawn = OwnPicture(self)
        return None if drawn.is_crowded else drawn


def address(monday: date | None, look: str) -> str:
    given = {"week": week_of(monday) if monday else "", "look": look}
    path, query = reverse("groups:week"), urlencode({name: value for name, value in given.items() if value})
    return f"{path}?{query}" if query else path


class OwnPicture(Week):
    """The same sessions as the board of the house shows them: days across, quarters of an hour down.

    Nothing more is asked: what a slot says of a session is what the list says.
    """

    def __init__(self, week: OwnWeek) -> None:
        sessions = [session for day in week.days for session in day.sessions]
        self.sessions: dict[UUID, Session] = {session.pk: session for session in sessions}
        super().__init__(week.monday, [row_of(session) for session in sessions], Pauses())


def row_of(session: Session) -> Row:
    return Row(
        pk=session.pk,
        group=session.group.name,
        kind=session.group.kind,
        capacity=session.capacity,
        room_id=session.room_id,
        room=session.room.name,
        day=session.local_date,
        starts=timezone.localtime(session.starts_at),
        ends=timezone.localtime(session.ends_at),
        cancelled=session.cancelled_at is not None,
        resting=session.rests,
        own_time=False,
        own_room=False,
    )
