"""Why a place cannot be taken or given up. Each says so in words for the person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group
    from groups.models.session import Session
    from groups.models.suspension import Suspension


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


class AllLeftOut(NothingToPlan):
    message = gettext_lazy(
        "Every date would be left out. Choose another room, time or leader, or end the series."
    )


class PlannedBefore(Refused):
    message = gettext_lazy(
        "You sent this form before, and those sessions are planned. What you changed since is not. "
        "Look at the schedule first. To plan what stands here as well, send it again."
    )


class SomethingHappened(Refused):
    message = gettext_lazy("Something has happened since, so this change can no longer be undone.")


class RoomClosedSince(SomethingHappened):
    message = gettext_lazy("A room is out of use since, so this change can no longer be undone.")


class GroupOverSince(SomethingHappened):
    message = gettext_lazy("The group has ended since, so this change can no longer be undone.")


class EditedMeanwhile(Refused):
    message = gettext_lazy(
        "Somebody changed this series while you were here. What you typed still stands below. "
        "Look at how the series is now, then send it again."
    )


class MovedMeanwhile(Refused):
    message = gettext_lazy(
        "Somebody changed this session while you were here. What you typed still stands below. "
        "Look at how the session is now, then send it again."
    )


class HasMarks(Refused):
    message = gettext_lazy("Somebody is marked on its sheet already, so this session stays when it is.")


class NotAhead(Refused):
    message = gettext_lazy("That time is over. Choose one that is ahead.")


class OutOfUse(Refused):
    message = gettext_lazy("This room is out of use. Choose another one.")


class Resting(Refused):
    message = gettext_lazy("This session rests together with its series. End the rest first.")


class TakesPlaces(Refused):
    """More people would lose their place than the clinician was shown (T8)."""

    def __init__(self, number: int) -> None:
        self.message = ngettext(
            "One person on the list cannot come then. Look at who, then send it again.",
            "%(number)d people on the list cannot come then. Look at who, then send it again.",
            number,
        ) % {"number": number}
        super().__init__(self.message)


class Unmoved(Refused):
    message = gettext_lazy("This is how the session is now. Change something first.")


class TooEarlyOrLate(Refused):
    message = gettext_lazy(
        "Attendance can be marked from 15 minutes before the start until 7 days after the end."
    )


class Overlaps(Refused):
    """Names the other session, to its own client (C3). One of them can be left for the other."""

    def __init__(self, other: Session, *, is_one: bool = True) -> None:
        self.other, self.is_one = other, is_one
        self.message = _("You are in %(group)s at that time (%(when)s). You cannot be in both.") % {
            "group": other.group.name,
            "when": date_format(timezone.localtime(other.starts_at), "l, j F, g:i a"),
        }
        super().__init__(self.message)


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


class RestsAlready(Refused):
    """Two rests of one series would share a day (T9)."""

    def __init__(self, other: Suspension) -> None:
        self.message = _(
            "These sessions rest already from %(first)s to %(last)s. Choose other days, or end that rest "
            "first."
        ) % {"first": other.first_words, "last": other.last_words}
        super().__init__(self.message)


class NothingToRest(Refused):
    message = gettext_lazy("These days are over. Choose a last day from today on.")


class TakenOut(Refused):
    message = gettext_lazy(
        "A change of the series took this day out, so the session cannot be put back here. "
        "Change the series instead."
    )


class GroupEnded(Refused):
    """A session would come back to a group that is over."""

    message = gettext_lazy("This group has ended. Take the group up again first.")


class RoomIsClosed(Refused):
    """A session would come back to a room that is out of use."""

    message = gettext_lazy(
        "Its room is out of use. Open the room again first, or plan a new session in another room."
    )


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


class ComesInACircle(Refused):
    message = gettext_lazy("That group comes after this one already. Choose another, or none.")


class GroupGoesOn(Refused):
    message = gettext_lazy("This group still has sessions ahead. End or cancel those first.")


class RoomInUse(Refused):
    message = gettext_lazy("This room still has sessions ahead. Move or cancel those first.")


class RoomClosed(HasLeft):
    """Was closed while somebody planned in it."""

    message = gettext_lazy("The room was closed a moment ago. Choose another one.")


class GroupOver(HasLeft):
    """Was ended while somebody planned for it."""

    message = gettext_lazy(
        "This group was ended a moment ago. Take it up again first, or choose another one."
    )


class NotReady(Refused):
    """Pairs of sessions: the second begins before the room is ready after the first (C1)."""

    message = gettext_lazy("Some sessions would begin before the room is ready. Nothing was changed.")

    def __init__(self, pairs: list[tuple[Session, Session]]) -> None:
        self.pairs = pairs
        super().__init__(self.message)
