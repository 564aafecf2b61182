"""Why somebody cannot lead a session, or stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.refusals.refused import Refused

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


class LedAlready(Refused):
    message = gettext_lazy("Somebody else leads this session now.")


class HasLeft(Refused):
    message = gettext_lazy("Somebody who should lead this leads no sessions any more. Choose somebody else.")


class LeadsElsewhere(Refused):
    """Names the session that a clinician leads meanwhile (C2)."""

    def __init__(self, other: Session) -> None:
        self.message = _("You lead %(group)s at that time (%(when)s).") % {
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class IsElsewhere(Refused):
    """Somebody whom a colleague would put in this place leads another session then (C2)."""

    def __init__(self, person: User, other: Session) -> None:
        self.message = _("%(name)s leads %(group)s at that time (%(when)s).") % {
            "name": person,
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class IsAway(Refused):
    def __init__(self, person: User) -> None:
        self.message = _("%(name)s is away on that day.") % {"name": person}
        super().__init__(self.message)


class YouAreAway(Refused):
    message = gettext_lazy("You are away on that day. Take your leave off the list first.")


class IsThereAlready(Refused):
    def __init__(self, person: User) -> None:
        self.message = _("%(name)s leads this session already.") % {"name": person}
        super().__init__(self.message)
