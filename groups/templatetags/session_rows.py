"""Rows of lists that may be long: written in a template, each would take ten times as long."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from groups.models import Session

register = template.Library()
NONE = UUID(int=0)

ITEM = """<li>
  <time datetime="{}">{} {} <small>{}</small></time>
  <div>
    <h3><a href="{}">{}</a></h3>
    <small>{}</small>
  </div>
  {}
</li>
"""


def paths(name: str) -> Callable[[UUID], str]:
    """The paths of one page for many rows: to ask for each takes as long as the rest of its row."""
    start, _none, end = reverse(name, args=[NONE]).partition(str(NONE))
    return lambda pk: f"{start}{pk}{end}"


@register.simple_tag(takes_context=True)
def agenda(context: Context, sessions: Iterable[Session], with_day: bool = False) -> SafeString:
    """Sessions as items of a list; `with_day` where they are of several days."""
    path = paths("groups:session_detail")
    return format_html_join(
        "", ITEM, (item(session, path(session.pk), context["person"], with_day) for session in sessions)
    )


def item(session: Session, path: str, person: User, with_day: bool) -> tuple[object, ...]:
    local = timezone.localtime(session.starts_at)
    day = (session.day_word or date_format(local, "D j M")) if with_day else ""
    return (
        local.isoformat(),
        f"{local:%-I:%M}",
        _("p.m.") if local.hour > 11 else _("a.m."),
        day or _("%(minutes)s min") % {"minutes": session.minutes},
        path,
        session.group.name,
        facts(session),
        standing(session, path, person),
    )


def facts(session: Session) -> str:
    """Where, with whom, and how many places and further sessions there are."""
    words = session.room.name
    if session.leaders:
        words += f", {_('with')} {', '.join(session.leaders)}"
    if not (session.my_state or session.cancelled_at) and session.left > 0:
        left = ngettext("1 place left", "%(free)s places left", session.left)
        words += " · " + left % {"free": session.left}
    if session.more:
        more = ngettext("and once more", "and %(more)s times more", session.more)
        words += " · " + more % {"more": session.more}
    return words


def standing(session: Session, path: str, person: User) -> SafeString:
    """Where one stands, or what one could do."""
    if words := session.standing:
        return format_html('<span class="tag {}">{}</span>', session.standing_tone, words)
    if not person.is_client:
        of = _("%(taken)s of %(capacity)s") % {"taken": session.taken, "capacity": session.capacity}
        return format_html('<span class="tag">{}</span>', of)
    if session.my_state:
        return SafeString("")
    if session.left <= 0:
        return format_html('<span class="tag">{}</span>', _("Full"))
    return format_html(
        '<a class="button quiet small" href="{}">{}<span class="sr"> {}</span></a>',
        path,
        _("Look and join"),
        session.group.name,
    )
