"""Tables whose rows are written once: the database itself refuses to change them or take them away (A5).

The owner of the tables can still switch the guards off; what then happens is found by the seals.
"""

from typing import Any

from django.db import connection

TABLES = ("accounts_auditevent", "accounts_accessrecord", "accounts_auditseal")
OF_GROUPS = (
    "groups_attendancechange",
)  # each change of a mark (B7); guarded since the migration of that app

POSTGRESQL_REFUSES = """
CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""
CALL = "EXECUTE FUNCTION accounts_append_only()"
POSTGRESQL = {
    "{table}_guard": f"BEFORE UPDATE OR DELETE ON {{table}} FOR EACH ROW {CALL}",
    "{table}_guard_truncate": f"BEFORE TRUNCATE ON {{table}} FOR EACH STATEMENT {CALL}",
}
SQLITE_REFUSES = "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
SQLITE_KNOWN = "EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
SQLITE = {
    "{table}_guard_update": f"BEFORE UPDATE ON {{table}} {SQLITE_REFUSES}",
    "{table}_guard_delete": f"BEFORE DELETE ON {{table}} {SQLITE_REFUSES}",
    # INSERT OR REPLACE takes the old row away without asking the trigger above.
    "{table}_guard_replace": f"BEFORE INSERT ON {{table}} WHEN {SQLITE_KNOWN} {SQLITE_REFUSES}",
}
# It does so for any unique key, and a seal has one more.
SQLITE_SEALED = "EXISTS (SELECT 1 FROM {table} WHERE book = NEW.book AND number = NEW.number)"
SQLITE_SEALS = {
    "accounts_auditseal_guard_number": f"BEFORE INSERT ON {{table}} WHEN {SQLITE_SEALED} {SQLITE_REFUSES}"
}


def guards(tables: tuple[str, ...] = TABLES + OF_GROUPS) -> dict[str, tuple[str, str]]:
    """Each trigger that belongs into this database: its table, and what stands after its name."""
    is_postgresql = connection.vendor == "postgresql"
    triggers = [
        (table, *trigger) for table in tables for trigger in (POSTGRESQL if is_postgresql else SQLITE).items()
    ]
    if not is_postgresql and TABLES[-1] in tables:
        triggers += [("accounts_auditseal", *trigger) for trigger in SQLITE_SEALS.items()]
    return {name.format(table=table): (table, body.format(table=table)) for table, name, body in triggers}


def install(*_: Any, tables: tuple[str, ...] = TABLES + OF_GROUPS) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_REFUSES)
        for name, (_table, body) in guards(tables).items():
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def remove(*_: Any, tables: tuple[str, ...] = TABLES + OF_GROUPS) -> None:
    on_table = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name, (table, _body) in guards(tables).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table.format(table)}")


def missing() -> list[str]:
    """Guards that are not in the database, or are switched off."""
    if connection.vendor == "postgresql":
        standing = (
            "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"  # a replica's own do not count
        )
    else:
        standing = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(standing)
        found = {name for (name,) in cursor.fetchall()}
    return sorted(guards().keys() - found)
