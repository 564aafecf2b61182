"""A9 and C2: what changes hands while somebody moves, changes or cancels it. Both are done, one by one."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Event
from time import sleep

import pytest
from django.db import connection

from groups.edits import changing
from groups.edits.wish import Wish
from groups.models import Edit, Facilitator, Scope, Series, Session, calling_off
from groups.models.moving import Move
from recovery_site.actions import handover
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
DAY = TODAY + timedelta(weeks=1)


@pytest.fixture
def series(frozen, make_series, dev) -> Series:
    make_series(start_date=DAY, count=2).schedule(leads=[dev], by=dev, now=NOW)
    return Series.objects.get()


def move(session: Session, by) -> object:
    return session.move(replace(Move.of(session), at=time(9)), by=by, now=NOW, token=uuid.uuid4())


def change(session: Session, by) -> object:
    wish = replace(Wish.of(session.series, DAY), start_time=time(9))
    return changing.change(
        session.series, wish, scope=Scope.ALL, since=DAY, by=by, now=NOW, token=uuid.uuid4()
    )


def cancel(session: Session, by) -> object:
    return session.cancel(by=by, now=NOW)


WHERE_IT_HOLDS_THE_SESSION = {
    move: (Session, "_hold_for"),
    change: (changing, "hold_all"),
    cancel: (calling_off.notices, "post_cancelled"),
}


@pytest.mark.parametrize("act", WHERE_IT_HOLDS_THE_SESSION)
def test_a9_a_handover_at_the_moment_of(act, series, dev, ana, mara, monkeypatch):
    session = Session.objects.get(rule_date=DAY)
    place, name = WHERE_IT_HOLDS_THE_SESSION[act]
    original, session_held, people_held = getattr(place, name), Event(), Event()

    def slow(*args, **more):
        session_held.set()
        people_held.wait(timeout=1)
        return original(*args, **more)

    passing = handover.pass_sessions

    def told(*args, **more):
        people_held.set()
        sleep(0.3)
        return passing(*args, **more)

    monkeypatch.setattr(place, name, slow)
    monkeypatch.setattr(handover, "pass_sessions", told)

    def give() -> None:
        session_held.wait(timeout=20)
        takers = handover.Takers(led={series.pk: ana})
        handover.hand_over(person=dev, takers=takers, by=mara, now=NOW)

    def done(work) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(done, [lambda: act(session, dev), give]))
    assert isinstance(answers[0], Edit | None)
    assert answers[1] is None
    session.refresh_from_db()
    assert session.sequence >= 1
    led = Facilitator.objects.filter(session__cancelled_at=None).values_list("person", flat=True)
    assert set(led) == {ana.pk}
