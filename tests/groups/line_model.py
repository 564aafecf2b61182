"""What must hold of places and lines after each step, whatever the step was (B1 to B5, C3, C5).

It looks at the rows before and after, and shares nothing with the code but the table of changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from accounts.models import Stay
from groups.models import Booking, Session
from groups.transitions import TABLE, State
from notifications.models import Notification

PLACES, WAITING = {State.CONFIRMED, State.OFFERED}, State.WAITLISTED
OPEN = PLACES | {WAITING}
NEXT = {(was, new) for (was, _event), new in TABLE.items()}
STAFF_ONLY = timedelta(hours=2)
COLUMNS = ("pk", "session", "client", "state", "held_until", "priority", "joined_at", "adds_me")


@dataclass(frozen=True)
class Seen:
    """All rows at one moment."""

    rows: dict[Any, dict[str, Any]]
    messages: Counter[tuple[str, Any]]  # kind and what it is about

    @classmethod
    def now(cls) -> Seen:
        rows = {row["pk"]: row for row in Booking.objects.values(*COLUMNS)}
        told = Notification.objects.values_list("kind", "about", "pk")
        return cls(rows, Counter((kind, about, pk) for kind, about, pk in told))

    def state(self, pk: Any) -> str | None:
        return self.rows[pk]["state"] if pk in self.rows else None

    def of(self, session: Session, *states: str) -> list[dict[str, Any]]:
        return [row for row in self.rows.values() if row["session"] == session.pk and row["state"] in states]


@dataclass
class Step:
    """One step, as it left its marks: who did what themselves is said beforehand."""

    before: Seen
    after: Seen
    now: datetime
    asked_for: set[Any]  # bookings that their own client, or staff by name, brought to a place
    order: dict[Any, int]  # bookings as they came

    def changed(self) -> dict[Any, tuple[str | None, str]]:
        pairs = {pk: (self.before.state(pk), row["state"]) for pk, row in self.after.rows.items()}
        return {pk: pair for pk, pair in pairs.items() if pair[0] != pair[1]}

    def moved_up(self, session: Session) -> list[Any]:
        """Who came out of the line to a place or an offer without asking for it just now."""
        return [
            pk
            for pk, (was, new) in self.changed().items()
            if was == WAITING and new in PLACES and pk not in self.asked_for
            if self.after.rows[pk]["session"] == session.pk
        ]


def check(step: Step, sessions: list[Session]) -> None:
    only_by_the_table(step)
    nobody_comes_back_unasked(step)
    told_once(step)
    nobody_moves_up_once_it_begins(step)
    nobody_is_in_two_places(step)
    for session in sessions:
        never_too_many(step, session)
        in_order(step, session)
        offers_have_an_end(step, session)


def only_by_the_table(step: Step) -> None:
    """One step may be two changes of one row: an offer ends, and is made anew."""
    two = {(was, new) for was, between in NEXT for other, new in NEXT if between == other}
    for pair in step.changed().values():
        assert pair in NEXT | two, pair


def nobody_comes_back_unasked(step: Step) -> None:
    for pk, (was, new) in step.changed().items():
        returned = was is not None and was not in OPEN and new in OPEN
        appeared = was is None
        assert not (returned or appeared) or pk in step.asked_for, (was, new)


def told_once(step: Step) -> None:
    """Whoever moved up hears of it once, with this step; nobody else hears of a place."""
    new = step.after.messages - step.before.messages
    told = Counter((kind, about) for kind, about, _pk in new.elements())
    expected: Counter[tuple[str, Any]] = Counter()
    started = set(Session.objects.filter(starts_at__lte=step.now).values_list("pk", flat=True))
    for pk, (was, now) in step.changed().items():
        if was == WAITING and now == State.OFFERED:
            expected["groups.offer", pk] += 1
        elif was == WAITING and now == State.CONFIRMED and pk not in step.asked_for:
            expected["groups.place", pk] += 1
        elif (was, now) == (State.OFFERED, State.EXPIRED) and step.after.rows[pk]["session"] not in started:
            expected["groups.offer_ended", pk] += 1
    kinds = ("groups.offer", "groups.offer_ended", "groups.place")
    given = {key for key in told if key[0] == "groups.place" and key[1] in step.asked_for}  # by staff
    again = {  # put back to the line, and offered anew in one step
        key for key in told if key[0] == "groups.offer" and step.after.state(key[1]) == State.OFFERED
    } - set(expected)
    assert {key: told[key] for key in told if key[0] in kinds and key not in given | again} == expected
    assert all(number == 1 for (kind, _about), number in told.items() if kind in kinds), told


def nobody_moves_up_once_it_begins(step: Step) -> None:
    """Neither at the start nor after it, whoever gives the place (B3, B4)."""
    started = set(Session.objects.filter(starts_at__lte=step.now).values_list("pk", flat=True))
    for pk, (_was, new) in step.changed().items():
        assert new != State.CONFIRMED or step.after.rows[pk]["session"] not in started


def nobody_is_in_two_places(step: Step) -> None:
    at = {session.pk: session for session in Session.objects.all()}
    confirmed: dict[Any, list[Session]] = {}
    for row in step.after.rows.values():
        if row["state"] == State.CONFIRMED:
            confirmed.setdefault(row["client"], []).append(at[row["session"]])
    for theirs in confirmed.values():
        ordered = sorted(theirs, key=lambda session: session.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(ordered))


def never_too_many(step: Step, session: Session) -> None:
    """A capacity lowered under people takes no place, but nothing comes to it either (C5)."""
    taken = len(step.after.of(session, *PLACES))
    came = [
        pk
        for pk, (was, new) in step.changed().items()
        if new in PLACES and was not in PLACES and step.after.rows[pk]["session"] == session.pk
    ]
    assert not came or taken <= session.capacity, (taken, session.capacity)


def in_order(step: Step, session: Session) -> None:
    """Whoever could come and was before the last who moved up has a place kept for them all the same (B2)."""
    moved = step.moved_up(session)
    if not moved:
        return
    assert step.now < session.starts_at - STAFF_ONLY
    last = max(rank(step, pk) for pk in moved)
    passed = [
        row for row in able_to_come(step, session) if rank(step, row["pk"]) < last and row["state"] == WAITING
    ]
    taken = len(step.after.of(session, *PLACES))
    assert taken + len(passed) <= session.capacity, "somebody was passed over"


def rank(step: Step, pk: Any) -> tuple[int, int]:
    return -step.after.rows[pk]["priority"], step.order[pk]


def able_to_come(step: Step, session: Session) -> list[dict[str, Any]]:
    """Who waits, is in the house then, and is in no other session at its time."""
    here = set(Stay.objects.current(session.local_date).values_list("client", flat=True))
    busy = {
        row["client"]
        for row in step.after.rows.values()
        if row["state"] == State.CONFIRMED and row["session"] != session.pk
    }
    waiting = step.after.of(session, WAITING)
    return [row for row in waiting if row["client"] in here - busy]


def offers_have_an_end(step: Step, session: Session) -> None:
    for row in step.after.rows.values():
        assert (row["held_until"] is not None) == (row["state"] == State.OFFERED)
    for row in step.after.of(session, State.OFFERED):
        assert row["held_until"] <= session.starts_at - STAFF_ONLY


def no_place_idles(step: Step, session: Session, awake: bool) -> None:
    """After the clock: where somebody could come, no place is left; at the start nobody waits any more."""
    if step.now >= session.starts_at:
        assert step.after.of(session, WAITING, State.OFFERED) == []
    elif awake and session.cancelled_at is None and step.now < session.starts_at - STAFF_ONLY:
        left = session.capacity - len(step.after.of(session, *PLACES))
        assert left <= 0 or able_to_come(step, session) == []
        assert all(row["held_until"] > step.now for row in step.after.of(session, State.OFFERED))
