"""Who is expected without asking for each place (B6).

Members of a closed group on each of its sessions within their days, and everybody who lives here on what is
part of the plan.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import LessThan

from accounts.models import Stay
from accounts.roles import Role
from groups.models.booking import ACTIVE, TAKING_A_PLACE, Booking, BookingQuerySet, State
from groups.models.group import Admission, Group
from groups.models.membership import Membership, MembershipQuerySet
from groups.transitions import Event, after

if TYPE_CHECKING:
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)  # no session lasts as long, so that an index by start serves
WEEKS_TOLD = 4  # how far ahead staff read who has no place, and whoever is added has one at once
# Who left is not brought back (B2). A place that ended with a membership, a stay, or a session that meets
# after all, is no word of theirs: who is welcomed anew is expected anew.
NO_WORD_OF_THEIRS = Q(state=State.SESSION_CANCELLED) | Q(
    state=State.REMOVED, needs_place_since=None, place_settled_at=None
)
STANDS_SOMEWHERE = Q(state__in=ACTIVE) | ~NO_WORD_OF_THEIRS


def expect(sessions: SessionQuerySet, now: datetime) -> int:
    """Puts on each list ahead who is missing there and free to come; tells how many.

    Safe to run twice, late, or in two places: each session is looked at again while it is held. One that
    fails keeps no other from its turn, and comes again with the next. One query where nobody is missing.
    """
    number = 0
    for session in lacking(sessions.upcoming(now)).in_order():
        try:
            number += put_on(session, now)
        except Exception as error:
            logger.warning("expected people of %s: %s", session.pk, type(error).__name__)
    return number


def expect_soon(group: Group, now: datetime) -> None:
    """The same for the next [4] weeks of a group, so that nobody waits for what is far. The job does that."""
    expect(group.sessions.soon(now, weeks=WEEKS_TOLD), now)


def lacking(sessions: SessionQuerySet) -> SessionQuerySet:
    """Those with a place left for somebody who is expected, is free then, and does not stand on the list."""
    taken = Booking.objects.filter(session=OuterRef("pk"), state__in=TAKING_A_PLACE).order_by()
    number = taken.values("session").annotate(number=Count("pk")).values("number")
    has_room = LessThan(Coalesce(Subquery(number), 0), Least(F("group__capacity"), F("room__capacity")))
    people = due(*map(OuterRef, ("pk", "local_date", "starts_at", "ends_at")))
    members = people.filter(Exists(members_on(OuterRef("local_date"), OuterRef("group"))))
    # Each in its turn: of two conditions joined by "or", PostgreSQL would look at people in every session.
    somebody = Case(
        When(group__admission=Admission.MANDATORY, then=Exists(people)),
        When(group__admission=Admission.CLOSED, then=Exists(members)),
        default=False,
        output_field=BooleanField(),
    )
    where = sessions.filter(group__admission__in=[Admission.MANDATORY, Admission.CLOSED])
    return where.filter(has_room).filter(somebody)


def due(session: Any, day: Any, starts_at: Any, ends_at: Any) -> QuerySet[Stay]:
    """The stays of people in the house on that day who are nowhere else then and do not stand on this list.

    Each argument is a value, or a column of the query around this one.
    """
    from groups.models.session import Session

    here = Booking.objects.filter(STANDS_SOMEWHERE, session=within(session), client=OuterRef("client"))
    # By the sessions around that time, and not by the places that one person ever had, which are more.
    place = Booking.objects.confirmed().filter(session=OuterRef("pk"), client=OuterRef(OuterRef("client")))
    elsewhere = Session.objects.filter(
        Exists(place),
        starts_at__gt=within(starts_at) - A_DAY,
        starts_at__lt=within(ends_at),
        ends_at__gt=within(starts_at),
    )
    stays = Stay.objects.current(day).filter(client__is_active=True, client__role=Role.CLIENT)
    return stays.filter(~Exists(here), ~Exists(elsewhere))


def members_on(day: Any, group: Any) -> MembershipQuerySet:
    return Membership.objects.on(within(day)).filter(client=OuterRef("client"), group=within(group))


def within(value: Any) -> Any:
    """The same value one query further in."""
    return OuterRef(value) if isinstance(value, OuterRef) else value


@transaction.atomic
def put_on(session: Session, now: datetime) -> int:
    """Session before people, who are held in one order: two sessions never place one person at once (C3)."""
    held = session.locked()
    if held.cancelled_at or held.rests or held.has_begun(now):
        return 0
    missing = [stay.client for stay in missing_from(held)]
    held.promote(now, *missing)  # whoever waits comes first
    free = max(0, held.open_places(now))
    coming = [stay.client for stay in missing_from(held) if stay.client in missing][:free]
    state = after(None, Event.GIVE)
    rows = (Booking(session=held, client=one, state=state, joined_at=now) for one in coming)
    return len(Booking.objects.bulk_create(rows))


def missing_from(session: Session) -> list[Stay]:
    """Who became a member first, or lives here longest, comes first."""
    if session.group.admission == Admission.OPEN:
        return []
    stays = due(session.pk, session.local_date, session.starts_at, session.ends_at).select_related("client")
    if session.group.admission == Admission.MANDATORY:
        return list(stays.order_by("admitted_on", "pk"))
    theirs = members_on(session.local_date, session.group_id)
    since = Subquery(theirs.order_by("added_at").values("added_at")[:1])
    return list(stays.filter(Exists(theirs)).annotate(since=since).order_by("since", "pk"))


def without_place(group: Group, members: Collection[Membership], now: datetime) -> dict[UUID, list[Session]]:
    """For each of these members the sessions of the next weeks on which they have no place: two queries.

    It is full, or they are elsewhere then. Who left a session by themself is not among them.
    """
    sessions = list(group.sessions.upcoming(now).soon(now, weeks=WEEKS_TOLD).in_order())
    ids = {row.client_id for row in members}
    rows: BookingQuerySet = Booking.objects.filter(
        STANDS_SOMEWHERE, session__in=[one.pk for one in sessions], client__in=ids
    )
    there = set(rows.values_list("session", "client"))
    found: dict[UUID, list[Session]] = defaultdict(list)
    for row in members:
        found[row.client_id] += [
            one for one in sessions if row.holds_on(one.local_date) and (one.pk, row.client_id) not in there
        ]
    return found
