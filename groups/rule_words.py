"""A series' rule as a person says it: every 2 weeks on Tuesday, 1:00 p.m. to 2:15 p.m., until 18 December."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups import recurrence
from groups.recurrence import LAST, Rule

if TYPE_CHECKING:
    from groups.models.series import Series

EVERY_DAY = Rule(tuple(range(7)))
# A sentence each: languages differ in what "first" does to the words beside it.
OF_THE_MONTH = {
    1: gettext_lazy("On the first %(days)s of each month"),
    2: gettext_lazy("On the second %(days)s of each month"),
    3: gettext_lazy("On the third %(days)s of each month"),
    4: gettext_lazy("On the fourth %(days)s of each month"),
    LAST: gettext_lazy("On the last %(days)s of each month"),
}


def words(series: Series) -> str:
    """The whole rule of this series, in one line."""
    if series.count == 1:
        day = next(iter(recurrence.days(series.rule, series.start_date, count=1)))
        return _("Once, on %(day)s, %(hours)s") % {
            "day": dated(day, "l, j F"),
            "hours": hours(series.start_time, series.minutes),
        }
    return _("%(often)s, %(hours)s, %(end)s") % {
        "often": how_often(Rule.parse(series.rule)),
        "hours": hours(series.start_time, series.minutes),
        "end": end(series.until, series.count),
    }


def how_often(rule: Rule) -> str:
    if rule == EVERY_DAY:
        return _("Every day")
    days = get_text_list([str(WEEKDAYS[day]) for day in sorted(rule.weekdays)], _("and"))
    if rule.position is not None:
        return OF_THE_MONTH[rule.position] % {"days": days}
    return ngettext("Every week on %(days)s", "Every %(weeks)d weeks on %(days)s", rule.interval) % {
        "weeks": rule.interval,
        "days": days,
    }


def hours(start: time, minutes: int) -> str:
    return _("%(start)s to %(end)s") % {
        "start": time_format(start, "g:i a"),
        "end": time_format(end_time(start, minutes), "g:i a"),
    }


def end(until: date | None, count: int | None) -> str:
    if until:
        return _("until %(day)s") % {"day": dated(until, "j F")}
    if count is None:
        return _("with no end")
    return ngettext("%(count)d time", "%(count)d times", count) % {"count": count}


def dated(day: date, pattern: str) -> str:
    """With its year where that is another one."""
    return date_format(day, pattern if day.year == timezone.localdate().year else f"{pattern} Y")


def end_time(start: time, minutes: int) -> time:
    """What the clock shows at the end on any day on which nobody sets it (T4)."""
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()
