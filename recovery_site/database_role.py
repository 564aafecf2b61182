"""The role as which the product runs on PostgreSQL: it can change no table, and no row that is only added to.

Triggers refuse that, too, but an owner of tables can drop a trigger (security 3.3, row 31).
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from accounts import append_only

ADDED_TO = append_only.TABLES + append_only.OF_GROUPS


class Refused(Exception):
    """Says in words what stands in the way."""


def grant() -> str:
    """Makes the role where it is missing. Safe to repeat: each migration may have brought new tables."""
    app = settings.APP_DATABASE
    if connection.vendor != "postgresql" or connection.settings_dict["USER"] == app["USER"]:
        return "The product and its migrations use one role: nothing to grant."
    with transaction.atomic():
        try:
            make(app["USER"], app["PASSWORD"])
        except ProgrammingError:
            raise Refused(
                f"This role may not make {app['USER']}. Make it by hand, with LOGIN and its password."
            ) from None
        if is_owner(app["USER"]):
            raise Refused(f"{app['USER']} owns the tables or is a superuser: nothing could be kept from it.")
        for statement in grants(Identifier(app["USER"])):
            execute(statement)
    return f"{app['USER']} may read and write rows, and only add to {len(ADDED_TO)} of the tables."


def make(name: str, password: str) -> None:
    """The password goes as its SCRAM digest, so that no log of the server ever holds it."""
    if not ask("SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(name)))
    if password and ask("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"):
        raw = connection.connection.pgconn
        digest = raw.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(name), Literal(digest)))


def is_owner(name: str) -> bool:
    return bool(
        ask(
            "SELECT rolsuper OR EXISTS (SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace AND pg_has_role(pg_roles.oid, relowner, 'MEMBER'))"
            " FROM pg_roles WHERE rolname = %s",
            name,
        )
    )


def grants(app: Identifier) -> Iterator[Composable]:
    added_to = SQL(", ").join(map(Identifier, ADDED_TO))
    for words in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        "REVOKE UPDATE, DELETE ON {added_to} FROM {app}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
    ):
        yield SQL(words).format(app=app, added_to=added_to)


def ask(question: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return (cursor.fetchone() or [None])[0]


def execute(statement: Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
