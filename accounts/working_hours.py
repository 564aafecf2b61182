"""The program's working hours: Monday to Friday [9 to 17] by its own clock (domain, "Working hours").

Holidays are the groups' own business and are not known here: on one, a task may move on a day too early.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

OPENS, CLOSES = time(9), time(17)  # local wall clock of the program's zone
SATURDAY = 5  # as `date.weekday` counts


def is_working(moment: datetime) -> bool:
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return local.weekday() < SATURDAY and OPENS <= local.time() < CLOSES


def add(moment: datetime, hours: timedelta) -> datetime:
    """The moment at which so much working time has passed since, in UTC. On a day when the clock is turned,
    hours are those that really pass."""
    left = hours
    for opens, closes in _from(moment):
        begin = max(opens, moment)
        if begin + left <= closes:
            return begin + left
        left -= max(closes - begin, timedelta())
    raise AssertionError("there is always another working day")


def _from(moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = timezone.get_default_timezone()
    day: date = moment.astimezone(zone).date()
    while True:
        if day.weekday() < SATURDAY:
            opens, closes = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in (OPENS, CLOSES))
            yield opens, closes
        day += timedelta(days=1)
