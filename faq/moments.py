"""Days and times of the program's zone, as an editor chooses them (T3). Pure."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

A_DAY = timedelta(days=1)


def moment(day: date, at: time) -> datetime:
    """A time that the clocks skip takes the offset before the gap, one that comes twice is the first (T3)."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def is_skipped(day: date, at: time) -> bool:
    """Whether the clocks go over it on that day."""
    return timezone.localtime(moment(day, at), timezone.get_default_timezone()).time() != at


def comes_twice(day: date, at: time) -> bool:
    local = datetime.combine(day, at, tzinfo=timezone.get_default_timezone())
    return not is_skipped(day, at) and local.utcoffset() != local.replace(fold=1).utcoffset()


def end_of(day: date) -> datetime:
    """The moment from which on that day is over."""
    return moment(day + A_DAY, time.min)


def last_day(until: datetime) -> date:
    """The last day on which something can be read that is gone from `until` on."""
    return timezone.localtime(until - timedelta(microseconds=1), timezone.get_default_timezone()).date()


def zone_name() -> str:
    """The place whose clock counts: "New York"."""
    return settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
