"""One table says how a place changes. The code goes by it, and these tests walk it (B1)."""

import ast
from itertools import product
from pathlib import Path

import pytest

from groups.models import Booking
from groups.transitions import ACTIVE, TABLE, Event, Impossible, State, after, result_of, states_before
from tests.groups.conftest import NOW, residents


@pytest.fixture
def one_of_each(make_session) -> dict[State, Booking]:
    session = make_session()
    return {state: row_in(session, state, client) for state, client in zip(State, residents(9), strict=True)}


def row_in(session, state, client) -> Booking:
    closed = {} if state in ACTIVE else {"closed_at": NOW, "closed_from": State.CONFIRMED}
    held = {"held_until": NOW} if state == State.OFFERED else {}
    return Booking.objects.create(
        session=session, client=client, state=state, joined_at=NOW, **closed, **held
    )


def test_b1_each_event_leads_to_one_state():
    for event in Event:
        assert {new for (_before, known), new in TABLE.items() if known == event} == {result_of(event)}


def test_b1_one_booking_passes_by_the_table_and_by_nothing_else(one_of_each):
    for state, event in product(one_of_each, Event):
        booking = one_of_each[state]
        held = {"held_until": NOW} if event == Event.OFFER else {}
        if (new := TABLE.get((state, event))) is None:
            with pytest.raises(Impossible):
                booking._pass(event, now=NOW, **held)
            assert Booking.objects.get(pk=booking.pk).state == state
            continue
        booking._pass(event, now=NOW, **held)
        kept = Booking.objects.get(pk=booking.pk)
        assert (kept.state, after(state, event)) == (new, new)
        assert (kept.closed_from, kept.closed_at) == (("", None) if new in ACTIVE else (state, NOW))
        assert kept.held_until == (NOW if new == State.OFFERED else None)
        Booking.objects.filter(pk=booking.pk).delete()
        one_of_each[state] = row_in(booking.session, state, booking.client)


def test_b1_many_bookings_pass_by_the_same_table(one_of_each):
    session = one_of_each[State.CONFIRMED].session
    for event in Event:
        Booking.objects.all().delete()
        rows = {state: row_in(session, state, row.client) for state, row in one_of_each.items()}
        held = {"held_until": NOW} if event == Event.OFFER else {}
        passed = Booking.objects.pass_all(event, now=NOW, **held)
        assert passed == len(states_before(event))
        found = dict(Booking.objects.values_list("pk", "state"))
        assert found == {row.pk: TABLE.get((state, event), state) for state, row in rows.items()}


@pytest.mark.parametrize("event", Event)
def test_b1_a_new_booking_begins_by_the_table(make_session, sam, event):
    booking = Booking(session=make_session(), client=sam, joined_at=NOW)
    if (None, event) not in TABLE:
        with pytest.raises(Impossible):
            booking._pass(event, now=NOW)
        assert not Booking.objects.exists()
        return
    booking._pass(event, now=NOW)
    assert Booking.objects.get().state == TABLE[None, event]


def test_b1_b2_b3_who_left_said_no_or_waited_until_it_was_over_comes_back_by_no_event_at_all():
    left = (State.CANCELLED, State.CANCELLED_LATE, State.DECLINED, State.EXPIRED)
    assert [event for state, event in TABLE if state in left] == []


def test_b1_no_other_code_of_the_groups_writes_a_state():
    writes = {"update", "create", "bulk_create", "bulk_update", "get_or_create"}
    found = [
        f"{path}:{call.lineno}"
        for path in Path("groups").rglob("*.py")
        if "migrations" not in path.parts
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in writes
        for word in call.keywords
        if word.arg == "state" and ast.unparse(word.value).startswith(("State.", "Booking.State.", "F("))
    ]
    assert found == []
