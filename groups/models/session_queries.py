"""Sessions by the handful: who sees them, when they are, how full they are."""

from __future__ import annotations

import logging
import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from groups import holds
from groups.models import places
from groups.models.attendance import Attendance
from groups.models.booking import ACTIVE, TAKING_A_PLACE, Booking, State
from groups.models.facilitator import Facilitator
from groups.models.group import Admission
from groups.models.meeting_queries import MeetingQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
LATE_AT_MOST = timedelta(days=28)  # a clock that stood still for longer closes no old lines


class SessionQuerySet(MeetingQuerySet):
    def visible_to(self, user: User) -> SessionQuerySet:
        """Staff with the schedule see all; a client sees open groups and their own.

        Of a closed group that is what they are a member for or stand on, and what is past: whoever
        left it sees what comes no more (B6).
        """
        if user.has_perm("groups.view_schedule"):
            return self
        if not user.has_perm("groups.view_own"):
            return self.none()
        is_closed, mine = Q(group__admission=Admission.CLOSED), user.bookings.order_by()
        stays = Q(state__in=[*ACTIVE, State.SESSION_CANCELLED]) | Q(needs_place_since__isnull=False)
        member = user.memberships.on(OuterRef("local_date")).filter(group=OuterRef("group"))
        had = Q(pk__in=mine.values("session")) & (~is_closed | Q(starts_at__lte=timezone.now()))
        own = had | Q(pk__in=mine.filter(stays).values("session")) | (is_closed & Q(Exists(member)))
        return self.filter(Q(group__admission=Admission.OPEN) | own)

    def on(self, day: date) -> SessionQuerySet:
        return self.filter(local_date=day)

    def week(self, monday: date) -> SessionQuerySet:
        return self.filter(local_date__gte=monday, local_date__lt=monday + timedelta(days=7))

    def soon(self, now: datetime, *, weeks: int) -> SessionQuerySet:
        return self.filter(starts_at__lt=now + timedelta(weeks=weeks))

    def overlapping(self, session: Session) -> SessionQuerySet:
        """The others during that session; one that ends as it begins is no overlap (T4)."""
        lately = session.starts_at - A_DAY  # none lasts as long, and the index by start leaves out the years
        during = self.filter(
            starts_at__gt=lately, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
        )
        return during.exclude(pk=session.pk)

    def hold(self) -> list[Session]:
        """These as they are now, in one order, so that none blocks another, until the transaction ends."""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("group")
        return list(rows.prefetch_related("room").order_by("pk"))

    def promote(self, now: datetime) -> None:
        """Gives the free places of each to those who wait (B3), in a transaction each, so that none blocks
        another. Also a session without a waitlist is locked: somebody may be joining it just now."""
        for session in self.upcoming(now):
            with transaction.atomic():
                locked = session.locked()
                if locked.bookings.waiting().exists():
                    locked.promote(now)

    def end_lines(self, now: datetime) -> None:
        """Nobody waits any more where people do not join by themselves (B6), in a transaction each. Also a
        session without a waitlist is locked: somebody may be coming to wait just now."""
        for session in self.not_cancelled().filter(starts_at__gt=now).order_by("pk"):
            with transaction.atomic():
                session.locked().end_line(now)

    def turn_waitlists(self, now: datetime) -> int:
        """What time alone does to waitlists (B4), in a transaction each; tells how many were looked at.

        Twice, late or in two workers it is once: each looks anew when it holds the session. One that fails
        keeps no other from its turn, and comes again with the next.
        """
        turning = self.with_lines_that_turn(now)
        for session in turning:
            try:
                session.turn_waitlist(now)
            except Exception as error:
                logger.warning("waitlist of %s: %s", session.pk, type(error).__name__)
        return len(turning)

    def with_lines_that_turn(self, now: datetime) -> list[Session]:
        """Where an offer is over, where the session has begun, and where a place is free for somebody who
        waits, can come and is not left in peace now. Three queries when there is nothing to do."""
        line, in_line = Booking.objects.waiting().order_by(), Booking.objects.in_line()  # few, of an index
        begun = Q(starts_at__gt=now - LATE_AT_MOST, starts_at__lte=now)
        waited = begun & Q(pk__in=in_line.values("session"))
        taken = Booking.objects.taking_a_place().order_by().filter(session=OuterRef("pk"))
        number = Coalesce(Subquery(taken.values("session").annotate(n=Count("pk")).values("n")), 0)
        waiting = self.upcoming(now + holds.STAFF_ONLY_WITHIN).filter(pk__in=line.values("session"))
        ahead = waiting.annotate(on_it=number)
        free = ahead.filter(on_it__lt=Least(F("group__capacity"), F("room__capacity")))
        over = Booking.objects.filter(state=State.OFFERED, held_until__lte=now).values_list("session")
        ids = {pk for rows in (over, self.filter(waited).values_list("pk")) for [pk] in rows}
        coming = Booking.objects.waiting().free_to_come().filter(session__in=free.values("pk"))
        rows = coming.order_by().select_related("session", "client__reach")
        ids |= {row.session_id for row in rows if not row.waits_for_the_morning(now)}
        return list(self.model.objects.filter(pk__in=ids).order_by("pk")) if ids else []

    def expect_people(self, now: datetime) -> int:
        """Puts members, and everybody where it is part of the plan, on the lists ahead (B6)."""
        from groups import expecting

        return expecting.expect(self, now)

    def in_order(self) -> SessionQuerySet:
        return self.order_by("starts_at", "group__name", "pk")

    def next(self, number: int) -> SessionQuerySet:
        """The first so many, as a queryset that can be joined."""
        return self.model.objects.filter(pk__in=self.in_order().values("pk")[:number])

    def led_by(self, user: User) -> SessionQuerySet:
        return self.filter(Exists(Facilitator.objects.filter(session=OuterRef("pk"), person=user.pk)))

    def read_by(self, user: User, now: datetime) -> SessionQuerySet:
        """Led by this person, and the list is open to them: to a substitute only around the session (B9)."""
        reading = Facilitator.objects.reading(now).filter(session=OuterRef("pk"), person=user.pk)
        return self.filter(Exists(reading))

    def with_turnout(self) -> SessionQuerySet:
        """Adds `confirmed`, `taken`, `waiting`, and `blanks`: how many have no mark on the sheet (B7)."""
        marks = Attendance.objects.filter(session=OuterRef("pk"), client=OuterRef("bookings__client"))
        confirmed = Q(bookings__state=State.CONFIRMED)
        counts = {  # names that Session declares for whoever reads them
            "confirmed": Count("bookings", filter=confirmed),
            "taken": Count("bookings", filter=Q(bookings__state__in=TAKING_A_PLACE)),
            "waiting": Count("bookings", filter=Q(bookings__state=State.WAITLISTED)),
            "blanks": Count("bookings", filter=Q(~Exists(marks), confirmed)),
        }
        return self.annotate(**counts)

    def with_faces(self) -> SessionQuerySet:
        """Group, room and, in one query for all, the people who lead."""
        people = Facilitator.objects.select_related("person", "stands_in_for", "overlap_allowed_by")
        return self.select_related("group", "room").prefetch_related(Prefetch("facilitators", people))

    def shown_to(self, user: User) -> list[Session]:
        """In order, with group, room, the names of who leads, and what `places.count` sets: two queries."""
        found = self.with_leaders()
        places.count(found, user)
        return found

    def with_leaders(self) -> list[Session]:
        """In order, with group, room, and the names of who leads. A row a leader, so that one query does."""
        lead = {"leader": F("facilitators__person__chosen_name")}
        rows = self.select_related("group", "room").annotate(**lead).in_order()
        found: dict[uuid.UUID, Session] = {}
        for row in rows.order_by(*rows.query.order_by, "-facilitators__role", "facilitators__pk"):
            session = found.setdefault(row.pk, row)
            session.leaders = [*session.leaders, row.leader] if row.leader else []
        return list(found.values())

    def day_and_offers(self, client: User, day: date, now: datetime) -> tuple[list[Session], list[Session]]:
        """A client's day: the sessions they are on, and those they could still join. And the places that are
        kept for them, on whichever day (B4). As `shown_to` them, in two queries for all.
        """
        offered = client.bookings.filter(state=State.OFFERED, held_until__gt=now)
        either = self.on(day).order_by().values("pk").union(offered.order_by().values("session"))
        found = self.visible_to(client).filter(pk__in=either).shown_to(client)
        today = [row for row in found if row.local_date == day and (row.my_state or row.is_ahead(now))]
        return today, [row for row in found if row.is_offered(now)]

    def booked(self, client: User) -> SessionQuerySet:
        """Those that the client is on or waits for, also when they were called off since."""
        ended = Q(state=State.EXPIRED, closed_at__gte=F("session__starts_at"))
        mine = client.bookings.filter(Q(state__in=[*ACTIVE, State.SESSION_CANCELLED]) | ended)
        return self.filter(pk__in=mine.values("session"))

    def fitting(self, client: User, now: datetime) -> SessionQuerySet:
        """Open sessions ahead at a time when the client is nowhere else, and waits for none of them."""
        mine = client.bookings.active().filter(session=OuterRef("pk"))
        there = client.bookings.confirmed().filter(
            session__starts_at__gt=now - A_DAY,  # what is over is no other place, and there are years of it
            session__starts_at__lt=OuterRef("ends_at"),
            session__ends_at__gt=OuterRef("starts_at"),
        )
        return self.upcoming(now).filter(~Exists(mine), ~Exists(there), group__admission=Admission.OPEN)

    def counts(self, now: datetime) -> dict[str, int]:
        """Totals of these sessions, in one query: sessions, cancelled, confirmed, waiting, full, unled.

        What a change of its series took out is none of them (T7). Nobody waits for one that is over.
        """
        led = Facilitator.objects.filter(session=OuterRef("pk"))
        standing = Q(cancelled_at=None, suspension=None)
        seats = Least(F("group__capacity"), F("room__capacity"))
        rows = self.with_turnout().annotate(led=Exists(led), seats=seats)
        totals = rows.aggregate(
            sessions=Count("pk", filter=standing),
            cancelled=Count("pk", filter=Q(cancelled_at__isnull=False, withdrawn_by=None)),
            # An aggregate may not bear the name of the column that it adds up.
            all_confirmed=Coalesce(Sum("confirmed", filter=standing), 0),
            all_waiting=Coalesce(Sum("waiting", filter=standing & Q(ends_at__gt=now)), 0),
            full=Count("pk", filter=standing & Q(taken__gte=F("seats"))),
            unled=Count("pk", filter=standing & Q(led=False)),
        )
        return {name.removeprefix("all_"): number for name, number in totals.items()}
