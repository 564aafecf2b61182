"""What a list says about each of its sessions, asked for all of them at once.

Counted here and not in columns of the sessions: Django takes longer to compose such a query than to read
these rows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, Subquery

from groups.models.attendance import Attendance
from groups.models.booking import ACTIVE, IN_ORDER, TAKING_A_PLACE, Booking, State

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


def count(sessions: Collection[Session], user: User) -> None:
    """Sets `confirmed`, `taken` and `waiting`; for a client also what Standing reads. One query."""
    if user.is_client:
        stand(sessions, user)
    else:
        total(sessions)


def total(sessions: Collection[Session]) -> None:
    found = {session.pk: session for session in sessions}
    rows = Booking.objects.active().filter(session__in=found).order_by()
    for pk, state, number in rows.values_list("session_id", "state").annotate(Count("pk")):
        add(found[pk], state, number)


def stand(sessions: Collection[Session], client: User) -> None:
    """The active booking counts; without one, that which ended with the session itself: it was called off, or
    began while they waited."""
    found = {session.pk: session for session in sessions}
    ended = Q(client=client, state=State.SESSION_CANCELLED)
    ended |= Q(client=client, state=State.EXPIRED, closed_at__gte=F("session__starts_at"))
    marks = Attendance.objects.filter(session=OuterRef("session"), client=client).values("state")
    rows = Booking.objects.filter(Q(state__in=ACTIVE) | ended, session__in=found).order_by(*IN_ORDER)
    columns = ("session_id", "client_id", "state", "held_until", "adds_me", "apology_at", Subquery(marks))
    for pk, person, state, until, adds_me, apology_at, mark in rows.values_list(*columns):
        session = found[pk]
        add(session, state, 1)
        if person == client.pk and session.my_state not in ACTIVE:
            session.my_state, session.my_position, session.my_mark = state, session.waiting, mark
            session.my_apology_at, session.my_adds_me = apology_at, adds_me
            session.my_offer_until = until if state == State.OFFERED else None


def add(session: Session, state: str, number: int) -> None:
    if state == State.CONFIRMED:
        session.confirmed += number
    if state in TAKING_A_PLACE:
        session.taken += number
    if state == State.WAITLISTED:
        session.waiting += number
