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
from groups.templatetags.session_rows import paths

register = template.Library()
HALF_AN_HOUR = 2  # quarters: so low a slot has one line for all it says
Path = Callable[[UUID], str]

DAY = """<div class="day lanes-{}" role="group" aria-label="{} {}">
<h2 class="day-name">{} <small>{}</small></h2>
{}</div>
"""
SLOT = """<a class="slot {} {}" href="{}">
<b>{}</b> <time>{}</time> <span class="where">{}</span> {}<em>{}</em>
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
    row, line = slot.session, SafeString("<br>" if slot.height > HALF_AN_HOUR else "")
    words = picture.sessions[row.pk].standing
    names = (row.group, clock(row.starts), row.room)
    return format_html(SLOT, slot.place, row.tone, path(row.pk), *names, line, words)
