"""How many rows there are, as part of another query."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce

# Not Count, which would group the rows by their columns.
NUMBER = Func("pk", function="COUNT", output_field=IntegerField())


PEOPLE = Func(
    "client_id",
    function="COUNT",
    template="%(function)s(DISTINCT %(expressions)s)",
    output_field=IntegerField(),
)


def number_of(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().annotate(number=NUMBER).values("number")), 0)


def people_in(rows: QuerySet[Any]) -> Coalesce:
    """How many clients they are about."""
    return Coalesce(Subquery(rows.order_by().annotate(number=PEOPLE).values("number")), 0)
