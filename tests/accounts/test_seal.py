"""What was sealed at night and is different now is found, and named (security design, test 31)."""

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import append_only
from accounts.models import AccessRecord, AuditEvent, AuditSeal, seal
from accounts.tasks import seal_records
from tests import product

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
AUDIT, ACCESS = AuditEvent._meta.db_table, AccessRecord._meta.db_table


def write(sam, ana, mara, count=3) -> None:
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        AuditEvent.objects.record(AuditEvent.Act.ROLE, by=mara, about=ana, detail="clinician", now=at)
        AccessRecord.objects.note(actor=ana, subjects=[sam.pk], what="check_in", now=at)


@pytest.fixture
def nights(sam, ana, mara) -> None:
    """Two nights, each with rows of its own."""
    for _night in range(2):
        write(sam, ana, mara)
        AuditSeal.objects.seal(now=NOW)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(audit=AUDIT, access=ACCESS), values)


def ids(model) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def faults() -> list[str]:
    return [str(fault) for fault in AuditSeal.objects.faults()]


@pytest.mark.usefixtures("nights")
def test_what_was_not_touched_holds():
    assert faults() == []
    assert list(AuditSeal.objects.order_by("book", "number").values_list("book", "number", "upto")) == [
        ("access", 1, ids(AccessRecord)[2]),
        ("access", 2, ids(AccessRecord)[5]),
        ("audit", 1, ids(AuditEvent)[2]),
        ("audit", 2, ids(AuditEvent)[5]),
    ]


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize(
    ("model", "change", "place"),
    [
        (AuditEvent, "UPDATE {audit} SET act = 'closed'", 1),
        (AuditEvent, "UPDATE {audit} SET detail = ''", 4),
        (AuditEvent, "UPDATE {audit} SET actor_id = NULL", 0),
        (AuditEvent, "UPDATE {audit} SET subject_id = actor_id", 5),
        (AccessRecord, "UPDATE {access} SET what = 'profile'", 2),
        (AccessRecord, "UPDATE {access} SET at = '2026-11-24 16:00:00+00:00'", 3),
        (AccessRecord, "UPDATE {access} SET subject_id = actor_id", 5),
    ],
)
def test_a_changed_row_is_named(model, change, place):
    book, row = "audit" if model is AuditEvent else "access", ids(model)[place]
    sql(change + " WHERE id = %s", row)
    assert faults() == [f"{book}: row {row} was changed"]
    with pytest.raises(CommandError, match=f"{book}: row {row} was changed"):
        call_command("verify_records")


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_row_that_is_gone_is_named(place):
    row = ids(AccessRecord)[place]
    sql("DELETE FROM {access} WHERE id = %s", row)
    assert faults() == [f"access: row {row} is missing"]


@pytest.mark.usefixtures("nights")
def test_a_tail_that_was_cut_is_found_against_the_last_seal():
    tail = ids(AuditEvent)[4:]
    sql("DELETE FROM {audit} WHERE id >= %s", tail[0])
    assert faults() == [f"audit: row {row} is missing" for row in tail]


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize("row", [-5, 0])
def test_a_row_put_in_behind_is_named(row):
    sql(
        "INSERT INTO {audit} (id, actor_id, subject_id, act, detail, at)"
        " SELECT %s, actor_id, subject_id, act, detail, at FROM {audit} WHERE id = %s",
        row,
        ids(AuditEvent)[0],
    )
    assert faults() == [f"audit: row {row} was put in later"]


@pytest.mark.usefixtures("nights")
def test_two_rows_that_changed_places_are_both_named():
    first, second = ids(AuditEvent)[:2]
    for old, new in ((first, -1), (second, first), (-1, second)):
        sql("UPDATE {audit} SET id = %s WHERE id = %s", new, old)
    assert faults() == [f"audit: row {row} was changed" for row in (first, second)]


@pytest.mark.usefixtures("nights")
def test_a_seal_that_was_made_anew_without_the_key_is_found(settings):
    AuditSeal.objects.filter(book="audit", number=2).update(upto=ids(AuditEvent)[4])
    assert faults() == ["audit: seal 2 was changed"]
    AuditSeal.objects.filter(book="audit", number=1).delete()
    assert faults() == ["audit: seal 1 is missing"]


@pytest.mark.usefixtures("nights")
def test_the_last_seals_cut_off_with_their_rows_are_found_by_a_digest_kept_elsewhere(guarded):
    last = AuditSeal.objects.get(book="audit", number=2)
    call_command("verify_records", digest=[bytes(last.digest).hex()], stdout=StringIO())
    append_only.remove()
    sql("DELETE FROM {audit} WHERE id > %s", ids(AuditEvent)[2])
    sql("DELETE FROM accounts_auditseal WHERE id = %s", last.pk)
    append_only.install()
    call_command("verify_records", stdout=StringIO())  # what the help says that it cannot tell
    for gone in (bytes(last.digest).hex(), "no digest at all"):
        with pytest.raises(CommandError, match="the last seals are gone"):
            call_command("verify_records", digest=[gone])


def test_sealing_again_adds_nothing_and_logs_ids_and_digests_alone(nights, caplog, sam, ana, mara):
    caplog.set_level("INFO", logger=seal.__name__)
    seal_records()
    assert AuditSeal.objects.count() == 4
    assert caplog.records == []
    write(sam, ana, mara, 1)
    seal_records()
    last = AuditSeal.objects.order_by("pk").last()
    assert [record.getMessage() for record in caplog.records][-1] == (
        f"sealed access 3 up to row {ids(AccessRecord)[-1]}: {bytes(last.digest).hex()}"
    )
    assert faults() == []


def test_a_book_that_is_written_to_without_end_waits_for_the_next_night(nights, sam, ana, mara, monkeypatch):
    write(sam, ana, mara, 1)
    with monkeypatch.context() as patched:
        patched.setattr(seal, "WAIT_SECONDS", 0)
        patched.setattr(seal, "writers", lambda model: {"9/1"} if model is AuditEvent else set())
        assert [made.book for made in AuditSeal.objects.seal(now=NOW)] == ["access"]
    assert [made.book for made in AuditSeal.objects.seal(now=NOW)] == ["audit"]
    assert faults() == []


def test_many_rows_take_several_seals(sam, ana, mara, monkeypatch):
    monkeypatch.setattr(seal, "ROWS", 4)
    write(sam, ana, mara, 9)
    assert [made.number for made in AuditSeal.objects.seal(now=NOW) if made.book == "audit"] == [1, 2, 3]
    assert faults() == []


def test_a_new_key_goes_on_and_a_lost_one_is_told(nights, settings, sam, ana, mara):
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = "new:" + "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=" + "," + old
    write(sam, ana, mara, 1)
    AuditSeal.objects.seal(now=NOW)
    assert faults() == []
    settings.VAULT_KEYS = settings.VAULT_KEYS.split(",")[0]
    with pytest.raises(CommandError, match="no key named test"):
        call_command("verify_records")


@pytest.mark.django_db(transaction=True)
def test_two_places_that_seal_at_once_make_one_chain(sam, ana, mara):
    write(sam, ana, mara, 30)
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        AuditSeal.objects.seal(now=NOW)
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditSeal.objects.count() == 2
    assert faults() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_a_row_that_is_still_being_written_is_waited_for(sam, ana, mara):
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            AuditEvent.objects.record(AuditEvent.Act.ROLE, by=mara, now=NOW)
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    write(sam, ana, mara, 1)  # a higher id is there before the lower one
    threading.Timer(0.5, go_on.set).start()
    AuditSeal.objects.seal(now=NOW)
    thread.join()
    assert faults() == []
    assert AuditSeal.objects.get(book="audit").upto == ids(AuditEvent)[-1]


def test_who_writes_in_a_copy_of_the_database_holds_up_no_seal(sam, ana, mara):
    """On PostgreSQL its tables have the numbers of ours."""
    if not product.DATABASE_URL:
        return
    copy = f"{connection.settings_dict['NAME']}_copy"
    product.copy_tables(copy)
    write(sam, ana, mara)
    with psycopg.connect(product.DATABASE_URL, autocommit=True) as server:
        with psycopg.connect(product.DATABASE_URL, dbname=copy) as beside:
            beside.execute(f"LOCK TABLE {AUDIT} IN ROW EXCLUSIVE MODE")
            assert len(AuditSeal.objects.seal(now=NOW)) == 2
        server.execute(f"DROP DATABASE {copy}")


def test_row_33_the_newest_digest_of_each_book_is_what_a_backup_keeps(sam, ana, mara):
    assert AuditSeal.objects.newest_digests() == []
    AuditEvent.objects.record(AuditEvent.Act.ROLE, by=mara, about=ana, now=NOW)
    AuditSeal.objects.seal(now=NOW)
    (only,) = AuditSeal.objects.newest_digests()
    write(sam, ana, mara)
    AuditSeal.objects.seal(now=NOW)
    newest = AuditSeal.objects.newest_digests()
    assert len(newest) == 2
    assert only not in newest
    assert all(AuditSeal.objects.has_digest(digest.hex()) for digest in (only, *newest))
