"""Many messages in one statement: INSERT … SELECT, with no object for any of them (T7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections, models, router
from django.db.models import F, Value
from django.db.models.functions import UUID4

if TYPE_CHECKING:
    from notifications.models.notification import Notification


def post_each(message: type[Notification], rows: models.QuerySet[Any], **fields: Any) -> None:
    """Puts one message in the outbox for each of these rows; the same message twice is one message.

    A field is a value, the same for all of them, or an F() of the row. What is not named has its default.
    The SELECT is the one Django writes; only the INSERT around it is ours, in words both databases know.
    """
    blank = message()
    expressions: dict[str, Any] = {}
    for field in message._meta.concrete_fields:
        column = field.column or field.attname
        value = fields.get(field.attname, getattr(blank, field.attname))
        if field.primary_key:
            expressions[column] = UUID4()
        elif isinstance(value, F):
            expressions[column] = value
        elif value is not None:
            expressions[column] = Value(value, output_field=field)
    database = connections[router.db_for_write(message)]
    quoted = [database.ops.quote_name(name) for name in (message._meta.db_table, *expressions)]
    query = rows.order_by().values_list(*expressions.values()).query
    select, values = query.get_compiler(connection=database).as_sql()
    with database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) {select} ON CONFLICT DO NOTHING",
            values,
        )
