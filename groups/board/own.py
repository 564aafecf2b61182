"""A client's own week: day by day, as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from groups.board.dates import span, week_of

if TYPE_CHECKING:
    from groups.models.session import Session


@dataclass
class Day:
    date: date
    sessions: list[Session] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


class OwnWeek:
    def __init__(self, monday: date, sessions: Iterable[Session]) -> None:
        self.monday = monday
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
        return week_of(self.monday - timedelta(days=7))

    @property
    def next(self) -> str:
        return week_of(self.monday + timedelta(days=7))
