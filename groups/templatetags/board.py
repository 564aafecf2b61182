"""Sessions on a board, written out in Python: in a template each would take ten times as long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape as plain_escape
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from groups.board.columns import ROOM, Head
from groups.board.dates import clock
from groups.board.placing import Column, Grid
from groups.board.rows import Row
from groups.board.table import Cell
from groups.board.ways import Way

register = template.Library()
NONE = UUID(int=0)
CURRENT = ' aria-current="true"'

escape = lru_cache(2048)(plain_escape)  # the same few names stand on every board


address = cache(reverse)


@cache
def session_path() -> str:
    return reverse("groups:session_detail", args=[NONE])


class Pen:
    """What all sessions of one board share."""

    def __init__(self, context: Context) -> None:
        self.start, _none, self.end = session_path().partition(str(NONE))
        self.user: User = context["person"]
        self.now: datetime = context["now"]
        self.by: str = context["by"]
        self.clocks: dict[tuple[int, int], str] = {}
        self.taken = escape(_("places taken"))

    def link(self, row: Row, classes: str) -> str:
        """The start of its link. `data-move` lets board.js pick it up."""
        need = " unled" if row.is_unled(self.now) else ""
        move = " data-move" if row.may_be_moved_by(self.user, self.now) else ""
        return f'<a class="{classes} {row.tone}{need}" href="{self.start}{row.pk}{self.end}"{move}>'

    def where(self, row: Row) -> str:
        return escape(row.names if self.by == ROOM else row.room)

    def words(self, row: Row) -> str:
        marks = row.marks(self.now)
        return f"<em>{escape(', '.join(marks))}</em>" if marks else ""

    def places(self, row: Row) -> str:
        if row.cancelled:
            return ""
        return f'<span class="taken">{row.taken}/{row.capacity}<span class="sr"> {self.taken}</span></span> '

    def slot(self, row: Row, place: str) -> str:
        meter = (
            ""
            if row.cancelled or row.resting
            else f'<meter min="0" max="{row.capacity}" value="{row.taken}" aria-hidden="true"></meter>'
        )
        where = "" if row.cancelled else f'<span class="where">{self.where(row)}</span> '
        return (
            f"{self.link(row, f'slot {place}')}<b>{escape(row.group)}</b> <time>{self.clock(row)}</time> "
            f"{where}{self.places(row)}{self.words(row)}{meter}</a>\n"
        )

    def column(self, column: Column) -> str:
        name, small = escape(column.name), escape(column.small)
        room = f' data-room="{column.room_id}"' if column.room_id else ""
        lead = f' data-lead="{column.person_id}"' if column.person_id else ""
        slots = "".join([self.slot(slot.session, slot.place) for slot in column.slots])
        return (
            f'<div class="day lanes-{column.lanes}" role="group" aria-label="{name} {small}"'
            f' data-date="{column.iso}"{room}{lead}>'
            f'<h2 class="day-name">{name} <small>{small}</small></h2>\n{slots}</div>\n'
        )

    def clock(self, row: Row) -> str:
        """Fifty sessions begin at few different times."""
        at = (row.starts.hour, row.starts.minute)
        if at not in self.clocks:
            self.clocks[at] = escape(clock(row.starts))
        return self.clocks[at]

    def entry(self, row: Row) -> str:
        return (
            f"<li>{self.link(row, 'entry')}<time>{self.clock(row)}</time> <b>{escape(row.group)}</b> "
            f'<span class="where">{self.where(row)}</span> {self.places(row)}{self.words(row)}</a></li>'
        )


@register.simple_tag(takes_context=True)
def day_names(context: Context, board: Grid, linked: bool) -> SafeString:
    """What stands over each column: a day, which leads to its page; or on a day a room or a person."""
    start = "" if not linked else f"{address('groups:schedule')}?day="
    return SafeString("".join([head(column, start) for column in board.columns]))


def head(column: Column, start: str) -> str:
    name = f"{escape(column.name)}<small>{escape(column.small)}</small>"
    told = f'<a href="{start}{column.iso}">{name}</a>' if start else f"<span>{name}</span>"
    notes = "".join([f'<span class="tag wait">{escape(note)}</span>' for note in column.notes])
    today = " today" if start and column.is_today else ""
    return f'<div class="head{today}">{told}{notes}</div>'


@register.simple_tag
def hour_names(board: Grid, linked: bool) -> SafeString:
    """The scale. Where a day alone is shown, each hour leads to planning, for who has no script."""
    if not linked:
        return SafeString("".join([f"<span>{escape(name)}</span>" for _time, name in board.hours]))
    to_plan, day = escape(_("plan a session")), board.columns[0].date if board.columns else None
    return SafeString(
        "".join(
            f'<span><a href="{escape(plan_url(day, time=time))}">{escape(name)}'
            f'<span class="sr"> {to_plan}</span></a></span>'
            for time, name in board.hours
            if day
        )
    )


@register.simple_tag(takes_context=True)
def columns(context: Context, board: Grid) -> SafeString:
    pen = Pen(context)
    return SafeString("".join([pen.column(column) for column in board.columns]))


@register.simple_tag(takes_context=True)
def entries(context: Context, cell: Cell, head: Head) -> SafeString:
    """What is in one cell of the table; where nothing is, a way to plan something."""
    if cell.sessions:
        pen = Pen(context)
        return SafeString(f'<ul class="plain">{"".join([pen.entry(row) for row in cell.sessions])}</ul>')
    if cell.away:
        return SafeString(f'<span class="away">{escape(_("away"))}</span>')
    if not (head.room_id or head.person_id) or cell.day.date < timezone.localdate():
        return SafeString("")
    url = escape(plan_url(cell.day.date, room=head.room_id, lead=head.person_id))
    to_plan = escape(_("plan a session: %(name)s, %(day)s") % {"name": head.name, "day": cell.day.small})
    return SafeString(
        f'<a class="free" href="{url}">{escape(_("free"))}<span class="sr">, {to_plan}</span></a>'
    )


@register.simple_tag
def plan_url(day: date, **given: object) -> str:
    """Planning, with what is known already."""
    query = {"date": day.isoformat()} | {name: str(value) for name, value in given.items() if value}
    return f"{address('groups:series_create')}?{urlencode(query)}"


@register.simple_tag
def switch(ways: Iterable[Way]) -> SafeString:
    items = [
        f'<li><a href="{escape(way.url)}"{CURRENT if way.current else ""}>{escape(way.label)}</a></li>'
        for way in ways
    ]
    return SafeString(f'<ul class="switch">{"".join(items)}</ul>')
