"""Sessions on a board, written out in Python: in a template each would take ten times as long."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
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
from groups.board.placing import Column
from groups.board.rows import Row
from groups.board.table import Cell

register = template.Library()
NONE = UUID(int=0)

escape = lru_cache(2048)(plain_escape)  # the same few names stand on every board


class Pen:
    """What all sessions of one board share."""

    def __init__(self, context: Context) -> None:
        start, _none, end = reverse("groups:session_detail", args=[NONE]).partition(str(NONE))
        self.start, self.end = start, end
        self.user: User = context["person"]
        self.now: datetime = context["now"]
        self.by: str = context["by"]
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
            f"{self.link(row, f'slot {place}')}<b>{escape(row.group)}</b> <time>{clock(row.starts)}</time> "
            f"{where}{self.places(row)}{self.words(row)}{meter}</a>\n"
        )

    def entry(self, row: Row) -> str:
        return (
            f"<li>{self.link(row, 'entry')}<time>{clock(row.starts)}</time> <b>{escape(row.group)}</b> "
            f'<span class="where">{self.where(row)}</span> {self.places(row)}{self.words(row)}</a></li>'
        )


@register.simple_tag(takes_context=True)
def slots(context: Context, column: Column) -> SafeString:
    pen = Pen(context)
    return SafeString("".join([pen.slot(slot.session, slot.place) for slot in column.slots]))


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
    return f"{reverse('groups:series_create')}?{urlencode(query)}"
