"""What the database itself refuses, whoever writes and in whatever way (C1, C2)."""

from contextlib import contextmanager
from datetime import time, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from groups import clashes
from groups.models import Facilitator, Room, Session
from tests.groups.conftest import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no exclusion constraints"
)


@contextmanager
def refused(name="one_place_for_a_facilitator"):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@pytest.fixture
def studio(db) -> Room:
    return Room.objects.create(name="Studio", capacity=5)


@pytest.fixture
def led(make_session, dev) -> Session:
    return make_session(lead=dev)


@pytest.fixture
def beside(make_session, studio) -> Session:
    """At the same time in another room."""
    return make_session(room=studio, at=time(13, 30))


@only_postgresql
def test_c2_nobody_is_put_in_two_places_in_any_way(led, beside, dev, ana):
    with refused():
        Facilitator.objects.bulk_create([Facilitator(session=beside, person=dev, role="co")])
    row = Facilitator.objects.create(session=beside, person=ana)
    with refused():
        Facilitator.objects.filter(pk=row.pk).update(person=dev)
    with refused():
        Facilitator.objects.create(session=beside, person=dev, role="sub", stands_in_for=ana)


@only_postgresql
def test_c2_a_session_that_moves_takes_its_people_along(led, make_session, studio, dev):
    later = make_session(room=studio, at=time(16), lead=dev)
    with refused():
        Session.objects.filter(pk=later.pk).update(starts_at=led.starts_at, local_date=TODAY)
    hours = timedelta(hours=1)
    Session.objects.filter(pk=later.pk).update(
        starts_at=later.starts_at + hours, ends_at=later.ends_at + hours, room_free_at=later.ends_at + hours
    )


@only_postgresql
def test_c2_a_cancelled_session_keeps_nobody_busy_until_it_takes_place_again(led, beside, dev):
    led.cancel(by=dev, now=NOW)
    Facilitator.objects.create(session=beside, person=dev)
    with refused():
        Session.objects.filter(pk=led.pk).update(cancelled_at=None, cancelled_by=None)


@only_postgresql
def test_c2_whom_a_manager_allowed_may_be_in_two_places(led, beside, dev, mara):
    allowed = {"overlap_allowed_by": mara, "overlap_reason": "Both are in one hall"}
    row = Facilitator.objects.create(session=beside, person=dev, **allowed)
    with refused():
        Facilitator.objects.filter(pk=row.pk).update(overlap_allowed_by=None, overlap_reason="")
    Facilitator.objects.filter(session=led).update(**allowed)
    Facilitator.objects.filter(pk=row.pk).update(overlap_allowed_by=None, overlap_reason="")


@only_postgresql
def test_c2_rows_of_a_series_take_no_time(make_series, studio, dev):
    make_series(count=1).schedule(leads=[dev], by=dev, now=NOW)
    make_series(count=1, room=studio, start_time=time(20)).schedule(leads=[dev], by=dev, now=NOW)
    assert Facilitator.objects.filter(series__isnull=False).count() == 2


@only_postgresql
def test_c2_the_migration_says_who_is_in_two_places(led, beside, dev):
    migration = import_module("groups.migrations.0004_one_place_for_a_facilitator")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        migration.unguard(None, editor)
    Facilitator.objects.create(session=beside, person=dev)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(migration.InTwoPlaces, match=rf"dev: session .*{led.pk}") as raised,
        connection.schema_editor() as editor,
    ):
        migration.guard(None, editor)
    assert str(beside.pk) in str(raised.value)
    Facilitator.objects.filter(session=beside).delete()
    with connection.schema_editor() as editor:
        migration.guard(None, editor)
    with refused():
        Facilitator.objects.create(session=beside, person=dev)


def test_c1_c2_two_sessions_change_places_within_one_edit(led, make_session, ana, dev):
    other = make_session(at=time(16), lead=ana)
    led.starts_at, led.ends_at, led.room_free_at, other.starts_at, other.ends_at, other.room_free_at = (
        *(other.starts_at, other.ends_at, other.room_free_at),
        *(led.starts_at, led.ends_at, led.room_free_at),
    )
    assert clashes.find([led, other]) == []
    with transaction.atomic(), clashes.guarded([led, other]):
        led.save()
        other.save()
    assert Session.objects.order_by("starts_at").first() == other


@only_postgresql
def test_c4_what_the_database_refuses_reads_like_any_other_clash(led, make_session, dev, studio):
    later = make_session(day=TOMORROW, room=studio, lead=dev)
    later.starts_at, later.ends_at, later.room_free_at = led.starts_at, led.ends_at, led.ends_at
    later.local_date = TODAY
    with pytest.raises(clashes.Clashes) as raised, transaction.atomic(), clashes.guarded([later]):
        later.save()
    assert [(clash.planned, clash.who, clash.other) for clash in raised.value.found] == [(later, dev, led)]
    assert Session.objects.get(pk=later.pk).local_date == TOMORROW
