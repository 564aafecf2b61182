"""Why a place cannot be taken or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.refusals.refused import Refused

if TYPE_CHECKING:
    from groups.models.group import Group
    from groups.models.session import Session


class Full(Refused):
    message = gettext_lazy("All places are taken now. You can wait for one if you like.")


class Begun(Refused):
    message = gettext_lazy("This session has begun, so its list can no longer change.")


class CalledOff(Refused):
    message = gettext_lazy("This session was cancelled.")


class NotOpen(Refused):
    message = gettext_lazy("This group has its own members. You can ask on its page to be one.")


class Over(Refused):
    message = gettext_lazy("This session is over.")


class OfferEnded(Refused):
    message = gettext_lazy("This place is no longer kept for you. You can wait again if you like.")


class PartOfThePlan(Refused):
    message = gettext_lazy("This group is part of everyone's plan. If you cannot come, you can say so.")


class NobodyWaitsForYou(Refused):
    message = gettext_lazy("Nobody waits for you in this session, so there is nothing to say no to.")


class NotHereThen(Refused):
    message = gettext_lazy("You will not be staying with us on that day.")


class Unagreed(Refused):
    message = gettext_lazy("Please read the agreement and tick the box under it first.")


class TooEarlyOrLate(Refused):
    message = gettext_lazy(
        "Attendance can be marked from 15 minutes before the start until 7 days after the end."
    )


class Overlaps(Refused):
    """Names the other session, to its own client (C3). One of them can be left for the other."""

    def __init__(self, other: Session, *, is_one: bool = True) -> None:
        self.other, self.is_one = other, is_one
        words = _("You are in %(group)s at that time (%(when)s). You cannot be in both.")
        if other.rests:  # it may be taken up again, and they are still on it (T9)
            words = _(
                "You have a place in %(group)s at that time (%(when)s). "
                "It rests then, and your place is kept."
            )
            if other.is_leavable(timezone.now()):
                words = f"{words} {_('You can leave it first if you would rather come here.')}"
        self.message = words % {
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


class Taken(Refused):
    message = gettext_lazy("That session has no place for them any more. Choose another one.")


class Unpromised(Refused):
    """A clinician promises nothing in somebody's name (B6)."""

    message = gettext_lazy(
        "They have not read what this group promises each other. Tell them about it: "
        "they can join by themselves."
    )


class NotYet(Refused):
    message = gettext_lazy(
        "This group comes after another one, to which they have not come often enough yet."
    )


class NotTheirs(Refused):
    message = gettext_lazy("They cannot come then: they are not staying here on that day, or are elsewhere.")


class Rests(Refused):
    """No places are taken while a group rests (T9)."""

    def __init__(self, until: str) -> None:
        self.message = _("This group rests until %(day)s. You can join again after that.") % {"day": until}
        super().__init__(self.message)


class ComesAfter(Refused):
    """Names the group to come to first, and how often (B6); no group that this person may not know of."""

    def __init__(self, first: Group | None, left: int) -> None:
        self.first = first
        if first is None:
            self.message = _("This group comes after another one. Ask your care team how to come here.")
            super().__init__(self.message)
            return
        self.message = ngettext(
            "This group comes after %(group)s. Once more there, and you can join here.",
            "This group comes after %(group)s. %(left)d more times there, and you can join here.",
            left,
        ) % {"group": first.name, "left": left}
        super().__init__(self.message)
