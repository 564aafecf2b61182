"""What happens when a place opens, in words for whoever waits for it (B4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.holds import HELD_FOR, OFFERED_BEFORE, STAFF_ONLY_WITHIN, last_moment
from groups.models.booking import State

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


def shown(session: Session, client: User, now: datetime) -> dict[str, object]:
    """What the page of a session says to a client who waits there, or has an offer, or could join."""
    waits = session.is_ahead(now) and session.my_state == State.WAITLISTED
    until = session.my_offer_until if session.is_offered(now) else None
    free = session.free
    if free > 0 and session.waiting:  # of these, the first in line are asked first (B2)
        free = session.open_places(now, to=client)
    return {
        "free": free,
        "while_waiting": while_waiting(session, now) if waits else "",
        "can_be_added": waits and now < last_moment(session.starts_at),
        "offer_until": moment(until, now) if until else "",
    }


def while_waiting(session: Session, now: datetime) -> str:
    """What a free place would mean now. Nothing is promised that the next minute does not keep."""
    left = session.starts_at - now
    if left <= STAFF_ONLY_WITHIN:
        return _("It begins soon, so free places are given by whoever leads it. Ask them if you would come.")
    if left <= OFFERED_BEFORE and session.my_adds_me:
        return _("If a place opens and you are nowhere else then, it is yours at once, and we tell you.")
    if left <= OFFERED_BEFORE:
        until = moment(last_moment(session.starts_at), now)
        return _("If a place opens we offer it to you, and until %(until)s it is kept for you.") % {
            "until": until
        }
    hours = int(HELD_FOR.total_seconds()) // 3600
    words = ngettext(
        "If a place opens we offer it to you, and keep it for %(hours)d hour.",
        "If a place opens we offer it to you, and keep it for %(hours)d hours.",
        hours,
    ) % {"hours": hours}
    words = f"{words} {_('Your quiet hours do not count.')}"
    if session.my_adds_me:
        since = moment(session.starts_at - OFFERED_BEFORE, now)
        words = f"{words} {_('From %(since)s on it is yours at once.') % {'since': since}}"
    return words


def moment(at: datetime, now: datetime) -> str:
    """Such as "11 a.m." today, "tomorrow, 9 p.m.", or the day by its name and date."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    clock = date_format(local, "P")
    days = (local.date() - today).days
    if days == 0:
        return clock
    day = _("tomorrow") if days == 1 else date_format(local, "l, j F")
    return f"{day}, {clock}"
