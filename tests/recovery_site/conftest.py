from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import AuditEvent, User
from groups import recurrence
from groups.models import Group, Kind, Room, Session
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def make_session(db):
    """A session with three places in one of two rooms."""
    oak = Room.objects.create(name="Oak room", capacity=8)
    seeking = Group.objects.create(name="Seeking safety", kind=Kind.THERAPY, capacity=3)

    def make(day=TODAY, at=time(13), group=seeking):
        starts_at = recurrence.to_utc(day, at, "America/New_York")
        session = Session.plan(group=group, room=oak, day=day, starts_at=starts_at, minutes=60)
        session.save()
        return session

    return make


def leave(client: User, by: User, on: date = TODAY, now: datetime = NOW, **more) -> None:
    actions.discharge(client=client, on=on, by=by, now=now, **more)


def acts(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(subject_id=person.pk).order_by("pk").values_list("act", flat=True))
