"""What became of the plan: somebody is away, a room is closed, a group rests, one session moved.

Before anybody is put on the lists, so that nobody is told about it.
"""

import uuid
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from groups.models import Holiday, Leave, Room, Series, Session
from groups.models.moving import Move

TUESDAY = 1


def take(people: dict[str, User], now: datetime) -> None:
    today = timezone.localdate(now)
    Room.objects.get(name="Greenhouse").close(by=people["mara"], now=now)
    move_one(people, now, next_weekday(today, TUESDAY))
    let_one_rest(people, now, today + timedelta(weeks=2))
    stand_in(people, now, today)
    be_away(people, now, next_weekday(today, 0))
    quiet_day = today + timedelta(days=17)
    Holiday.objects.create(
        name="Quiet day", first=quiet_day, last=quiet_day, made_by=people["mara"], made_at=now
    )


def next_weekday(today: date, weekday: int) -> date:
    """The first after today; not today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def move_one(people: dict[str, User], now: datetime, day: date) -> None:
    """The library is warmer than the old barn."""
    session = Session.objects.with_faces().get(group__name="Clay and color", local_date=day)
    was = Move.of(session)
    library = Room.objects.get(name="Library")
    to = Move(was.day, was.at, was.minutes, library, was.leads)
    session.move(to, by=people["mo"], now=now, token=uuid.uuid4())


def let_one_rest(people: dict[str, User], now: datetime, first: date) -> None:
    series = Series.objects.get(group__name="Clay and color")
    series.suspend(first=first, last=first + timedelta(days=6), by=people["mo"], now=now)


def stand_in(people: dict[str, User], now: datetime, today: date) -> None:
    ahead = Session.objects.with_faces().filter(group__name="Recovery circle", local_date__gt=today)
    session = ahead.earliest("local_date")
    session.substitute(people["grace"], instead_of=people["tomas"], by=people["tomas"], now=now)


def be_away(people: dict[str, User], now: datetime, monday: date) -> None:
    """Nobody stands in yet for what Kenji leads that week."""
    kenji = people["kenji"]
    Leave.objects.note(person=kenji, first=monday, last=monday + timedelta(days=6), by=kenji, now=now)
