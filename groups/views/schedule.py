"""The board: a week, a day, a month, and a client's own week."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.board import ways
from groups.board.columns import ROOM, WAYS, heads
from groups.board.dates import day_of, monday_before, monday_of, month_of
from groups.board.day import DayBoard
from groups.board.month import Month, shown_days
from groups.board.own import OwnWeek
from groups.board.pauses import pauses
from groups.board.rows import Row, read, unled
from groups.board.table import by_heads, by_hours, corner
from groups.board.week import Week
from groups.models import Session

SIX_DAYS = timedelta(days=6)


@require_safe
@permitted("groups.view_schedule")
def schedule(request: PersonRequest) -> HttpResponse:
    """A week by days; with `by` by rooms or people; with `day` one day."""
    by = request.GET.get("by", "")
    by = by if by in WAYS else ""
    if request.GET.get("day"):
        return day(request, by or ROOM)
    monday = asked(request, "week", monday_of, this_monday())
    resting = pauses(monday, monday + SIX_DAYS, by)
    rows = read(Session.objects.visible_to(request.user).week(monday), resting)
    week = Week(monday, rows, resting)
    lines = None
    if by:
        lines = by_heads(week, heads(by, rows, resting), by, resting)
    elif week.is_crowded:
        lines = by_hours(week)
    board = {"board": week, "lines": lines, "corner": corner(by)}
    context = board | {"ways": ways.of_week(monday, week.previous, week.next, by), **facts(rows, by)}
    return render(request, "groups/schedule.html", context)


def day(request: PersonRequest, by: str) -> HttpResponse:
    today = timezone.localdate()
    shown = asked(request, "day", day_of, today)
    resting = pauses(shown, shown, by)
    rows = read(Session.objects.visible_to(request.user).on(shown), resting)
    board = DayBoard(shown, rows, heads(by, rows, resting), by, resting)
    lines = {"lines": by_hours(board) if board.is_crowded else None, "corner": corner("")}
    way = ways.of_day(shown, board.previous, board.next, by)
    context = {"board": board, "ways": way, **lines, **facts(rows, by)}
    return render(request, "groups/schedule_day.html", context)


@require_safe
@permitted("groups.view_schedule")
def month(request: PersonRequest) -> HttpResponse:
    this = timezone.localdate().replace(day=1)
    first = asked(request, "month", month_of, this)
    sessions = Session.objects.visible_to(request.user)
    board = Month(first, sessions, pauses(*shown_days(first)))
    context = {"board": board, "ways": ways.of_month(first, board.previous, board.next)}
    return render(request, "groups/schedule_month.html", context)


@require_safe
@permitted("groups.view_own")
def week(request: PersonRequest) -> HttpResponse:
    """A client's own week, day by day: where they are on the list, and nothing else."""
    monday = asked(request, "week", monday_of, this_monday())
    mine = Session.objects.visible_to(request.user).booked(request.user).week(monday)
    context = {
        "week": OwnWeek(monday, mine.shown_to(request.user), request.GET.get("look", "")),
        "is_this_week": monday == this_monday(),
    }
    return render(request, "groups/week.html", context)


def facts(rows: list[Row], by: str) -> dict[str, Any]:
    now = timezone.now()
    return {"by": by, "now": now, "unled": unled(rows, now)}


def asked(request: PersonRequest, name: str, read: Callable[[str], date | None], now: date) -> date:
    """What ?week=2026-W48 and its like name; the present one when there is none, or none such."""
    given = request.GET.get(name, "")
    found = read(given)
    if given and not found:
        messages.info(request, NONE_SUCH[name]())
    return found or now


NONE_SUCH = {
    "week": lambda: _("There is no such week, so here is this one."),
    "day": lambda: _("There is no such day, so here is today."),
    "month": lambda: _("There is no such month, so here is this one."),
}


def this_monday() -> date:
    return monday_before(timezone.localdate())
