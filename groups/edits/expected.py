"""Those who are on a list without asking, in closed groups and where it is part of the plan: a change of the
plan neither loses them nor is held up by them (B6, T7, T8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import Stay, User
from groups.edits.places import Calendar, calendar_of, members_of
from groups.edits.plan import Plan
from groups.models import Admission, Attendance, Booking, Membership, Session
from groups.models.apologies import EXPECTED_IN
from groups.models.booking import BookingQuerySet, State

A_WEEK = timedelta(weeks=1)


def arrived(sessions: Iterable[UUID | str], since: datetime) -> BookingQuerySet:
    """Places that nobody asked for, since then, and of whose people nothing was heard or noted."""
    rows = Booking.objects.confirmed().filter(session__in=list(sessions), joined_at__gt=since)
    theirs = Membership.objects.on(OuterRef("session__local_date"))
    is_member = Exists(theirs.filter(client=OuterRef("client"), group=OuterRef("session__group")))
    closed = Q(is_member, session__group__admission=Admission.CLOSED)
    marks = Attendance.objects.filter(session=OuterRef("session"), client=OuterRef("client"))
    expected = rows.filter(closed | Q(session__group__admission=Admission.MANDATORY))
    return expected.filter(~Exists(marks), apology_at=None).order_by()


def come_anyway(plan: Plan, lost: Iterable[Booking]) -> list[Booking]:
    """Of the places that went with their day, those whose people come on another day of that week without
    asking: no other place is looked for (T8). Asked once everything else is written."""
    rows = [row for row in lost if row.state == State.CONFIRMED]
    if plan.series.group.admission not in EXPECTED_IN or not rows:
        return []
    coming = days_of(plan)
    return [
        row
        for row in rows
        if any(abs(day - row.session.local_date) < A_WEEK for day in coming[row.client_id])
    ]


def days_of(plan: Plan) -> defaultdict[UUID, set[date]]:
    """On which days of the series each client has a place, or will have one as soon as lists are filled."""
    coming: defaultdict[UUID, set[date]] = defaultdict(set)
    there = Booking.objects.confirmed().filter(session__in=[one.pk for one in plan.standing]).order_by()
    for client, day in there.values_list("client", "session__local_date"):
        coming[client].add(day)
    new = {one.pk: one for one in plan.new if not one.suspension_id}
    people = who_is_expected(plan, new.values())
    calendar = calendar_of(people, new, set())
    if plan.series.group.admission == Admission.CLOSED:
        calendar.members = members_of(plan.series.group_id, people)
    for one in new.values():
        for client in on_list(one, people, calendar):
            coming[client].add(one.local_date)
            calendar.busy[client].append((one.starts_at, one.ends_at))
    return coming


def who_is_expected(plan: Plan, sessions: Collection[Session]) -> set[UUID]:
    if not sessions:
        return set()
    first = min(one.local_date for one in sessions)
    stays = Stay.objects.filter(Q(discharged_on=None) | Q(discharged_on__gt=first))
    people = User.objects.clients().active().filter(Exists(stays.filter(client=OuterRef("pk"))))
    if plan.series.group.admission == Admission.CLOSED:
        members = Membership.objects.filter(group=plan.series.group_id, client=OuterRef("pk"))
        people = people.filter(Exists(members))
    return set(people.order_by().values_list("pk", flat=True))


def on_list(one: Session, people: Iterable[UUID], calendar: Calendar) -> list[UUID]:
    """Nobody where there are more than it holds: then it is not known yet who has a place."""
    due = [
        client
        for client in people
        if calendar.is_home(client, one.local_date)
        and calendar.belongs(client, one.local_date)
        and calendar.is_free(client, one)
    ]
    return due if len(due) <= min(one.group.capacity, one.room.capacity) else []
