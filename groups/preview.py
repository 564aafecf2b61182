"""What a plan would be, while it is still being typed: nothing is saved (T3, C4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from groups import away, clashes, recurrence
from groups.clashes import Taken, in_few_lines
from groups.forms.planning import SeriesForm
from groups.models import Group, Holiday, Room, Series, Session
from groups.rule_words import words

DATES_SHOWN = 8
LOOKED_AT = 120  # days that are asked whether the clocks skip the hour


@dataclass(frozen=True)
class Line:
    session: Session
    is_taken: bool
    holiday: str


class Preview:
    """In a number of queries that the number of dates does not change."""

    def __init__(self, form: SeriesForm, now: datetime) -> None:
        self.form, self.now = form, now
        self.has_dates = form.is_bound and form.has_dates

    @cached_property
    def series(self) -> Series:
        series = self.form.series(self.form.cleaned_data.get("group") or Group(capacity=1))
        if not self.form.cleaned_data.get("room"):
            series.room = Room(name="", capacity=1)  # nothing stands in it yet
        return series

    @property
    def words(self) -> str:
        return words(self.series)

    @cached_property
    def planned(self) -> list[Session]:
        return self.series.planned(self.now) if self.has_dates else []

    @cached_property
    def found(self) -> list[clashes.Clash]:
        return clashes.find(self.planned, self.form.leads())

    @property
    def taken(self) -> list[Taken]:
        return in_few_lines(self.found)

    @property
    def lines(self) -> list[Line]:
        off = {clash.planned.pk for clash in self.found}
        return [
            Line(session, session.pk in off, self._holiday(session.local_date))
            for session in self.planned[:DATES_SHOWN]
        ]

    @property
    def more(self) -> int:
        return max(0, len(self.planned) - DATES_SHOWN)

    @cached_property
    def _holidays(self) -> list[Holiday]:
        if not self.planned:
            return []
        last, first = self.planned[-1].local_date, self.planned[0].local_date
        return list(Holiday.objects.filter(first__lte=last, last__gte=first))

    def _holiday(self, day: date) -> str:
        return next((one.name for one in self._holidays if one.first <= day <= one.last), "")

    @property
    def holidays(self) -> list[tuple[date, str]]:
        """Days of the plan on which the house rests. They are planned like any other (T9)."""
        days = [(session.local_date, self._holiday(session.local_date)) for session in self.planned]
        return [(day, name) for day, name in days if name]

    @property
    def away(self) -> list[str]:
        return away.words(self.form.leads(), [session.local_date for session in self.planned])

    @property
    def skipped_hours(self) -> list[date]:
        """Days on which the clock skips the chosen time (T3)."""
        series = self.series
        days = recurrence.days(series.rule, series.start_date, until=series.until, count=LOOKED_AT)
        return [day for day in days if not recurrence.exists(day, series.start_time, series.zone)]

    @property
    def room_too_small(self) -> Room | None:
        """The room, where it has fewer places than the group is to have: they are the fewer (C5)."""
        room, group = self.form.cleaned_data.get("room"), self.form.cleaned_data.get("group")
        typed = str(self.form.data.get("new-capacity", ""))
        wanted = group.capacity if group else int(typed) if typed.isascii() and typed.isdecimal() else 0
        return room if room and room.capacity < wanted else None

    @property
    def troubles(self) -> list[str]:
        """What keeps the dates away and is more than a field that is still empty."""
        errors = self.form.errors.as_data() if self.form.is_bound else {}
        return [
            f"{self.form.fields[name].label}: {error.messages[0]}"
            for name, found in errors.items()
            for error in found
            if name in self.form.fields and error.code != "required"
        ]
