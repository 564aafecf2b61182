"""Rooms, groups, and twelve weeks of sessions with the people in them."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import F
from django.utils import timezone

from accounts.models import Stay, User
from groups import recurrence
from groups.holds import hold_end
from groups.models import (
    Admission,
    AgreementAcceptance,
    Attendance,
    AttendanceChange,
    Booking,
    Facilitator,
    Group,
    Room,
    Series,
    Session,
)
from recovery_site.demo import taking_part, turns
from recovery_site.demo.timetable import PLANS, ROOMS, Plan

WEEKS_PAST = 6
LATER: dict[str, int] = {
    Booking.State.WAITLISTED: 48,
    Booking.State.OFFERED: 46,
}  # hours after the first who joined


def seed(people: dict[str, User], now: datetime) -> None:
    if Series.objects.exists():
        return
    rooms = {
        name: Room.objects.create(name=name, place=place, capacity=capacity, turnover_minutes=turnover)
        for name, place, capacity, turnover in ROOMS
    }
    for plan in PLANS:
        schedule(plan, rooms[plan.room], people, now)
    turns.take(people, now)
    House(people, now).fill()
    call_off_one_and_leave_one_unled(people["mara"], now)
    taking_part.seed(people, now)


def schedule(plan: Plan, room: Room, people: dict[str, User], now: datetime) -> None:
    """The group and its open series, laid out from six weeks ago to twelve weeks ahead."""
    group = Group(
        name=plan.name,
        purpose=plan.purpose,
        what_to_expect=plan.expect,
        kind=plan.kind,
        pace=plan.pace,
        capacity=plan.capacity,
        admission=plan.admission,
        agreement=plan.agreement,
        who_is_there=plan.who,
        prerequisite=Group.objects.filter(name=plan.after).first(),
    )
    began, today = now - timedelta(weeks=WEEKS_PAST), timezone.localdate(now)
    weekdays = sorted({*plan.weekdays, *([today.weekday()] if plan.today else [])})
    rule = recurrence.Rule(tuple(weekdays), plan.interval, plan.position)
    series = Series(
        group=group,
        room=room,
        start_date=rule.first_day(timezone.localdate(began) + timedelta(days=1)),
        start_time=plan.at,
        minutes=plan.minutes,
        rule=str(rule),
    )
    series.schedule(leads=[people[name] for name in plan.leads], by=people["mara"], now=began)
    series.lay_out(now)


def call_off_one_and_leave_one_unled(manager: User, now: datetime) -> None:
    today = timezone.localdate(now)
    ahead = Session.objects.filter(local_date__gt=today)
    circle = ahead.filter(group__name="Morning circle").earliest("local_date")
    Booking.objects.filter(session=circle).update(
        closed_from=F("state"), state=Booking.State.SESSION_CANCELLED, closed_at=now
    )
    circle._change(now, manager, cancelled_at=now, cancelled_by=manager)
    unled = ahead.filter(group__name="Seeking safety").earliest("local_date")
    Facilitator.objects.filter(session=unled).delete()


class House:
    """Puts the people who live here on the lists, nobody in two places at once."""

    def __init__(self, people: dict[str, User], now: datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.random = Random(7)  # noqa: S311  # the same demo each time
        self.sam = people["sam"]
        self.stays: dict[User, list[Stay]] = defaultdict(list)
        for stay in Stay.objects.select_related("client").order_by("client__username", "admitted_on"):
            self.stays[stay.client].append(stay)
        self.busy: dict[tuple[User, date], list[tuple[datetime, datetime]]] = defaultdict(list)
        self.bookings: list[Booking] = []
        self.plans = {plan.name: plan for plan in PLANS}

    def fill(self) -> None:
        until = self.today + timedelta(days=15)
        sessions = Session.objects.filter(local_date__lt=until, suspension=None).with_faces().in_order()
        for session in sorted(sessions, key=self.turn):
            self.put_people_in(session)
        Booking.objects.bulk_create(self.bookings, batch_size=500)
        self.mark()
        pairs = {(row.session.group, row.client) for row in self.bookings if row.session.group.agreement}
        AgreementAcceptance.objects.bulk_create(
            AgreementAcceptance(group=group, client=client, version=1, at=self.now - timedelta(days=1))
            for group, client in sorted(pairs, key=lambda pair: (pair[0].name, pair[1].username))
        )

    def turn(self, session: Session) -> tuple[bool, bool]:
        """Sam waits for one of them, so it is filled first and without Sam; then come those in which people
        are expected."""
        return not self.is_waited_for(session), session.group.admission == Admission.OPEN

    def is_waited_for(self, session: Session) -> bool:
        return session.local_date == self.today and session.group.name == "Seeking safety"

    def is_offered(self, session: Session) -> bool:
        ahead = session.local_date - self.today
        return ahead == timedelta(days=3) and session.group.name == "Recovery circle"

    def put_people_in(self, session: Session) -> None:
        free = [person for person in self.living_here(session.local_date) if self.has_time(person, session)]
        self.random.shuffle(free)
        if self.is_waited_for(session):
            others = [person for person in free if person != self.sam]
            self.book(session, others[: session.capacity])
            self.book(session, [*others[session.capacity :][:1], self.sam], Booking.State.WAITLISTED)
            return
        if session.group.admission != Admission.OPEN:
            self.book(session, [person for person in free if self.is_expected(person, session)])
            return
        if self.is_offered(session):
            self.offer(session, [person for person in free if person != self.sam])
            return
        days_ahead = max(0, (session.local_date - self.today).days)
        share = self.plans[session.group.name].fill * self.random.uniform(0.75, 1.15) * 0.9**days_ahead
        if session.group.name == "Morning circle":
            free.sort(key=lambda person: person != self.sam)
        if session.group.name == "Clay and color" and session.local_date == self.today:
            free = [person for person in free if person != self.sam]
        self.book(session, free[: round(min(1, share) * session.capacity)])

    def is_expected(self, person: User, session: Session) -> bool:
        """Everybody on what is part of the plan, members in a closed group (B6)."""
        plan = self.plans[session.group.name]
        return plan.admission == Admission.MANDATORY or person.username in plan.members

    def offer(self, session: Session, others: list[User]) -> None:
        """All places but one are taken, and that one is offered to Sam (B4). Somebody waits behind them."""
        self.book(session, others[: session.capacity - 1])
        self.book(session, [self.sam], Booking.State.OFFERED)
        self.bookings[-1].held_until = hold_end(self.sam, self.now, session.starts_at)
        self.book(session, others[session.capacity - 1 :][:1], Booking.State.WAITLISTED)

    def living_here(self, day: date) -> list[User]:
        return [
            person
            for person, stays in self.stays.items()
            if any(
                stay.admitted_on <= day and (stay.discharged_on is None or day < stay.discharged_on)
                for stay in stays
            )
        ]

    def has_time(self, person: User, session: Session) -> bool:
        taken = self.busy[person, session.local_date]
        return all(session.ends_at <= start or end <= session.starts_at for start, end in taken)

    def book(self, session: Session, people: list[User], state: str = Booking.State.CONFIRMED) -> None:
        """They joined one after the other, over the days before."""
        first = min(self.now, session.starts_at) - timedelta(days=3)
        for number, person in enumerate(people):
            at = first + timedelta(hours=number * 2 + LATER.get(state, 0))
            self.bookings.append(Booking(session=session, client=person, state=state, joined_at=at))
            if state == Booking.State.CONFIRMED:
                self.busy[person, session.local_date].append((session.starts_at, session.ends_at))

    def mark(self) -> None:
        rows = Attendance.objects.bulk_create(self.attendance(), batch_size=500)
        AttendanceChange.objects.bulk_create(
            (
                AttendanceChange(
                    session=row.session,
                    client=row.client,
                    new=row.state,
                    changed_by=row.recorded_by,
                    changed_at=row.recorded_at,
                )
                for row in rows
            ),
            batch_size=500,
        )

    def attendance(self) -> list[Attendance]:
        """Marks for what is over; of yesterday and today some are still to be made."""
        marks = ["present"] * 17 + ["late", "left_early", "excused", "excused", "absent"]
        rows = []
        for booking in self.bookings:
            session = booking.session
            recent = (self.today - session.local_date).days < 2
            if booking.state != Booking.State.CONFIRMED or taking_part.is_left_blank(session, self.today):
                continue
            if session.ends_at > self.now or (recent and self.random.random() < 0.4):
                continue
            rows.append(
                Attendance(
                    session=session,
                    client=booking.client,
                    state=self.random.choice(marks),
                    recorded_by=session.people[0],
                    recorded_at=session.ends_at + timedelta(minutes=5),
                )
            )
        return rows
