"""Whatever clients, staff and the clock do to two sessions at one time, the line is just (B1 to B4, C3)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from groups.holds import is_quiet
from groups.models import Booking, Group, Room, Session
from groups.refusals import Begun, Refused
from groups.transitions import ACTIVE, State
from recovery_site.actions import departure
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.line_model import Seen, Step, check, no_place_idles

CLIENTS, SESSIONS = 7, 2
clients, sessions = st.integers(0, CLIENTS - 1), st.integers(0, SESSIONS - 1)
lengths = st.sampled_from(
    [timedelta(minutes=20), timedelta(hours=3), timedelta(hours=9), timedelta(hours=25)]
)


class Line(RuleBasedStateMachine):
    """Two groups meet at the same time in two days. Each step is taken a second after the last."""

    def __init__(self, staff: User, make: Callable[[int], Session]) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.staff, self.now = staff, NOW
        self.people = residents(CLIENTS)
        self.sessions = [make(number) for number in range(SESSIONS)]
        self.order: dict[Any, int] = {}
        self.seen = Seen.now()
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def take(self, act: Callable[[], Any], *asked: Booking | None, by: User | None = None) -> None:
        """One act, and what it left. `by` a client who does it for themselves."""
        self.now += timedelta(seconds=1)
        with suppress(Refused, departure.Refused):
            act()
        before, self.seen = self.seen, Seen.now()
        asked_for = {row.pk for row in asked if row}
        for pk, row in self.seen.rows.items():
            self.order.setdefault(pk, len(self.order))
            if by and row["client"] == by.pk and before.state(pk) in (None, *ACTIVE):
                asked_for.add(pk)
        self.step = Step(before, self.seen, self.now, asked_for, self.order)
        check(self.step, self.fresh())

    def fresh(self) -> list[Session]:
        return list(Session.objects.select_related("group", "room").order_by("group__name"))

    def booking(self, client: int, session: int, *states: str) -> Booking | None:
        rows = Booking.objects.filter(client=self.people[client], session=self.sessions[session])
        return rows.filter(state__in=states or list(State)).order_by("-joined_at").first()

    @initialize(data=st.lists(st.tuples(clients, sessions), min_size=4, max_size=10))
    def people_come(self, data: list[tuple[int, int]]) -> None:
        for client, session in data:
            self.joins(client, session, or_wait=True, adds_me=False)

    @rule(client=clients, session=sessions, or_wait=st.booleans(), adds_me=st.booleans())
    def joins(self, client: int, session: int, or_wait: bool, adds_me: bool) -> None:
        who, where = self.people[client], self.sessions[session]
        self.take(lambda: where.join(by=who, now=self.now, or_wait=or_wait, adds_me=adds_me), by=who)

    @rule(client=clients, session=sessions)
    def leaves(self, client: int, session: int) -> None:
        if row := self.booking(client, session, State.CONFIRMED, State.OFFERED, State.WAITLISTED):
            self.take(lambda: row.cancel(by=self.people[client], now=self.now))

    @rule(client=clients, session=sessions)
    def accepts(self, client: int, session: int) -> None:
        if row := self.booking(client, session, State.OFFERED, State.EXPIRED, State.DECLINED):
            self.take(lambda: row.accept(by=self.people[client], now=self.now), row)

    @rule(client=clients, session=sessions)
    def declines(self, client: int, session: int) -> None:
        if row := self.booking(client, session):
            self.take(lambda: row.decline(by=self.people[client], now=self.now))

    @rule(client=clients, session=sessions, wish=st.booleans())
    def wishes(self, client: int, session: int, wish: bool) -> None:
        if row := self.booking(client, session):
            self.take(lambda: row.set_adds_me(wish, by=self.people[client], now=self.now))

    @rule(session=sessions)
    def offer_runs_out(self, session: int) -> None:
        offers = Booking.objects.filter(session=self.sessions[session], state=State.OFFERED)
        if row := offers.order_by("held_until").first():
            self.now = max(self.now, row.held_until)
            self.take(lambda: row.expire(now=self.now))

    @rule(length=lengths)
    def time_passes(self, length: timedelta) -> None:
        self.now += length

    @rule()
    def clock_ticks(self) -> None:
        self.take(lambda: Session.objects.turn_waitlists(self.now))
        awake = not is_quiet(self.people[0], self.now)
        for session in self.fresh():
            no_place_idles(self.step, session, awake)
        was = self.seen
        self.take(lambda: Session.objects.turn_waitlists(self.now))
        assert self.seen == was, "the clock did something twice"

    @precondition(lambda self: self.steps > 4)
    @rule(client=clients)
    def goes_home(self, client: int) -> None:
        who = self.people[client]
        day = timezone.localdate(self.now)
        self.take(lambda: departure.discharge(client=who, on=day, by=self.staff, now=self.now))

    @rule(session=sessions, number=st.integers(1, 4))
    def capacity_changes(self, session: int, number: int) -> None:
        group = Group.objects.get(pk=self.sessions[session].group_id)
        group.capacity = number
        self.take(lambda: group.keep(by=self.staff, now=self.now))

    @rule(client=clients, session=sessions)
    def staff_put_first(self, client: int, session: int) -> None:
        if row := self.booking(client, session, State.WAITLISTED):
            given = {"priority_by": self.staff, "priority_at": self.now, "priority_sealed": b"x"}
            Booking.objects.filter(pk=row.pk).update(priority=1, **given)
            self.seen = Seen.now()

    @rule(client=clients, session=sessions)
    def staff_give(self, client: int, session: int) -> None:
        where = self.sessions[session]
        if row := self.booking(client, session):
            self.take(lambda: self.gives(where, row), row)

    def gives(self, where: Session, row: Booking) -> None:
        """Also once it has begun: then it says so (B3), where the person is not in and it takes place."""
        held = Session.objects.get(pk=where.pk)
        begun = held.has_begun(self.now) and held.cancelled_at is None and row.state != State.CONFIRMED
        with pytest.raises(Begun) if begun else nullcontext():
            where.give_place(row, by=self.staff, now=self.now)

    @precondition(lambda self: self.steps > 10)
    @rule(session=sessions)
    def is_called_off(self, session: int) -> None:
        self.take(lambda: self.sessions[session].cancel(by=self.staff, now=self.now))

    @invariant()
    def one_step_more(self) -> None:
        self.steps += 1


@pytest.mark.django_db
def test_b1_b2_b3_b4_c3_c5_whatever_happens_to_the_line(make_session, oak, mara):
    def make(number: int) -> Session:
        room = Room.objects.create(name=f"Room {number}", capacity=5)
        group = Group.objects.create(name=f"Group {number}", purpose="P", kind="therapy", capacity=2)
        return make_session(day=TODAY + timedelta(days=2), group=group, room=room)

    run_state_machine_as_test(
        lambda: Line(mara, make),
        settings=settings(
            max_examples=12,
            stateful_step_count=22,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
