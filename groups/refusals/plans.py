"""Why sessions, rooms and groups cannot be planned or changed so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.refusals.leading import HasLeft
from groups.refusals.refused import Refused

if TYPE_CHECKING:
    from groups.models.session import Session
    from groups.models.suspension import Suspension


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
