"""What happens when nothing is heard from somebody, as they read it themselves (K6).

The figures come from the code that acts on them, so the page cannot promise something else.
"""

from __future__ import annotations

from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts import working_hours
from accounts.calling import UNTOUCHED
from accounts.models import User
from checkins import ladder

AN_HOUR = 3600  # in seconds


def sentences(client: User) -> list[str]:
    figures = {
        "first": number(ladder.TO_THE_PRIMARY),
        "next": number(ladder.TO_THE_NEXT),
        "name": client.primary_clinician or _("one person of your care team"),
        "hours": number(int(UNTOUCHED.total_seconds() // AN_HOUR)),
        "begin": clock(working_hours.OPENS),
        "end": clock(working_hours.CLOSES),
    }
    return [
        _("One whole day: nothing happens. Some days are like that."),
        _("After %(first)s whole days in a row, we ask %(name)s to see how you are.") % figures,
        _("After %(next)s whole days in a row, we ask the next person of your care team too.") % figures,
        _("If nobody has said that they will go within %(hours)s working hours, we ask the next person.")
        % figures,
        _("Working hours are %(begin)s to %(end)s, Monday to Friday.") % figures,
    ]


def number(count: int) -> str:
    return {1: _("one"), 2: _("two"), 3: _("three"), 4: _("four")}.get(count, str(count))


def clock(at: time) -> str:
    return time_format(at)
