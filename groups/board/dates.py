"""Days, weeks and months as addresses name them, and as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

WEEK = re.compile(r"(20[0-9]{2})-W([0-9]{2})")
DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
MONTH = re.compile(r"20[0-9]{2}-[0-9]{2}")


def monday_of(week: str) -> date | None:
    """The Monday of an ISO week such as 2026-W48; None for anything else. Years 2000 to 2099."""
    match = WEEK.fullmatch(week)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None


def day_of(day: str) -> date | None:
    """2026-11-24; None for anything else."""
    try:
        return date.fromisoformat(day) if DAY.fullmatch(day) else None
    except ValueError:
        return None


def month_of(month: str) -> date | None:
    """The first day of 2026-11; None for anything else."""
    return day_of(f"{month}-01") if MONTH.fullmatch(month) else None


def week_of(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_before(day: date) -> date:
    return day - timedelta(days=day.weekday())


def span(first: date, last: date) -> str:
    """ "23 to 27 November", with the month or year of the first day where it differs."""
    pattern = "j" if first.month == last.month else "j F" if first.year == last.year else "j F Y"
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, pattern),
        "last": date_format(last, "j F" if last.year == timezone.localdate().year else "j F Y"),
    }


def clock(local: datetime) -> str:
    """1:00 p.m., as everywhere in the program."""
    return f"{local.hour % 12 or 12}:{local:%M} {_('p.m.') if local.hour > 11 else _('a.m.')}"


def full_hour(hour: int) -> str:
    """1 p.m.; 24 is the midnight that ends a day."""
    return f"{hour % 12 or 12} {_('p.m.') if 11 < hour < 24 else _('a.m.')}"
