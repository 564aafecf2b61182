import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import Stay, User
from accounts.roles import Role
from groups import recurrence
from groups.models import Attendance, Booking, Facilitator, Group, Kind, Pace, Room, Series, Session

TODAY = date(2026, 11, 24)  # the Tuesday of the fixture `frozen`
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"


def residents(number: int, name: str = "c") -> list[User]:
    """So many clients with a stay."""
    people = [User(username=f"{name}{n}", role=Role.CLIENT, chosen_name=f"Client {n}") for n in range(number)]
    User.objects.bulk_create(people)
    Stay.objects.bulk_create(Stay(client=person, admitted_on=date(2026, 11, 1)) for person in people)
    return people


@pytest.fixture
def oak(db) -> Room:
    return Room.objects.create(name="Oak room", place="ground floor", capacity=8, turnover_minutes=15)


@pytest.fixture
def seeking(db) -> Group:
    return Group.objects.create(
        name="Seeking safety", purpose="To feel steady.", kind=Kind.THERAPY, capacity=3
    )


@pytest.fixture
def make_session(oak, seeking) -> Callable[..., Session]:
    def make(
        day=TODAY, at=time(13), minutes=75, *, lead: User | None = None, group=None, room=None
    ) -> Session:
        session = Session.plan(
            group=group or seeking,
            room=room or oak,
            day=day,
            starts_at=recurrence.to_utc(day, at, ZONE),
            minutes=minutes,
        )
        session.save()
        if lead:
            Facilitator.objects.create(session=session, person=lead)
        return session

    return make


@pytest.fixture
def make_series(oak, seeking, dev) -> Callable[..., Series]:
    """An unsaved series; Tuesdays at 18:00 unless told otherwise."""

    def make(**fields) -> Series:
        given = {
            "group": seeking,
            "room": oak,
            "start_date": TODAY,
            "start_time": time(18),
            "minutes": 60,
            "rule": recurrence.weekly([1]),
        }
        return Series(**given | fields)

    return make


@pytest.fixture
def other_group(db):
    """Another group in a room of its own."""

    def make(name: str, kind: str = Kind.ART, pace: int = Pace.DEMANDING, **fields):
        room = Room.objects.create(name=name, capacity=5)
        group = Group.objects.create(name=name, kind=kind, pace=pace, capacity=2, **fields)
        return {"group": group, "room": room}

    return make


@pytest.fixture
def typed(oak, seeking, dev) -> dict:
    """What the form of a plan sends."""
    return {
        "client_token": str(uuid.uuid4()),
        "group": seeking.pk,
        "lead": dev.pk,
        "room": oak.pk,
        "weekdays": ["1"],
        "often": "1",
        "start_date": "2026-11-25",
        "start_time": "18:00",
        "end_time": "19:00",
        "ends": "never",
    }


def put(session: Session, *people, state: str = "confirmed") -> None:
    Booking.objects.bulk_create(
        Booking(session=session, client=one, state=state, joined_at=NOW - timedelta(days=9)) for one in people
    )


def note(session: Session, by, **fields) -> None:
    Attendance.objects.create(session=session, recorded_by=by, recorded_at=NOW, **fields)


@pytest.fixture
def over(make_session, dev, sam, noor) -> Session:
    """Dev led it yesterday at nine: Sam was late, Noor has no mark, and somebody came without a place."""
    session = make_session(TODAY - timedelta(days=1), time(9), lead=dev)
    put(session, sam, noor)
    note(session, dev, client=sam, state="late")
    note(session, dev, client=residents(1)[0], state="present", walked_in=True)
    return session
