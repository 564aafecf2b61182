"""Whatever happens in the same moment, nobody who left has a place, and nobody waits for ever (A6, B3)."""

from datetime import time, timedelta
from threading import Event
from time import sleep

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import AuditEvent, OutreachTask
from checkins.models import CheckIn
from groups.models import Booking, Group, Kind
from groups.refusals import NotHereThen, Refused
from recovery_site.actions.departure import ReachOutsWait
from tests.groups.conftest import NOW, residents
from tests.groups.test_joining import at_once
from tests.recovery_site.conftest import TOMORROW, acts, leave

pytestmark = pytest.mark.django_db(transaction=True)
State = Booking.State
Act = AuditEvent.Act


def test_a6_two_managers_discharge_one_person_once(sam, mara, make_session):
    make_session(day=TOMORROW).join(by=sam, now=NOW)
    results = at_once(lambda person: leave(type(sam).objects.get(pk=person.pk), mara), [sam] * 4)
    assert results == [None] * 4
    assert acts(sam) == [Act.DISCHARGED]


def test_a6_joining_while_being_discharged_leaves_no_place(sam, mara, make_session):
    art = Group.objects.create(name="Clay", kind=Kind.ART, capacity=5)
    make_session(day=TOMORROW).join(by=sam, now=NOW)
    sessions = [make_session(day=TOMORROW + timedelta(days=n), group=art, at=time(16)) for n in range(1, 8)]

    def work(session):
        person = type(sam).objects.get(pk=sam.pk)
        return leave(person, mara) if session is None else session.join(by=person, now=NOW)

    results = at_once(work, [None, *sessions])
    assert results[0] is None
    assert {type(result) for result in results[1:]} <= {Booking, NotHereThen}
    assert not sam.bookings.active().exists()


def test_a6_a_place_that_is_taken_while_the_discharge_waits_ends_too(sam, mara, make_session):
    """The discharge comes upon a session that it does not hold, lets go of Sam, and begins anew."""
    session, joined = make_session(day=TOMORROW), Event()

    def work(what):
        if what == "leave":
            joined.wait(timeout=30)
            return leave(type(sam).objects.get(pk=sam.pk), mara)
        with transaction.atomic():
            session.join(by=sam, now=NOW)
            joined.set()
            sleep(0.5)
        return None

    assert at_once(work, ["join", "leave"]) == [None, None]
    assert session.bookings.get().state == State.REMOVED


def test_a6_promotion_and_discharge_at_once_leave_no_place_and_block_nobody(sam, mara, make_session):
    people = residents(8)
    sessions = [make_session(day=TOMORROW + timedelta(days=n)) for n in range(4)]
    first = []
    for number, session in enumerate(sessions):
        order = people[number:] + people[:number]
        rows = [
            session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
            for n, person in enumerate([order[0], sam, *order[1:]])
        ]
        first.append(rows[0])
    leavers = [*first, None, *people[4:6]]

    def work(what):
        if what is None:
            return leave(type(sam).objects.get(pk=sam.pk), mara)
        if isinstance(what, Booking):
            return what.cancel(by=what.client, now=NOW)
        return leave(what, mara)

    results = at_once(work, leavers)
    assert [result for result in results if not isinstance(result, Refused)] == [None] * len(leavers)
    for person in (sam, *people[4:6]):
        assert not person.bookings.active().exists()
    for session in sessions:
        assert session.bookings.taking_a_place().count() == 3


def test_a6_a_wish_for_a_talk_is_never_lost_in_a_discharge(sam, ana, mara):
    def work(what):
        person = type(sam).objects.get(pk=sam.pk)
        if what == "leave":
            return leave(person, mara)
        return CheckIn.objects.ask(by=person, now=NOW)

    left, said = at_once(work, ["leave", "ask"])
    sam.refresh_from_db()
    if sam.away_since:
        assert left is None
        assert isinstance(said, PermissionDenied)
        assert not OutreachTask.objects.exists()
    else:
        assert isinstance(left, ReachOutsWait)
        assert OutreachTask.objects.in_no_hands().count() == 1
