"""How a rule becomes rows: the days of a series that are ahead, and what stands in their way (T5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.models import User
from groups import clashes, recurrence
from groups.models.facilitator import Facilitator
from groups.models.session import Session
from groups.models.skipped_date import SkippedDate

if TYPE_CHECKING:
    from groups.models.series import Series

AT_ONCE = 500  # rows of one INSERT
A_DAY = timedelta(days=1)


class LayingOut:
    def days(self, now: datetime) -> Iterable[date]:
        """Local dates from the first on: to the end, or to the horizon when there is none (T5)."""
        series = cast("Series", self)
        dates = recurrence.days(series.rule, series.start_date, until=series.until, count=series.count)
        horizon = self._today(now) + timedelta(weeks=settings.WEEKS_LAID_OUT)
        return recurrence.up_to(dates, horizon) if series.is_open_ended else dates

    def planned(self, now: datetime) -> list[Session]:
        """Unsaved sessions for every day that is still ahead. An open series gets at least its first day."""
        days, near = list(self.days(now)) or list(self._first_day()), self._today(now) - A_DAY
        sessions = [self.session_on(day) for day in days if day >= near]
        return [session for session in sessions if session.starts_at > now]

    def _today(self, now: datetime) -> date:
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

    @transaction.atomic
    def lay_out(self, now: datetime) -> int:
        """Adds the sessions that are not there yet. May run twice, or in two places, and adds nothing (T5).

        A day that somebody left out stays out. One on which the room or a person is taken is noted, asks for
        a decision, and is tried again the next time.
        """
        series = cast("Series", self).locked()
        days_out = dict(series.skipped.values_list("day", "skipped_by"))
        missing = series._missing(now, {day for day, somebody in days_out.items() if somebody})
        rows = series._leading() if missing else []
        people = [row.person for row in rows]
        if missing:
            clashes.hold([series.room], people)
            rows = series._leading()
            if people != [row.person for row in rows]:  # handed over meanwhile: the next run looks at the new
                return 0
        taken = series._taken(missing, people)
        if free := [session for session in missing if session.rule_date not in taken]:
            series._rest(free)
            with clashes.guarded(free, people):
                series._add(free, rows)
        series._note_taken(taken, {day for day, somebody in days_out.items() if not somebody}, now)
        return len(free)

    def locked(self) -> Series:
        from groups.models.series import Series

        rows = Series.objects.select_for_update(of=("self",), no_key=True).select_related("group", "room")
        return rows.get(pk=cast("Series", self).pk)

    def _missing(self, now: datetime, left_out: set[date]) -> list[Session]:
        """Days ahead without a row, and that nobody left out. A group that has ended has none."""
        series = cast("Series", self)
        if series.group.ended_at:
            return []
        near = series.sessions.filter(rule_date__gte=self._today(now) - A_DAY)
        there = set(near.values_list("rule_date", flat=True))
        there |= left_out
        return [session for session in series.planned(now) if session.rule_date not in there]

    def _taken(self, sessions: Collection[Session], people: Collection[User]) -> set[date]:
        """A room that is out of use is taken on each day."""
        off = {clash.planned.pk for clash in clashes.find(sessions, people)}
        closed = cast("Series", self).room.closed_at is not None
        return {one.rule_date for one in sessions if one.rule_date and (closed or one.pk in off)}

    def _rest(self, sessions: Collection[Session]) -> None:
        """Days inside a suspension get their rows, which rest until it ends (T9)."""
        resting = list(cast("Series", self).suspensions.filter(lifted_at=None))
        for session in sessions:
            for suspension in resting:
                if suspension.first <= session.local_date <= suspension.last:
                    session.suspension = suspension

    def _note_taken(self, days: set[date], known: set[date], now: datetime) -> None:
        """Days without room or people wait for a decision; those that could be laid out wait no more."""
        series = cast("Series", self)
        if gone := known - days:
            series.skipped.filter(skipped_by=None, day__in=gone).delete()
        SkippedDate.objects.bulk_create(
            [SkippedDate(series=series, day=day, at=now) for day in sorted(days - known)],
            ignore_conflicts=True,  # somebody decided about the day a moment ago
        )

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
        Session.objects.bulk_create(sessions, batch_size=AT_ONCE)
        leading = [
            Facilitator(session_id=session.pk, person_id=row.person_id, role=row.role)
            for session in sessions
            for row in rows
        ]
        for row in leading:
            if (row.session_id, row.person_id) in allowed:
                row.overlap_allowed_by, row.overlap_reason = by, reason
        Facilitator.objects.bulk_create(leading, batch_size=AT_ONCE)
