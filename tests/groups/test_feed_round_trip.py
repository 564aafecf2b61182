"""T10: what an independent reader understands of our file is what stands in our tables."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from groups import appointments, recurrence
from groups.appointments import Appointment
from groups.models import Booking, CalendarFeed, Group, Session
from groups.models.booking import State
from tests.groups.conftest import TODAY, ZONE

ODD = (
    "Tea, toast; and \\ talk",
    "First line\nSecond line\r\nThird",
    "Fürsorge 🌿👩🏽‍🦱 " * 20,
    "BEGIN:VEVENT\r\nSUMMARY:not ours\r\nEND:VEVENT",
    'Quoted "words": a=b^c',
    "x" * 300,
)
# Over the days on which New York's clocks change, in both directions.
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def read(content: bytes) -> Calendar:
    """The file, after what every line of it has to be (RFC 5545, 3.1)."""
    lines = content.split(b"\r\n")
    assert content.endswith(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    return Calendar.from_ical(content)


def told(calendar: Calendar) -> dict[str, tuple[object, ...]]:
    """What a calendar program would show of those years, by uid."""
    found = recurring_ical_events.of(calendar).between(date(2025, 1, 1), date(2028, 1, 1))
    return {
        str(event["uid"]): (event["dtstart"].dt, event["dtend"].dt, str(event["status"]), event["sequence"])
        for event in found
    }


def kept(sessions) -> dict[str, tuple[object, ...]]:
    return {
        f"{session.pk}@appointments.invalid": (
            session.starts_at,
            session.ends_at,
            "CANCELLED" if session.cancelled_at else "CONFIRMED",
            session.sequence,
        )
        for session in sessions
    }


@pytest.fixture
def of_sam(client, sam):
    """Reads Sam's calendar, as it is now."""
    _feed, token = CalendarFeed.objects.renew(sam, shows_detail=True, now=timezone.now())
    return lambda: read(client.get(f"/calendar/{token}.ics").content)


@pytest.mark.parametrize("changes_on", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_t10_the_round_trip_over_a_change_of_clocks(frozen, sam, of_sam, make_session, changes_on):
    frozen.move_to(recurrence.to_utc(changes_on - timedelta(days=10), time(9), ZONE))
    hours = (time(1, 30), time(2, 30), time(18))
    for weeks in (-1, 0, 1):
        for at in hours:
            session = make_session(day=changes_on + timedelta(weeks=weeks), at=at, minutes=30)
            Booking.objects.create(
                session=session, client=sam, state=State.CONFIRMED, joined_at=timezone.now()
            )
    assert told(of_sam()) == kept(Session.objects.all())
    assert len(told(of_sam())) == 9


def test_t10_names_come_back_as_they_were(frozen, sam, of_sam, oak, make_session):
    for number, name in enumerate(ODD):
        group = Group.objects.create(name=name[:80], kind="circle", capacity=5)
        session = make_session(day=TODAY + timedelta(days=number + 1), group=group)
        Booking.objects.create(session=session, client=sam, state=State.CONFIRMED, joined_at=timezone.now())
    calendar = of_sam()
    assert len(calendar.walk("VEVENT")) == len(ODD)
    named = {str(event["uid"]).partition("@")[0]: str(event["summary"]) for event in calendar.walk("VEVENT")}
    for session in Session.objects.select_related("group"):
        # A line break of any kind is one of theirs.
        expected = session.group.name.replace("\r\n", "\n")
        assert named[str(session.pk)].replace("\r\n", "\n") == expected


MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 6, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
# Control characters other than these never reach a name: forms refuse them.
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80).map(str.strip)
ROWS = st.builds(
    lambda pk, state, sequence, starts_at, minutes, group, room: Appointment(
        pk, state, sequence, starts_at, starts_at, starts_at + timedelta(minutes=minutes), group, room
    ),
    st.uuids(),
    st.sampled_from([State.CONFIRMED, State.SESSION_CANCELLED]),
    st.integers(0, 2**31 - 1),
    MOMENTS,
    st.integers(5, 600),
    NAMES,
    NAMES,
)


@settings(max_examples=60, deadline=None)  # a busy machine is no mistake of the file's
@given(st.lists(ROWS, max_size=4, unique_by=lambda row: row.session))
def test_t10_whatever_stands_in_the_rows_is_what_is_read(rows):
    found = {str(event["uid"]): event for event in read(appointments.written(rows)).walk("VEVENT")}
    assert found.keys() == {f"{row.session}@appointments.invalid" for row in rows}
    for row in rows:
        event = found[f"{row.session}@appointments.invalid"]
        assert (event["dtstart"].dt, event["dtend"].dt) == (row.starts_at, row.ends_at)
        assert (event["dtstamp"].dt, event["sequence"]) == (row.changed_at, row.sequence)
        assert str(event["summary"]) == (row.group or "Appointment")
        assert str(event.get("location", "")) == row.room


def test_t10_the_uid_stays_and_the_number_rises_through_move_cancelling_and_taking_it_back(
    frozen, sam, ana, of_sam, make_session
):
    session = make_session(day=TODAY + timedelta(days=3))
    Booking.objects.create(session=session, client=sam, state=State.CONFIRMED, joined_at=timezone.now())
    seen = [told(of_sam())]
    later = session.starts_at + timedelta(days=1)
    with transaction.atomic():
        session.locked()._change(
            timezone.now(),
            ana,
            starts_at=later,
            ends_at=later + timedelta(minutes=75),
            room_free_at=later + timedelta(minutes=90),
        )
    seen.append(told(of_sam()))
    session.cancel(by=ana, now=timezone.now())
    seen.append(told(of_sam()))
    session.reinstate(by=ana, now=timezone.now())
    seen.append(told(of_sam()))
    assert len({tuple(calendar) for calendar in seen}) == 1
    (rows,) = zip(*(calendar.values() for calendar in seen), strict=True)
    assert [row[3] for row in rows] == [0, 1, 2, 3]
    assert [row[2] for row in rows] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert seen[-1] == kept([Session.objects.get()])
