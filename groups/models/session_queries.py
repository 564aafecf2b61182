"""Sessions by the handful: who sees them, when they are, how full they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    SmallIntegerField,
    Subquery,
    Sum,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from accounts.models import Stay
from groups.models.attendance import EDITABLE_FOR, Attendance
from groups.models.booking import ACTIVE, TAKING_A_PLACE, Booking, State
from groups.models.facilitator import Facilitator
from groups.models.group import Admission

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session


def number_of(bookings: models.QuerySet[Any]) -> Coalesce:
    """How many rows of an outer-referenced queryset there are, as a column."""
    counted = bookings.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0, output_field=IntegerField())


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> SessionQuerySet:
        """Staff with the schedule see all; a client with a current stay sees open groups and their own."""
        if user.has_perm("groups.view_schedule"):
            return self
        if not user.has_perm("groups.view_own"):
            return self.none()
        here = Stay.objects.current(timezone.localdate()).filter(client=user)
        booked = Booking.objects.filter(session=OuterRef("pk"), client=user)
        return self.filter(Exists(here), Q(group__admission=Admission.OPEN) | Exists(booked))

    def not_cancelled(self) -> SessionQuerySet:
        return self.filter(cancelled_at=None)

    def on(self, day: date) -> SessionQuerySet:
        return self.filter(local_date=day)

    def week(self, monday: date) -> SessionQuerySet:
        return self.filter(local_date__gte=monday, local_date__lt=monday + timedelta(days=7))

    def upcoming(self, now: datetime) -> SessionQuerySet:
        return self.not_cancelled().filter(starts_at__gt=now)

    def soon(self, now: datetime, *, weeks: int) -> SessionQuerySet:
        return self.filter(starts_at__lt=now + timedelta(weeks=weeks))

    def overlapping(self, session: Session) -> SessionQuerySet:
        """The others during that session; one that ends as it begins is no overlap (T4)."""
        during = self.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        return during.exclude(pk=session.pk)

    def promote(self, now: datetime) -> None:
        """Gives the free places of each to those who wait (B3), in a transaction each, so that none blocks
        another. Also a session without a waitlist is locked: somebody may be joining it just now."""
        for session in self.upcoming(now):
            with transaction.atomic():
                locked = session.locked()
                if locked.bookings.waiting().exists():
                    locked.promote(now)

    def in_order(self) -> SessionQuerySet:
        return self.order_by("starts_at", "group__name", "pk")

    def led_by(self, user: User) -> SessionQuerySet:
        return self.filter(Exists(Facilitator.objects.filter(session=OuterRef("pk"), person=user.pk)))

    def with_places(self) -> SessionQuerySet:
        """Adds `capacity` (the smaller of group's and room's, C5), `confirmed`, `taken`, `waiting`, `free`.

        `free` is below zero when a capacity was lowered under people who stay.
        """
        rows = Booking.objects.filter(session=OuterRef("pk"))
        return self.annotate(
            capacity=Least(F("group__capacity"), F("room__capacity")),
            confirmed=number_of(rows.filter(state=State.CONFIRMED)),
            taken=number_of(rows.filter(state__in=TAKING_A_PLACE)),
            waiting=number_of(rows.filter(state=State.WAITLISTED)),
        ).annotate(free=F("capacity") - F("taken"))

    def with_faces(self) -> SessionQuerySet:
        """Group, room and, in one query for all, the people who lead."""
        people = Facilitator.objects.select_related("person")
        return self.select_related("group", "room").prefetch_related(Prefetch("facilitators", people))

    def with_booking_of(self, client: User) -> SessionQuerySet:
        """Adds `my_booking` (id), `my_state`, `my_position` in the waitlist, counted from 1, and `my_mark`.

        The active booking counts; without one, the latest that ended with the session itself.
        """
        mine = Booking.objects.filter(session=OuterRef("pk"), client=client).filter(
            state__in=[*ACTIVE, State.SESSION_CANCELLED]
        )
        mine = mine.order_by(F("closed_at").desc(nulls_first=True))[:1]
        ahead = Booking.objects.filter(session=OuterRef("pk"), state=State.WAITLISTED).filter(
            Q(priority__gt=OuterRef("my_priority"))
            | Q(priority=OuterRef("my_priority"), joined_at__lt=OuterRef("my_joined_at"))
            | Q(
                priority=OuterRef("my_priority"),
                joined_at=OuterRef("my_joined_at"),
                pk__lte=OuterRef("my_booking"),
            )
        )
        mark = Attendance.objects.filter(session=OuterRef("pk"), client=client)
        return self.annotate(
            my_mark=Subquery(mark.values("state"), output_field=CharField()),
            my_booking=Subquery(mine.values("pk"), output_field=UUIDField()),
            my_state=Subquery(mine.values("state"), output_field=CharField()),
            my_priority=Subquery(mine.values("priority"), output_field=SmallIntegerField()),
            my_joined_at=Subquery(mine.values("joined_at"), output_field=DateTimeField()),
        ).annotate(my_position=number_of(ahead))

    def day_of(self, user: User, day: date) -> SessionQuerySet:
        """One day for the page of one person, in order, in two queries.

        A client gets the sessions they are on, and those they could still join, with `my_state`,
        `my_position` and the places. A clinician gets those they lead, with the places. A manager gets all.
        """
        sessions = self.visible_to(user).on(day).with_places().with_faces().in_order()
        if user.is_client:
            sessions = sessions.with_booking_of(user)
            return sessions.filter(
                Q(my_booking__isnull=False) | Q(cancelled_at=None, starts_at__gt=timezone.now())
            )
        return sessions.led_by(user) if user.is_clinician else sessions

    def booked(self) -> SessionQuerySet:
        """Those that the client is on or waits for. Only for rows that come `with_booking_of`."""
        return self.filter(Q(my_booking__isnull=False))

    def fitting(self, client: User, now: datetime) -> SessionQuerySet:
        """Open sessions ahead with a free place at a time when the client is nowhere else.

        Only for rows that come `with_places` and `with_booking_of`.
        """
        elsewhere = Booking.objects.confirmed().filter(
            client=client,
            session__starts_at__lt=OuterRef("ends_at"),
            session__ends_at__gt=OuterRef("starts_at"),
        )
        return self.upcoming(now).filter(
            ~Exists(elsewhere), Q(my_booking=None), Q(free__gt=0), group__admission=Admission.OPEN
        )

    def unrecorded(self, now: datetime) -> SessionQuerySet:
        """Sessions that ended in the last days, whose sheet has blanks; adds how many as `blanks` (B7)."""
        marked = Attendance.objects.filter(session=OuterRef("session"), client=OuterRef("client"))
        blank = Booking.objects.confirmed().filter(~Exists(marked), session=OuterRef("pk"))
        return (
            self.not_cancelled()
            .filter(ends_at__lte=now, ends_at__gt=now - EDITABLE_FOR)
            .annotate(blanks=number_of(blank))
            .filter(blanks__gt=0)
        )

    def counts(self) -> dict[str, int]:
        """Totals of these sessions, in one query: sessions, cancelled, confirmed, waiting, full, unled."""
        led = Facilitator.objects.filter(session=OuterRef("pk"))
        standing = Q(cancelled_at=None)
        rows = self.with_places().annotate(led=Exists(led))
        totals = rows.aggregate(
            sessions=Count("pk", filter=standing),
            cancelled=Count("pk", filter=~standing),
            # An aggregate may not bear the name of the column that it adds up.
            all_confirmed=Coalesce(Sum("confirmed", filter=standing), 0),
            all_waiting=Coalesce(Sum("waiting", filter=standing), 0),
            full=Count("pk", filter=standing & Q(free__lte=0)),
            unled=Count("pk", filter=standing & Q(led=False)),
        )
        return {name.removeprefix("all_"): number for name, number in totals.items()}
