"""On which dates and at which moments one client is reminded, by their own clock (K3, T3). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from accounts.models import User

DAY = timedelta(days=1)
EVERY_DAY = 0b1111111  # Monday is the lowest bit
FOLLOW_UPS = (60, 120, 180)  # minutes after the reminder
SEARCHED = 21  # days in which a chosen weekday is found, also where a date was left out


class ProgramDefault:
    """What holds for whoever chose nothing (K3). The program may change each."""

    AT = time(19)  # by the client's own clock
    WEEKDAYS = EVERY_DAY
    CHANNEL = "mail"  # a Preference.Channel
    FOLLOW_UP_AFTER: int | None = None  # minutes


@cache
def clock(zone_name: str) -> User:
    """Nobody, who lives by that clock: what a day is, is said by a person (`User.local_day`)."""
    return User(time_zone=zone_name)


@dataclass(frozen=True)
class Rhythm:
    """Equal for all plans of the same choices, so that the planner reckons once for all of them."""

    at: time
    weekdays: int
    paused_until: date | None
    zone_name: str
    planned_on: date | None  # the last date that had a reminder
    follow_up_after: int | None = None

    def instant(self, day: date) -> datetime:
        """When the reminder of that date is due.

        A time that does not exist takes the offset before the gap, an ambiguous one is the first (T3).
        """
        return datetime.combine(day, self.at, tzinfo=clock(self.zone_name).zone).astimezone(UTC)

    def ends(self, moment: datetime) -> datetime:
        """When the check-in day of that moment is over, and with it the point of a reminder (K1)."""
        return clock(self.zone_name).day_end(moment)

    def first_day_from(self, now: datetime) -> date:
        """The first chosen day from today on that had no reminder yet and is not paused."""
        first = now.astimezone(clock(self.zone_name).zone).date()
        if self.planned_on:
            first = max(first, self.planned_on + DAY)
        return self.chosen_day(max(first, self.paused_until or first))

    def day_ahead(self, now: datetime) -> date:
        """The first such day whose moment is still to come."""
        day = self.first_day_from(now)
        return day if self.instant(day) >= now else self.chosen_day(day + DAY)

    def chosen_day(self, first: date) -> date:
        """The first from that date on. A zone that crosses the date line leaves out a date: it has none."""
        days = (first + number * DAY for number in range(SEARCHED))
        return next(day for day in days if self.weekdays >> day.weekday() & 1 and self.exists(day))

    def after(self, day: date) -> Rhythm:
        """The same, once that date had its reminder."""
        return replace(self, planned_on=day)

    def exists(self, day: date) -> bool:
        return self.instant(day).astimezone(clock(self.zone_name).zone).date() == day

    def follow_up(self, day: date, now: datetime) -> datetime | None:
        """When to ask once more, where the client chose that: on the same local date, or not at all (K4).

        A reminder that comes late after an outage has its follow-up as much later.
        """
        if self.follow_up_after is None:
            return None
        moment = max(self.instant(day), now) + timedelta(minutes=self.follow_up_after)
        return moment if moment.astimezone(clock(self.zone_name).zone).date() == day else None

    def missed(self, since: date, now: datetime) -> list[date]:
        """The chosen days from `since` on whose check-in day is over already: an outage took them."""
        today = now.astimezone(clock(self.zone_name).zone).date()
        days = (since + number * DAY for number in range(max(0, (today - since).days)))
        return [
            day for day in days if self.weekdays >> day.weekday() & 1 and self.ends(self.instant(day)) <= now
        ]
