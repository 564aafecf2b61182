"""Small numbers and near times, as people say them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

NUMBERS: list[str | Promise] = [
    gettext_lazy("none"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
    gettext_lazy("thirteen"),
    gettext_lazy("fourteen"),  # two weeks of days
]
MORNING, NOON, EVENING = 4, 12, 17  # hours of the clock
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def number(count: int) -> str:
    return str(NUMBERS[count]) if count < len(NUMBERS) else str(count)


def upper_number(count: int) -> str:
    """At the beginning of a sentence."""
    word = number(count)
    return word[:1].upper() + word[1:]


def greeting(local: datetime) -> str:
    if MORNING <= local.hour < NOON:
        return _("Good morning")
    return _("Good afternoon") if NOON <= local.hour < EVENING else _("Good evening")


def part_of_day(local: datetime) -> str:
    if MORNING <= local.hour < NOON:
        return _("morning")
    return _("afternoon") if NOON <= local.hour < EVENING else _("evening")


def since(at: datetime, now: datetime) -> tuple[str, str]:
    """When something began, in the program's zone: two short lines, such as "8:12" and "25 min ago"."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = (today - local.date()).days
    if days > 1:
        return ngettext("%d day", "%d days", days) % days, ""
    if days == 1:
        return date_format(local, "D"), part_of_day(local)
    return date_format(local, "g:i a"), ago(now - at)


def ago(passed: timedelta) -> str:
    if passed < AN_HOUR:
        minutes = int(passed.total_seconds() // 60)
        return _("just now") if minutes < 1 else _("%d min ago") % minutes
    hours = int(passed / AN_HOUR)
    return ngettext("%d hour ago", "%d hours ago", hours) % hours
