"""The list of one session for those who read its names: who comes, who waits, what is good to know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import Stay, User
from groups.models import Booking, Membership, Session
from groups.models.booking import ACTIVE, IN_ORDER, State

SOON = timedelta(days=7)  # who leaves within so many days of the session


class Line(NamedTuple):
    """One person on the list. `leaves_house` and `leaves_group` are last days that come soon, else None."""

    booking: Booking
    is_new: bool
    leaves_house: date | None
    leaves_group: date | None


class Roster(NamedTuple):
    coming: list[Line]
    offered: list[Line]
    waiting: list[Line]  # in the order in which places are given (B2)
    number_offered: int = 0  # also of those whose names the reader does not see

    @property
    def everyone(self) -> list[Line]:
        return [*self.coming, *self.offered, *self.waiting]


def on_its_list(session: Session) -> Q:
    """Who is on it; of one that was called off, who was on it until then and was told (B9).

    Who waited when it began is read until it ends: a walk-in may be one of them (B3, B7).
    """
    here = Q(session=session)
    if session.cancelled_at is not None:
        return here & Q(state=State.SESSION_CANCELLED, closed_at=session.cancelled_at)
    waited = Q(state=State.EXPIRED, closed_at__gte=session.starts_at)
    return here & (Q(state__in=ACTIVE) if session.is_over else Q(state__in=ACTIVE) | waited)


def read(session: Session, reader: User) -> Roster:
    """What `reader` may see of it, in one query; a manager sees nobody."""
    day = session.local_date
    before = Booking.objects.confirmed().filter(
        client=OuterRef("client"), session__group=session.group_id, session__starts_at__lt=session.starts_at
    )
    stays = Stay.objects.current(day).filter(client=OuterRef("client"))
    memberships = Membership.objects.on(day).filter(client=OuterRef("client"), group=session.group_id)
    rows = Booking.objects.visible_to(reader).filter(on_its_list(session))
    rows = rows.annotate(
        came_before=Exists(before),
        house_until=Subquery(stays.values("discharged_on")[:1]),
        group_until=Subquery(memberships.values("ends_on")[:1]),
    )
    last = day + SOON
    lines = [
        Line(
            row,
            not row.came_before,
            row.house_until if row.house_until and row.house_until <= last else None,
            row.group_until if row.group_until and row.group_until <= last else None,
        )
        for row in rows.select_related("client", "priority_by").order_by(*IN_ORDER)
    ]
    coming = sorted((line for line in lines if is_in(line)), key=lambda line: line.booking.client.chosen_name)
    offered = [line for line in lines if line.booking.state == State.OFFERED]
    waiting = [line for line in lines if line.booking.state in (State.WAITLISTED, State.EXPIRED)]
    return Roster(coming, offered, waiting, session.taken - session.confirmed)


def is_in(line: Line) -> bool:
    return line.booking.state in (State.CONFIRMED, State.SESSION_CANCELLED)
