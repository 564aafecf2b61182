"""Who would be asked to lead on days on which they are away (B9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import ngettext

from accounts.models import User
from groups.models import Leave


def words(people: Collection[User], days: Collection[date]) -> list[str]:
    """A line for each who is away on some of these days. It refuses nothing: somebody can stand in."""
    if not (people and days):
        return []
    near = Leave.objects.standing().filter(person__in=people, first__lte=max(days), last__gte=min(days))
    leaves = list(near)
    lines = []
    for person in people:
        theirs = [leave for leave in leaves if leave.person_id == person.pk]
        number = sum(any(leave.first <= day <= leave.last for leave in theirs) for day in days)
        text = ngettext(
            "%(name)s is away on one of these dates.",
            "%(name)s is away on %(number)d of these dates.",
            number,
        )
        lines += [text % {"name": person, "number": number}] * bool(number)
    return lines
