"""The worker is killed in the middle of the lines: no offer is lost, and none is told of twice (B3).

An offer and its message are one transaction, so there is no moment between them; this looks for one all the
same, with a real worker, a real broker and a real mail server.
"""

import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter

import psycopg

from tests.faults.conftest import Sink
from tests.faults.test_delivery import midday_zone
from tests.product import Product, wait_for

LINES = 60  # long enough that the first is seen before the last is done
TURN, DELIVER = "groups.turn_waitlists", "notifications.deliver"  # what beat asks for
ADDRESS = "fenwick@people.example"
OFFERED = """
    SELECT id FROM groups_booking WHERE state = 'offered'
    AND client_id = (SELECT id FROM accounts_user WHERE username = 'fenwick')
"""
TOLD = """
    SELECT about FROM notifications_notification WHERE kind = 'groups.offer'
    AND recipient_id = (SELECT id FROM accounts_user WHERE username = 'fenwick')
"""
SENT = TOLD + " AND state = 'sent'"
BUILD = f"""
from datetime import timedelta
from django.utils import timezone
from accounts.models import Stay, User
from groups.models import Booking, Group, Room, Session
now = timezone.now()
who = User.objects.create(
    username="fenwick", role="client", chosen_name="Fenwick", email="{ADDRESS}", time_zone="%s"
)
Stay.objects.create(client=who, admitted_on=timezone.localdate() - timedelta(days=2))
group = Group.objects.create(name="Fenwick waits here", purpose="To be killed.", kind="circle", capacity=1)
room = Room.objects.create(name="Fenwick room", capacity=1)
first = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
for number in range({LINES}):
    starts_at = first + timedelta(hours=number)
    day = timezone.localtime(starts_at).date()
    session = Session.plan(group=group, room=room, day=day, starts_at=starts_at, minutes=30)
    session.save()
    Booking.objects.create(session=session, client=who, state="waitlisted", joined_at=now)
"""
ASK = """
from recovery_site.celery import app
for name in %r:
    app.send_task(name)
"""


def read(house: Product, query: str) -> list[str]:
    """The first column, past everything that the product itself would say."""
    if house.database_url:
        with psycopg.connect(house.database_url) as connection:
            return [str(value) for (value,) in connection.execute(query)]
    connection = sqlite3.connect(house.data / "db.sqlite3", timeout=20)
    try:
        return [value for (value,) in connection.execute(query)]
    finally:
        connection.close()


def run(house: Product, code: str) -> None:
    house.manage("shell", "-v", "0", "-c", code)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def test_b3_a_worker_killed_between_offers_and_messages_loses_and_doubles_nothing(
    house: Product, sink: Sink
) -> None:
    house.stop()  # no beat: each tick is asked for here
    run(house, BUILD % midday_zone() + ASK % [TURN])
    worker = house.start("worker")
    deadline = time.monotonic() + 60
    while not read(house, OFFERED):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    kill(worker)

    before = read(house, OFFERED)
    assert sorted(read(house, TOLD)) == sorted(before)
    assert read(house, SENT) == []

    house.start("worker")
    run(house, ASK % [TURN, TURN])
    wait_for(lambda: len(read(house, OFFERED)) == LINES, seconds=60)
    run(house, ASK % [DELIVER, TURN, DELIVER])
    wait_for(lambda: len(read(house, SENT)) == LINES, seconds=60)
    house.stop()

    assert set(before) <= set(read(house, OFFERED))
    assert sorted(read(house, TOLD)) == sorted(read(house, OFFERED))
    ids = Counter(mail["Message-ID"] for mail in sink.to(ADDRESS))
    assert (len(ids), set(ids.values())) == (LINES, {1})
