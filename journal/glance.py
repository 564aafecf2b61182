"""What a person's journal holds, seen in one query: pages are built from it that ask for nothing more
than what is there."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast, ExtractDay

from accounts import vault
from accounts.models import User
from accounts.vault import PersonKey
from journal.models import Draft, Entry, Narrative, OnThisDay, Share


@dataclass(frozen=True, repr=False)
class Glance:
    """Whether there is any of each, and the key that opens whatever is listed next.

    What was not asked for is empty: each question costs its share of the time that a page may take (T3).
    """

    drafts: bool
    shares: bool
    narrative: bool
    key: PersonKey | None  # None before the first words: it is made then
    pages: bool = False
    deleted: bool = False
    on_this_day: bool = False
    days: frozenset[int] = frozenset()  # of the month that was asked for: those with a page

    @classmethod
    def brief(cls, user: User) -> Glance:
        """What every page of the journal tells beside its own."""
        there = asked_anywhere(user)
        person = marked(user, there)
        return cls(**told(person, *there), key=key_of(person))

    @classmethod
    def of(cls, user: User, *, month: date) -> Glance:
        """All of it. `month` is any day of the month whose days of writing are wanted."""
        entries = Entry.objects.visible_to(user)
        there = asked_anywhere(user) | {
            "pages": entries.standing(),
            "deleted": entries.going(),
            "on_this_day": OnThisDay.objects.visible_to(user),
        }
        first, last = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
        written = entries.standing().filter(written_on__range=(first, last)).order_by().values("owner")
        day = Cast(ExtractDay("written_on"), CharField())
        days = written.annotate(found=StringAgg(day, Value(","), distinct=True)).values("found")
        person = marked(user, there, days=Subquery(days))
        found = frozenset(map(int, (person.days or "0").split(","))) - {0}
        return cls(**told(person, *there), days=found, key=key_of(person))


def asked_anywhere(user: User) -> dict[str, QuerySet[Any]]:
    return {
        "drafts": Draft.objects.visible_to(user),
        "shares": Share.objects.visible_to(user).worth_telling(),
        "narrative": Narrative.objects.visible_to(user).standing(),
    }


def marked(user: User, there: dict[str, QuerySet[Any]], **more: Subquery) -> Any:
    """The person with their key, and whether there is any of these rows."""
    marks = {f"any_{name}": Exists(rows) for name, rows in there.items()}
    people = User.objects.filter(pk=user.pk).select_related("data_key").only("pk", "data_key")
    return people.annotate(**marks, **more).get()


def told(person: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(person, f"any_{name}") for name in names}


def key_of(person: Any) -> PersonKey | None:
    return vault.key_of(person.data_key) if hasattr(person, "data_key") else None
