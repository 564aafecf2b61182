"""Fifty at once want one room, or one person: exactly one has it, on either database (C1, C2)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from groups import recurrence
from groups.clashes import Clashes
from groups.models import Facilitator, Group, Room, Series, Session
from groups.models.moving import Move
from tests.groups.conftest import NOW, TODAY, ZONE

AT_ONCE = 50


def wanted(index: int, room: Room, lead: User) -> Move:
    """All overlap, and no two are the same."""
    return Move(TODAY, time(18, index), 60, room, (lead,))


@pytest.fixture
def elsewhere(seeking) -> list[Session]:
    """Half as many sessions, each in a room of its own and led by somebody of its own."""
    rooms = [Room(name=f"r{index:02}", capacity=5) for index in range(AT_ONCE)]
    people = [User(username=f"p{index:02}", role=Role.CLINICIAN, chosen_name="P") for index in range(AT_ONCE)]
    Room.objects.bulk_create(rooms)
    User.objects.bulk_create(people)
    starts_at = recurrence.to_utc(TODAY + timedelta(days=1), time(9), ZONE)
    sessions = [
        Session.plan(group=seeking, room=room, day=TODAY + timedelta(days=1), starts_at=starts_at, minutes=30)
        for room in rooms[: AT_ONCE // 2]
    ]
    Session.objects.bulk_create(sessions)
    Facilitator.objects.bulk_create(
        Facilitator(session=session, person=person) for session, person in zip(sessions, people, strict=False)
    )
    return sessions


def plan(group: Group, to: Move, by: User) -> None:
    series = Series(
        group=group, room=to.room, start_date=to.day, start_time=to.at, minutes=to.minutes, count=1
    )
    series.rule = recurrence.weekly([to.day.weekday()])
    series.schedule(leads=list(to.leads), by=by, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("one", ["room", "person"])
def test_c1_c2_fifty_plan_and_move_at_once_and_one_has_it(elsewhere, oak, seeking, dev, one):
    rooms, people = list(Room.objects.exclude(pk=oak.pk)), list(User.objects.filter(chosen_name="P"))
    start = Barrier(AT_ONCE)

    def want(index: int) -> str:
        room, lead = (oak, people[index]) if one == "room" else (rooms[index], dev)
        to = wanted(index, room, lead)
        try:
            start.wait(timeout=60)
            if index < len(elsewhere):
                elsewhere[index].move(to, by=dev, now=NOW, token=uuid.uuid4())
            else:
                plan(seeking, to, dev)
            return "has it"
        except Clashes as error:
            return f"clashes with {len(error.found)}"
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = sorted(threads.map(want, range(AT_ONCE)))
    assert results == ["clashes with 1"] * (AT_ONCE - 1) + ["has it"]
    assert Session.objects.filter(local_date=TODAY).count() == 1
