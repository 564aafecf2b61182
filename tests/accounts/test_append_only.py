"""The audit and the log of looks are only added to, and the database itself holds to that."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import append_only
from accounts.models import AccessRecord, AuditEvent, AuditSeal
from groups.models import AttendanceChange, Group, Kind, Room, Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guarded")]
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
OVER = "INSERT OR REPLACE INTO {} SELECT * FROM {}"
MODELS = [AuditEvent, AccessRecord, AuditSeal, AttendanceChange]


@pytest.fixture(autouse=True)
def rows(guarded, sam, ana, mara) -> None:
    AuditEvent.objects.record(AuditEvent.Act.ADMITTED, by=mara, about=sam, now=NOW)
    AccessRecord.objects.note(actor=ana, subjects=[sam.pk], what="profile", now=NOW)
    AuditSeal.objects.seal(now=NOW)
    group = Group.objects.create(name="Circle", kind=Kind.CIRCLE, capacity=5)
    room = Room.objects.create(name="Garden", capacity=5)
    session = Session.plan(group=group, room=room, day=NOW.date(), starts_at=NOW, minutes=60)
    session.save()
    session.attendance_changes.create(client=sam, new="late", changed_by=ana, changed_at=NOW)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET id = 9000", "DELETE FROM {}", "UPDATE {} SET id = id"],
)
def test_a5_the_database_refuses_to_change_a_row(model, sql):
    before = list(model.objects.values())
    assert before
    refused = pytest.raises(IntegrityError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(model._meta.db_table))
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", MODELS)
def test_a5_the_product_cannot_change_a_row_either(model):
    row = model.objects.first()
    for act in (row.delete, row.save, model.objects.all().delete, lambda: model.objects.update(id=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize("model", MODELS)
def test_a5_no_table_is_emptied_or_written_over(model):
    table = model._meta.db_table
    empty = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else OVER
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(empty.format(table, table))
    assert model.objects.exists()


def test_a5_no_seal_is_written_over_by_its_number():
    before = list(AuditSeal.objects.values())
    columns = "book, number, upto, marks, digest, key_name, sealed_at"
    how = "INSERT" if connection.vendor == "postgresql" else "INSERT OR REPLACE"
    same = f"{how} INTO accounts_auditseal ({columns}) SELECT {columns} FROM accounts_auditseal"  # noqa: S608
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(same)
    assert list(AuditSeal.objects.values()) == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such triggers")
def test_a5_a_guard_that_stands_for_replicas_alone_is_told():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE REPLICA TRIGGER accounts_auditevent_guard")
    assert append_only.missing() == ["accounts_auditevent_guard"]


def test_a_guard_that_is_gone_is_told():
    call_command("verify_records")
    append_only.remove()
    with pytest.raises(CommandError, match="does not refuse changes: accounts_accessrecord_guard"):
        call_command("verify_records")
