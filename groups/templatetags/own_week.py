"""A client's week as a picture. Unlike on the board of the house, each place says where its client stands."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from groups.board.dates import clock
from groups.board.own import OwnPicture
from groups.board.placing import Column, Slot
from groups.models import Session
from groups.templatetags.session_rows import paths

register = template.Library()
HALF_AN_HOUR = 2  # quarters: so low a slot has one line for all it says
Path = Callable[[UUID], str]

DAY = """<div class="day lanes-{}" role="group" aria-label="{} {}">
<h2 class="day-name">{} <small>{}</small></h2>
{}</div>
"""
SLOT = """<a class="slot {} {}" href="{}">
<b>{}</b> <time>{}</time> {}<span class="where">{}</span>
</a>
"""


@register.simple_tag
def own_days(picture: OwnPicture) -> SafeString:
    path = paths("groups:session_detail")
    return format_html_join("", "{}", ((day(picture, column, path),) for column in picture.columns))


def day(picture: OwnPicture, column: Column, path: Path) -> SafeString:
    slots = format_html_join("", "{}", ((place(picture, slot, path),) for slot in column.slots))
    name = (column.name, column.small)
    return format_html(DAY, column.lanes, *name, *name, slots)


def place(picture: OwnPicture, slot: Slot, path: Path) -> SafeString:
    row = slot.session
    parts = (slot.place, row.tone, path(row.pk), row.group, clock(row.starts))
    return format_html(SLOT, *parts, words(picture.sessions[row.pk], slot), row.room)


def words(session: Session, slot: Slot) -> SafeString:
    """Where the client stands, unless they are simply in. Before the room, for a low slot ends after it."""
    if session.standing_tone == "good" and not session.is_over:
        return SafeString("")
    line = SafeString("<br>" if slot.height > HALF_AN_HOUR else " ")
    return format_html("<em>{}</em>{}", session.standing, line)
