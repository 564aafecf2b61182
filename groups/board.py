"""A week as the board shows it: days across, quarters of an hour down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groups.models.group import Kind

if TYPE_CHECKING:
    from groups.models.session import Session

FIRST_HOUR, LAST_HOUR = 8, 18  # of a quiet week; a session before or after makes the board longer
LONGEST = 32  # quarters of an hour, eight hours: what places.css knows
TONES = {Kind.THERAPY: "clay", Kind.FAMILY: "clay", Kind.ART: "gold", Kind.MEAL: "gold"}
WEEK = re.compile(r"(20[0-9]{2})-W([0-9]{2})")


def monday_of(week: str) -> date | None:
    """The Monday of an ISO week such as 2026-W48; None for anything else. Years 2000 to 2099."""
    match = WEEK.fullmatch(week)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None


def week_of(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def span(first: date, last: date) -> str:
    """ "23 to 27 November", with the month or year of the first day where it differs."""
    pattern = "j" if first.month == last.month else "j F" if first.year == last.year else "j F Y"
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, pattern),
        "last": date_format(last, "j F" if last.year == timezone.localdate().year else "j F Y"),
    }


@dataclass
class Slot:
    session: Session
    starts: datetime  # local, as are the ends
    ends: datetime
    row: int = 0  # in quarters of an hour from the top of the board
    height: int = 2
    lane: int = 0  # 0 takes the whole width of its day

    @property
    def place(self) -> str:
        """Classes of places.css and board.css."""
        column = f"from-{self.lane}" if self.lane else "whole"
        return f"r{self.row + 1} h{self.height} {column}"

    @property
    def tone(self) -> str:
        return "off" if self.session.cancelled_at else TONES.get(Kind(self.session.group.kind), "")

    @property
    def clock(self) -> str:
        return f"{self.starts:%-H:%M}"

    @property
    def words(self) -> str:
        """What stands under the name, before the room: who may still come, who waits, who is missing."""
        session = self.session
        if session.cancelled_at:
            return _("Cancelled")
        words = [f"{session.taken}/{session.capacity}"]
        if session.waiting:
            words.append(_("%(number)s waiting") % {"number": session.waiting})
        if not session.leaders and not session.is_over:
            words.append(_("needs someone to lead it"))
        return ", ".join(words)


@dataclass
class Day:
    date: date
    slots: list[Slot] = field(default_factory=list)
    lanes: int = 1

    @property
    def name(self) -> str:
        return date_format(self.date, "D")

    @property
    def short(self) -> str:
        return date_format(self.date, "j M")

    @property
    def sessions(self) -> list[Session]:
        return [slot.session for slot in self.slots]

    def stand_side_by_side(self) -> None:
        """Slots at one time share the day's width; a slot alone in its hours keeps all of it."""
        together: list[Slot] = []
        bottom = 0
        for slot in sorted(self.slots, key=lambda slot: (slot.row, -slot.height)):
            if slot.row >= bottom:
                together = []
            together.append(slot)
            bottom = max(bottom, slot.row + slot.height)
            if len(together) > 1:
                self.lanes = max(self.lanes, share(together))

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


def share(slots: list[Slot]) -> int:
    """Gives each slot the first lane that is free at its top; tells how many lanes that takes."""
    bottoms: list[int] = []
    for slot in slots:
        lane = next((n for n, bottom in enumerate(bottoms) if bottom <= slot.row), len(bottoms))
        bottoms[lane : lane + 1] = [slot.row + slot.height]
        slot.lane = lane + 1
    return len(bottoms)


class Week:
    """The days from `monday`, the weekend only when something is on or `whole` asks for it."""

    def __init__(self, monday: date, sessions: Iterable[Session], *, whole: bool = False) -> None:
        self.monday = monday
        days = {monday + timedelta(days=n): Day(monday + timedelta(days=n)) for n in range(7)}
        for session in sessions:
            starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
            if day := days.get(starts.date()):
                day.slots.append(Slot(session, starts, ends))
        busy = max((day.date.weekday() for day in days.values() if day.slots), default=0)
        self.days = list(days.values())[: 7 if whole or busy > 4 else 5]
        slots = [slot for day in self.days for slot in day.slots]
        self.first_hour = min([FIRST_HOUR, *(slot.starts.hour for slot in slots)])
        self.last_hour = max([LAST_HOUR, *(last_hour(slot) for slot in slots)])
        for slot in slots:
            self._place(slot)
        for day in self.days:
            day.stand_side_by_side()

    @property
    def is_empty(self) -> bool:
        return not any(day.slots for day in self.days)

    @property
    def is_full_week(self) -> bool:
        return len(self.days) == 7

    @property
    def title(self) -> str:
        return span(self.days[0].date, self.days[-1].date)

    @property
    def hours(self) -> list[str]:
        return [f"{hour}:00" for hour in range(self.first_hour, self.last_hour)]

    @property
    def previous(self) -> str:
        return week_of(self.monday - timedelta(days=7))

    @property
    def next(self) -> str:
        return week_of(self.monday + timedelta(days=7))

    @property
    def unled(self) -> list[Slot]:
        slots = [slot for day in self.days for slot in day.slots]
        ahead = [slot for slot in slots if not (slot.session.cancelled_at or slot.session.is_over)]
        return [slot for slot in ahead if not slot.session.leaders]

    def _place(self, slot: Slot) -> None:
        """Every slot is at least half an hour high, so that its name fits."""
        slot.row = (slot.starts.hour - self.first_hour) * 4 + slot.starts.minute // 15
        wall = (slot.ends.replace(tzinfo=None) - slot.starts.replace(tzinfo=None)).total_seconds()
        to_midnight = (24 - self.first_hour) * 4 - slot.row
        slot.height = min(max(2, round(wall / 900)), LONGEST, to_midnight)


def last_hour(slot: Slot) -> int:
    """The full hour by which the slot is over, on the day it began."""
    if slot.ends.date() > slot.starts.date():
        return 24
    return slot.ends.hour + (slot.ends.minute > 0)
