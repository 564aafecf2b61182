"""How a rule becomes rows: the days of a series that are ahead, and what stands in their way (T5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from groups import recurrence
from groups.models.facilitator import Facilitator
from groups.models.session import Session

if TYPE_CHECKING:
    from groups.models.series import Series

AT_ONCE = 500  # rows of one INSERT
A_DAY = timedelta(days=1)


class LayingOut:
    def days(self, now: datetime) -> Iterable[date]:
        """Local dates from the first on: to the end, or to the horizon when there is none (T5)."""
        series = cast("Series", self)
        dates = recurrence.days(series.rule, series.start_date, until=series.until, count=series.count)
        horizon = self.today(now) + timedelta(weeks=settings.WEEKS_LAID_OUT)
        return recurrence.up_to(dates, horizon) if series.is_open_ended else dates

    def planned(self, now: datetime) -> list[Session]:
        """Unsaved sessions for every day that is still ahead. An open series gets at least its first day."""
        days, near = list(self.days(now)) or list(self._first_day()), self.today(now) - A_DAY
        sessions = [self.session_on(day) for day in days if day >= near]
        return [session for session in sessions if session.starts_at > now]

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(cast("Series", self).zone)).date()

    def _first_day(self) -> Iterable[date]:
        series = cast("Series", self)
        return recurrence.days(series.rule, series.start_date, count=1) if series.is_open_ended else ()

    def session_on(self, day: date) -> Session:
        series = cast("Series", self)
        starts_at = recurrence.to_utc(day, series.start_time, series.zone)
        session = Session.plan(
            group=series.group, room=series.room, day=day, starts_at=starts_at, minutes=series.minutes
        )
        session.series, session.rule_date = series, day
        return session

    def lay_out(self, now: datetime) -> int:
        """Adds the sessions that are not there yet. May run twice, or in two places, and adds nothing (T5).

        A day that somebody left out stays out. One on which the room or a person is taken is noted, asks for
        a decision, and is tried again the next time.
        """
        from groups.models.layout import lay_out

        series = cast("Series", self)
        return lay_out(type(series).objects.filter(pk=series.pk), now)[0]

    def locked(self) -> Series:
        from groups.models.series import Series

        rows = Series.objects.select_for_update(of=("self",), no_key=True).select_related("group")
        return rows.get(pk=cast("Series", self).pk)

    def people(self) -> list[User]:
        """Who leads it, the lead first."""
        return [row.person for row in self._leading()]

    def _leading(self) -> list[Facilitator]:
        return list(cast("Series", self).facilitators.select_related("person"))

    def _add(
        self,
        sessions: Collection[Session],
        rows: Collection[Facilitator],
        *,
        allowed: Collection[tuple[UUID, UUID]] = (),
        by: User | None = None,
        reason: str = "",
    ) -> None:
        """Writes these sessions, and the people of `rows` for each. Call it while the series is held.

        `allowed` names sessions and people whom a manager lets be in two places (C2).
        """
        leading = copies(sessions, rows)
        for row in leading:
            if (row.session_id, row.person_id) in allowed:
                row.overlap_allowed_by, row.overlap_reason = by, reason
        add(sessions, leading)


def copies(sessions: Iterable[Session], rows: Collection[Facilitator]) -> list[Facilitator]:
    """Whoever leads the series leads each of these."""
    return [
        Facilitator(session_id=session.pk, person_id=row.person_id, role=row.role)
        for session in sessions
        for row in rows
    ]


def add(sessions: Collection[Session], leading: Iterable[Facilitator]) -> None:
    Session.objects.bulk_create(sessions, batch_size=AT_ONCE)
    Facilitator.objects.bulk_create(leading, batch_size=AT_ONCE)
