"""A program of 200 series, of any age, and a week of it that is full. Of a Django that is set up."""

from datetime import date, time, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from groups import recurrence
from groups.models import Booking, Facilitator, Group, Room, Series, Session

SERIES, IN_A_ROOM = 200, 10
CROWD = 2_000  # sessions in one week of the board
NOW = timezone.now()
MONDAY = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
CROWDED = MONDAY + timedelta(weeks=30)


def house(name: str) -> tuple[list[Room], list[User]]:
    """Rooms, each with somebody who leads all that is in it."""
    rooms = [Room(name=f"{name} {number:02}", capacity=500) for number in range(SERIES // IN_A_ROOM)]
    people = [
        User(username=f"{name}{number:02}", role=Role.CLINICIAN, chosen_name=name) for number in range(20)
    ]
    return Room.objects.bulk_create(rooms), User.objects.bulk_create(people)


def plan(name: str, first: date, by: User) -> list[Series]:
    """200 open series, two a day in each room."""
    rooms, people = house(name)
    group = Group.objects.create(name=name, purpose="To meet.", kind="circle", capacity=500)
    rows = [
        Series(
            group=group,
            room=rooms[number // IN_A_ROOM],
            start_date=first + timedelta(days=number % 5),
            start_time=time(9 + number % IN_A_ROOM // 5 * 3),
            minutes=60,
            rule=recurrence.weekly([number % 5]),
            created_by=by,
        )
        for number in range(SERIES)
    ]
    Series.objects.bulk_create(rows)
    Facilitator.objects.bulk_create(
        Facilitator(series=row, person=people[number // IN_A_ROOM]) for number, row in enumerate(rows)
    )
    return rows


def fill(rows: list[Series], weeks: range, sam: User) -> None:
    """A session of each series in each of these weeks, counted from this one; five a week with Sam."""
    leads = dict(Facilitator.objects.filter(series__in=rows).values_list("series", "person"))
    for week in weeks:
        days = [(row, MONDAY + timedelta(weeks=week, days=number % 5)) for number, row in enumerate(rows)]
        sessions = [row.session_on(day) for row, day in days]
        Session.objects.bulk_create(sessions)
        Facilitator.objects.bulk_create(
            Facilitator(session=session, person_id=leads[session.series_id]) for session in sessions
        )
        Booking.objects.bulk_create(
            Booking(session=session, client=sam, state="confirmed", joined_at=NOW) for session in sessions[:5]
        )


def crowd(sam: User) -> None:
    """A week ahead in which every room is taken from morning to night: CROWD sessions in view at once."""
    group, people = Group.objects.order_by("name")[0], list(User.objects.clinicians().order_by("username"))
    rooms = list(Room.objects.order_by("name"))
    sessions, leading = [], []
    for number in range(CROWD):
        place, slot = number % len(rooms), number // len(rooms)
        day = CROWDED + timedelta(days=slot % 5)
        at = recurrence.to_utc(day, time(8 + slot // 10, slot // 5 % 2 * 30), settings.TIME_ZONE)
        one = Session.plan(group=group, room=rooms[place], day=day, starts_at=at, minutes=15)
        sessions.append(one)
        leading.append(Facilitator(session=one, person=people[place]))
    Session.objects.bulk_create(sessions)
    Facilitator.objects.bulk_create(leading)
    Booking.objects.bulk_create(
        Booking(session=one, client=sam, state="confirmed", joined_at=NOW) for one in sessions
    )
