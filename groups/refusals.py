"""Why a place cannot be taken or given up. Each says so in words for the person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


class Refused(Exception):
    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class Full(Refused):
    message = gettext_lazy("All places are taken now. You can wait for one if you like.")


class Begun(Refused):
    message = gettext_lazy("This session has begun, so its list can no longer change.")


class CalledOff(Refused):
    message = gettext_lazy("This session was cancelled.")


class NotOpen(Refused):
    message = gettext_lazy("This group has its own members. Ask your clinician if you would like to be one.")


class Over(Refused):
    message = gettext_lazy("This session is over.")


class LedAlready(Refused):
    message = gettext_lazy("Somebody else leads this session now.")


class HasLeft(Refused):
    message = gettext_lazy("Somebody who should lead this leads no sessions any more. Choose somebody else.")


class PartOfThePlan(Refused):
    message = gettext_lazy("This group is part of everyone's plan. If you cannot come, tell your clinician.")


class NotHereThen(Refused):
    message = gettext_lazy("You will not be staying with us on that day.")


class Unagreed(Refused):
    message = gettext_lazy("Please read the agreement and tick the box under it first.")


class NothingToPlan(Refused):
    message = gettext_lazy("No session would be ahead. Choose a later last day.")


class PlannedBefore(Refused):
    message = gettext_lazy(
        "You sent this form before, and those sessions are planned. What you changed since is not. "
        "Look at the schedule first. To plan what stands here as well, send it again."
    )


class SomethingHappened(Refused):
    message = gettext_lazy("Something has happened since, so this change can no longer be undone.")


class EditedMeanwhile(Refused):
    message = gettext_lazy(
        "Somebody changed this series while you were here. What you typed still stands below. "
        "Look at how the series is now, then send it again."
    )


class TooEarlyOrLate(Refused):
    message = gettext_lazy(
        "Attendance can be marked from 15 minutes before the start until 7 days after the end."
    )


class Overlaps(Refused):
    """Names the other session, to its own client (C3)."""

    def __init__(self, other: Session) -> None:
        self.other = other
        self.message = _(
            "You are in %(group)s at that time: %(when)s. Leave it first if you would rather come here."
        ) % {
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class LeadsElsewhere(Refused):
    """Names the session that a clinician leads meanwhile (C2)."""

    def __init__(self, other: Session) -> None:
        self.message = _("You lead %(group)s at that time: %(when)s.") % {
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class IsElsewhere(Refused):
    """Somebody whom a colleague would put in this place leads another session then (C2)."""

    def __init__(self, person: User, other: Session) -> None:
        self.message = _("%(name)s leads %(group)s at that time: %(when)s.") % {
            "name": person,
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class IsAway(Refused):
    def __init__(self, person: User) -> None:
        self.message = _("%(name)s is away on that day.") % {"name": person}
        super().__init__(self.message)


class IsThereAlready(Refused):
    def __init__(self, person: User) -> None:
        self.message = _("%(name)s leads this session already.") % {"name": person}
        super().__init__(self.message)


class Taken(Refused):
    message = gettext_lazy("All places are taken by now. Choose another session.")


class Unpromised(Refused):
    """A clinician promises nothing in somebody's name (B6)."""

    message = gettext_lazy(
        "They have not read what this group promises each other. Tell them about it: "
        "they can join by themselves."
    )


class NotTheirs(Refused):
    message = gettext_lazy("They cannot come then: they are not staying here on that day, or are elsewhere.")
