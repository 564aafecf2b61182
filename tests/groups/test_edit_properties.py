"""Whatever is edited, in whatever scope and zone: past sessions stay, the rest is what the rule gives, no
place is lost without a trace, and nobody is in two places (C3, T5 to T8)."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Stay, User
from groups.clashes import Clashes
from groups.edits import changing, plan
from groups.edits.wish import Wish, left_of
from groups.models import Booking, Group, Kind, Room, Scope, Series, Session
from groups.models.moving import Move
from groups.recurrence import Rule, to_utc
from groups.refusals import NothingToPlan, Refused
from tests.groups.conftest import residents
from tests.groups.test_recurrence_properties import expansion, is_right

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago")
BEGINNINGS = (
    date(2026, 2, 20),
    date(2026, 3, 20),
    date(2026, 9, 1),
    date(2026, 10, 10),
)  # clocks change soon

rules = st.builds(
    lambda weekdays, interval, position: Rule(tuple(sorted(weekdays)), 1 if position else interval, position),
    st.sets(st.integers(0, 6), min_size=1, max_size=3),
    st.integers(1, 3),
    st.sampled_from([None, None, 1, -1]),
)
clocks = st.sampled_from([time(0, 30), time(2, 30), time(9), time(18)])
ends = st.one_of(
    st.just((None, None)),
    st.builds(lambda count: (None, count), st.integers(1, 25)),
    st.builds(lambda days: (timedelta(days=days), None), st.integers(7, 120)),
)


@dataclass(frozen=True)
class Step:
    kind: str
    scope: str
    which: int
    rule: Rule | None
    clock: time | None
    end: tuple[timedelta | None, int | None] | None
    new_room: bool
    own: bool
    days: int


steps = st.builds(
    Step,
    kind=st.sampled_from([*["edit"] * 4, "cancel", "own", "move", "wait", "undo"]),
    scope=st.sampled_from([Scope.ALL, Scope.FOLLOWING]),
    which=st.integers(0, 30),
    rule=st.none() | rules,
    clock=st.none() | clocks,
    end=st.none() | ends,
    new_room=st.booleans(),
    own=st.booleans(),
    days=st.integers(1, 20),
)


def two_at_once(one: Session, other: Session) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


class Life:
    """One series and what becomes of it."""

    def __init__(self, group, rooms, by, clients, series: Series, now: datetime) -> None:
        self.group, self.rooms, self.by, self.clients, self.now = group, rooms, by, clients, now
        series.schedule(leads=[by], by=by, now=now)
        self.edits: list = []
        self.called_off: set[uuid.UUID] = set()
        self.be_elsewhere(series.zone)
        self.book()

    def be_elsewhere(self, zone: str) -> None:
        """The first client has another group, each morning and each evening for a while."""
        other = Group.objects.create(name="Other", purpose="-", kind=Kind.CIRCLE, capacity=9)
        days = [self.now.date() + timedelta(days=number) for number in range(1, 40)]
        sessions = [
            Session.plan(
                group=other, room=self.rooms[3], day=day, starts_at=to_utc(day, at, zone), minutes=40
            )
            for day in days
            for at in (time(9), time(18))
        ]
        self.elsewhere = Session.objects.bulk_create(sessions)
        Booking.objects.bulk_create(
            Booking(session=one, client=self.clients[0], state="confirmed", joined_at=self.now)
            for one in sessions
        )

    def book(self) -> None:
        """A place for everybody in every third session that has none yet."""
        rows = Session.objects.filter(starts_at__gt=self.now, cancelled_at=None, bookings=None).order_by(
            "starts_at"
        )
        Booking.objects.bulk_create(
            Booking(session=session, client=client, state="confirmed", joined_at=self.now)
            for session in list(rows)[::3]
            for client in self.clients
            if client != self.clients[0] or not any(two_at_once(session, one) for one in self.elsewhere)
        )

    def take(self, step: Step) -> None:
        ahead = list(
            Session.objects.filter(starts_at__gt=self.now, cancelled_at=None, group=self.group).order_by(
                "starts_at", "pk"
            )
        )
        session = ahead[step.which % len(ahead)] if ahead else None
        if step.kind == "wait":
            self.now += timedelta(days=step.days, hours=step.which)
            Series.objects.lay_out(self.now)
        elif session and step.kind == "cancel":
            session.cancel(by=self.by, now=self.now)
            self.called_off.add(session.pk)
        elif session and step.kind == "move":
            self.move(session, step)
        elif session and step.kind == "own":
            with transaction.atomic():
                session.locked()._change(self.now, self.by, own_room=True, room=self.rooms[2])
        elif session and step.kind == "edit":
            self.edit(session, step)
        elif step.kind == "undo" and self.edits and self.edits[-1].can_be_undone(self.now):
            self.edits.pop().undo(by=self.by, now=self.now)

    def move(self, session: Session, step: Step) -> None:
        was = Move.of(session)
        to = replace(was, day=was.day + timedelta(days=step.days - 8), at=step.clock or was.at)
        try:
            self.edits.append(session.move(to, by=self.by, now=self.now, token=uuid.uuid4()))
        except (Refused, Clashes):
            return

    def edit(self, session: Session, step: Step) -> None:
        series = session.series
        since = session.rule_date if step.scope == Scope.FOLLOWING else plan.next_day(series, self.now)
        if since is None:
            return
        until, count = step.end or (None, None)
        if not step.end:
            until, count = series.until, left_of(series, since)
        wish = Wish(
            room=self.rooms[1] if step.new_room else series.room,
            start_time=step.clock or series.start_time,
            minutes=series.minutes,
            rule=str(step.rule) if step.rule else series.rule,
            leads=(self.by,),
            until=since + until if isinstance(until, timedelta) else until,
            count=count,
            own=step.own,
        )
        try:
            self.edits.append(
                changing.change(
                    series, wish, scope=step.scope, since=since, by=self.by, now=self.now, token=uuid.uuid4()
                )
            )
        except (NothingToPlan, Clashes):  # with the part of it that was split off before
            return


def at_home() -> list[User]:
    people = residents(2)
    Stay.objects.update(admitted_on=date(2026, 1, 1))
    return people


def past(now: datetime) -> list[dict]:
    return list(Session.objects.filter(starts_at__lte=now).order_by("pk").values())


def check(life: Life) -> None:
    now = life.now
    Series.objects.lay_out(now)
    assert Series.objects.lay_out(now) == 0
    for series in Series.objects.all():
        there = {one.rule_date: one for one in Session.objects.filter(series=series)}
        days = expected(series, now, max(there, default=None))
        left_out = set(series.skipped.values_list("day", flat=True))
        standing = {day: one for day, one in there.items() if one.starts_at > now and not one.withdrawn_by_id}
        for day in days - left_out:
            assert day in there, (series, day)
            one = there[day]
            is_past = one.starts_at <= now
            assert is_past or not one.withdrawn_by_id, (series, day)
        for day, one in standing.items():
            assert day in days or one.cancelled_at or one.own_time, (series, day)
            if not (one.own_time or one.cancelled_at):
                assert is_right(one.starts_at, day, series.start_time, series.zone)


def expected(series: Series, now: datetime, last: date | None) -> set[date]:
    """The days whose hour is ahead; of an open series up to the horizon, or to the last that it ever had."""
    if series.count == 0:
        return set()
    today = now.astimezone(ZoneInfo(series.zone)).date()
    horizon = today + timedelta(weeks=django_settings.WEEKS_LAID_OUT)
    horizon = max(horizon, last or horizon)
    rule = Rule.parse(series.rule)
    days = expansion(rule, series.start_date, until=series.until, count=series.count, horizon=horizon)
    return {day for day in days if series.session_on(day).starts_at > now}


def check_bookings(life: Life, number: int) -> None:
    assert Booking.objects.count() == number
    places = defaultdict(list)
    for booking in Booking.objects.select_related("session"):
        session = booking.session
        if booking.state == "confirmed":
            assert session.cancelled_at is None
            places[booking.client_id].append(session)
        else:
            assert booking.state in ("session_cancelled", "removed")
            assert booking.closed_from == "confirmed"
            assert session.pk in life.called_off or booking.needs_place_since
    for theirs in places.values():
        assert not any(two_at_once(one, other) for one, other in combinations(theirs, 2))


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    rule=rules,
    clock=clocks,
    zone=st.sampled_from(ZONES),
    begins=st.sampled_from(BEGINNINGS),
    end=ends,
    taken=st.lists(steps, min_size=1, max_size=5),
)
def test_c3_t6_t7_t8_whatever_is_edited(seeking, oak, dev, rule, clock, zone, begins, end, taken):
    with transaction.atomic():
        now = datetime.combine(begins, time(12), tzinfo=UTC)
        rooms = [oak, *(Room.objects.create(name=f"r{n}", capacity=9) for n in range(3))]
        until, count = end
        first = rule.first_day(begins + timedelta(days=1))
        series = Series(
            group=seeking, room=oak, start_date=first, start_time=clock, minutes=45, zone=zone, rule=str(rule)
        )
        series.until, series.count = (first + until if until else None), count
        life = Life(seeking, rooms, dev, at_home(), series, now)
        for step in taken:
            before = past(life.now)
            life.take(step)
            ids = [row["id"] for row in before]
            assert [row for row in past(life.now) if row["id"] in ids] == before
            booked = Booking.objects.count()
            check(life)
            check_bookings(life, booked)
        transaction.set_rollback(True)
