"""Pages that come to their writer: those of this day, for who asked for it, and those that are going (J5)."""

from __future__ import annotations

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import vault
from accounts.models import User
from accounts.vault import PersonKey
from journal.glance import Glance
from journal.models import EARLIEST, Entry, Heading
from journal.models.keeping import TIME_TO_THINK

AT_MOST = 6  # a few, so that the day is not crowded with earlier ones


@dataclass(frozen=True, repr=False)
class Memory:
    """A page of this day, and how long ago that was."""

    heading: Heading
    ago: str


def listed(user: User, glance: Glance, now: datetime) -> dict[str, Any]:
    """What stands beside the list; no query for what is not there."""
    return {
        "memories": memories(user, user.local_day(now), glance.key) if glance.on_this_day else [],
        "going": going(user, now, glance.key) if glance.deleted else [],
    }


def days_before(today: date) -> dict[date, str]:
    """The days that are told of today: a week ago, a month ago, and each year before."""
    days = {today - timedelta(days=7): _("A week ago")}
    last = today.replace(day=1) - timedelta(days=1)
    if today.day <= last.day:
        days[last.replace(day=today.day)] = _("A month ago")
    for years in range(1, today.year - EARLIEST.year + 1):
        ago = ngettext("A year ago", "%(years)s years ago", years) % {"years": years}
        days |= dict.fromkeys(same_day(today, today.year - years), ago)
    return days


def same_day(today: date, year: int) -> list[date]:
    """That day of another year. A page of 29 February comes on the 28th of a year that has no 29th."""
    is_last_of_february = (today.month, today.day) == (2, 28) and not isleap(today.year)
    days = [today.day, 29] if is_last_of_february else [today.day]
    return [date(year, today.month, day) for day in days if day <= monthrange(year, today.month)[1]]


def memories(user: User, today: date, key: PersonKey | None = None) -> list[Memory]:
    """Pages of this day that do not rest, the nearest first."""
    days = days_before(today)
    rows = Entry.objects.visible_to(user).awake().filter(written_on__in=days).newest_first()
    entries = list(rows.defer("text_sealed", "prompt_sealed")[:AT_MOST])
    return [Memory(heading, days[heading.entry.written_on]) for heading in titled(entries, user, key)]


def going(user: User, now: datetime, key: PersonKey | None = None) -> list[Heading]:
    """Deleted pages that can still be brought back."""
    rows = Entry.objects.visible_to(user).going().filter(deleted_at__gt=now - TIME_TO_THINK)
    return titled(list(rows.defer("text_sealed", "prompt_sealed")), user, key)


def titled(entries: list[Entry], user: User, key: PersonKey | None) -> list[Heading]:
    key = key or (vault.key_for(user.pk) if entries else None)
    return [Heading(entry, entry.opened_title(by=user, key=key)) for entry in entries]
