"""Two at one moment: one of them wins, on both databases (B9, C2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from groups.clashes import Clashes
from groups.models import Leave, Room, Session
from groups.refusals import IsAway, IsElsewhere, LedAlready, Refused
from tests.cast import person
from tests.groups.conftest import NOW, TODAY

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[type[Exception] | None]:
    """How each of them ended."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> type[Exception] | None:
        barrier.wait()
        try:
            act()
        except (Refused, Clashes) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def places_of(user: User) -> list[Session]:
    return list(Session.objects.led_by(user))


def test_b9_of_two_who_would_stand_in_one_does(ana, dev, mara, make_session):
    kim, session = person("kim", Role.CLINICIAN, "Kim Adu", ""), make_session(lead=ana)
    ended = at_once(
        *(lambda who=who: session.substitute(who, instead_of=ana, by=mara, now=NOW) for who in (dev, kim))
    )
    assert sorted(ended, key=str) == sorted([None, LedAlready], key=str)
    assert session.facilitators.count() == 1


def test_c2_nobody_stands_in_for_two_at_once(ana, dev, mara, make_session):
    eve = person("eve", Role.CLINICIAN, "Eve Moss", "")
    studio = Room.objects.create(name="Studio", capacity=5)
    one, other = make_session(lead=ana), make_session(at=time(13, 30), room=studio, lead=eve)
    ended = at_once(
        lambda: one.substitute(dev, instead_of=ana, by=mara, now=NOW),
        lambda: other.substitute(dev, instead_of=eve, by=mara, now=NOW),
    )
    assert sorted(ended, key=str) == sorted([None, IsElsewhere], key=str)
    assert len(places_of(dev)) == 1


def test_c2_a_substitute_who_plans_a_session_of_their_own_then(ana, dev, mara, make_session, make_series):
    studio = Room.objects.create(name="Studio", capacity=5)
    session = make_session(lead=ana)
    series = make_series(room=studio, start_time=time(13, 30), until=TODAY)
    ended = at_once(
        lambda: session.substitute(dev, instead_of=ana, by=mara, now=NOW),
        lambda: series.schedule(leads=[dev], by=dev, now=NOW),
    )
    assert ended in ([None, Clashes], [IsElsewhere, None])
    assert len(places_of(dev)) == 1


def test_b9_a_substitute_who_notes_a_leave_then(ana, dev, mara, make_session):
    """Either the leave comes first and they are refused, or they stand in and the list says that it waits."""
    session = make_session(lead=ana)
    ended = at_once(
        lambda: session.substitute(dev, instead_of=ana, by=mara, now=NOW),
        lambda: Leave.objects.note(person=dev, first=TODAY, last=TODAY, by=dev, now=NOW),
    )
    assert ended in ([None, None], [IsAway, None])
    assert Leave.objects.count() == 1


def test_one_leave_noted_twice_at_once_is_one(ana):
    assert at_once(
        *[lambda: Leave.objects.note(person=ana, first=TODAY, last=TODAY, by=ana, now=NOW)] * 2
    ) == [None, None]
    assert Leave.objects.count() == 1
