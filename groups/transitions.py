"""Each way in which a place in a session changes: one table, which the code goes by and the tests walk (B1).

What is not in the table cannot happen. `Booking._pass` and `BookingQuerySet.pass_all` are the two doors.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    CONFIRMED = "confirmed", _("You're in")
    OFFERED = "offered", _("A place is yours to take")
    WAITLISTED = "waitlisted", _("Waitlist")
    CANCELLED = "cancelled", _("You left")
    CANCELLED_LATE = "cancelled_late", _("You left")
    DECLINED = "declined", _("You said no")
    EXPIRED = "expired", _("It ended before you had a place")
    REMOVED = "removed", _("The place ended")
    SESSION_CANCELLED = "session_cancelled", _("Cancelled")


ACTIVE = [State.CONFIRMED, State.OFFERED, State.WAITLISTED]  # B1
TAKING_A_PLACE = [State.CONFIRMED, State.OFFERED]  # B3


class Event(StrEnum):
    JOIN = "join"
    WAIT = "wait"
    OFFER = "offer"
    PUT_BACK = "put back"  # an offer that cannot stand now: the group rests, or the hour is another
    ADD = "add"  # by itself, for those who asked for it (B4)
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    TAKE = "take"  # whoever waits asks for the place that is kept for them
    GIVE = "give"  # by staff (B4, T8)
    LEAVE = "leave"
    LEAVE_LATE = "leave late"
    REMOVE = "remove"
    CALL_OFF = "call off"
    RETURN = "return"  # to the place that they had
    RETURN_TO_LINE = "return to the line"  # with the time at which they joined it (B2)


TABLE: dict[tuple[State | None, Event], State] = {
    (None, Event.JOIN): State.CONFIRMED,
    (None, Event.WAIT): State.WAITLISTED,
    (None, Event.GIVE): State.CONFIRMED,
    (State.WAITLISTED, Event.OFFER): State.OFFERED,
    (State.WAITLISTED, Event.ADD): State.CONFIRMED,
    (State.WAITLISTED, Event.TAKE): State.CONFIRMED,
    (State.WAITLISTED, Event.GIVE): State.CONFIRMED,
    (State.WAITLISTED, Event.EXPIRE): State.EXPIRED,
    (State.WAITLISTED, Event.LEAVE): State.CANCELLED,
    (State.WAITLISTED, Event.REMOVE): State.REMOVED,
    (State.WAITLISTED, Event.CALL_OFF): State.SESSION_CANCELLED,
    (State.OFFERED, Event.ACCEPT): State.CONFIRMED,
    (State.OFFERED, Event.GIVE): State.CONFIRMED,
    (State.OFFERED, Event.PUT_BACK): State.WAITLISTED,
    (State.OFFERED, Event.DECLINE): State.DECLINED,
    (State.OFFERED, Event.EXPIRE): State.EXPIRED,
    (State.OFFERED, Event.LEAVE): State.CANCELLED,
    (State.OFFERED, Event.REMOVE): State.REMOVED,
    (State.OFFERED, Event.CALL_OFF): State.SESSION_CANCELLED,
    (State.CONFIRMED, Event.LEAVE): State.CANCELLED,
    (State.CONFIRMED, Event.LEAVE_LATE): State.CANCELLED_LATE,
    (State.CONFIRMED, Event.REMOVE): State.REMOVED,
    (State.CONFIRMED, Event.CALL_OFF): State.SESSION_CANCELLED,
    (State.REMOVED, Event.RETURN): State.CONFIRMED,
    (State.REMOVED, Event.RETURN_TO_LINE): State.WAITLISTED,
    (State.SESSION_CANCELLED, Event.RETURN): State.CONFIRMED,
    (State.SESSION_CANCELLED, Event.RETURN_TO_LINE): State.WAITLISTED,
}


class Impossible(Exception):
    """A change that the table does not know: a mistake of ours, which no person can cause."""


def after(state: str | None, event: Event) -> State:
    try:
        return TABLE[State(state) if state else None, event]
    except KeyError:
        raise Impossible(f"{event} from {state or 'nothing'}") from None


def states_before(event: Event) -> list[State]:
    return [state for state, known in TABLE if known == event and state]


def result_of(event: Event) -> State:
    """Whatever it was before: each event leads to one state."""
    return next(new for (_state, known), new in TABLE.items() if known == event)
