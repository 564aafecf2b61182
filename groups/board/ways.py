"""From one board to the next: back and on in time, week, day and month, by room and by person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.board.columns import PERSON, ROOM
from groups.board.dates import monday_before, week_of

address = cache(reverse)


@dataclass
class Way:
    label: str
    url: str
    current: bool


@dataclass
class Ways:
    previous: str
    now: Way
    next: str
    spans: list[Way]
    by: list[Way] = field(default_factory=list)


def schedule(**query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return address("groups:schedule") + ("?" + urlencode(given) if given else "")


def month(first: str) -> str:
    return f"{address('groups:month')}?month={first}"


def spans(shown: date, current: str, by: str) -> list[Way]:
    return [
        Way(_("Week"), schedule(week=week_of(shown), by=by), current == "week"),
        Way(_("Day"), schedule(day=shown.isoformat(), by=by), current == "day"),
        Way(_("Month"), month(f"{shown:%Y-%m}"), current == "month"),
    ]


def of_week(monday: date, previous: str, after: str, by: str) -> Ways:
    today = timezone.localdate()
    is_now = monday_before(today) == monday
    week = week_of(monday)
    return Ways(
        schedule(week=previous, by=by),
        Way(_("This week"), schedule(by=by), is_now),
        schedule(week=after, by=by),
        spans(today if is_now else monday, "week", by),
        [
            Way(_("By time"), schedule(week=week), not by),
            Way(_("By room"), schedule(week=week, by=ROOM), by == ROOM),
            Way(_("By person"), schedule(week=week, by=PERSON), by == PERSON),
        ],
    )


def of_day(shown: date, previous: str, after: str, by: str) -> Ways:
    today, day = timezone.localdate(), shown.isoformat()
    return Ways(
        schedule(day=previous, by=by),
        Way(_("Today"), schedule(day=today.isoformat(), by=by), today == shown),
        schedule(day=after, by=by),
        spans(shown, "day", by),
        [
            Way(_("By room"), schedule(day=day, by=ROOM), by == ROOM),
            Way(_("By person"), schedule(day=day, by=PERSON), by == PERSON),
        ],
    )


def of_month(first: date, previous: str, after: str) -> Ways:
    today = timezone.localdate()
    is_now = today.replace(day=1) == first
    this = Way(_("This month"), address("groups:month"), is_now)
    return Ways(month(previous), this, month(after), spans(today if is_now else first, "month", ""))
