"""What a person's journal holds, seen in one query: pages are built from it that ask for nothing more
than what is there."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, StringAgg, Subquery, Value
from django.db.models.functions import Cast, ExtractDay

from accounts import vault
from accounts.models import User
from accounts.vault import PersonKey
from journal.models import Draft, Entry, Narrative, OnThisDay, Share


@dataclass(frozen=True, repr=False)
class Glance:
    """Whether there is any of each, and the key that opens whatever is listed next."""

    pages: bool
    deleted: bool
    drafts: bool
    shares: bool
    on_this_day: bool
    narrative: bool
    days: frozenset[int]  # of the month that was asked for: those with a page
    key: PersonKey | None  # None before the first words: it is made then

    @classmethod
    def of(cls, user: User, *, month: date) -> Glance:
        """`month` is any day of the month whose days of writing are wanted."""
        entries = Entry.objects.visible_to(user)
        there = {
            "pages": entries.standing(),
            "deleted": entries.going(),
            "drafts": Draft.objects.visible_to(user),
            "shares": Share.objects.visible_to(user).worth_telling(),
            "on_this_day": OnThisDay.objects.visible_to(user),
            "narrative": Narrative.objects.visible_to(user).standing(),
        }
        first, last = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
        marks = {f"any_{name}": Exists(rows) for name, rows in there.items()}
        written = entries.standing().filter(written_on__range=(first, last)).order_by().values("owner")
        day = Cast(ExtractDay("written_on"), CharField())
        days = written.annotate(found=StringAgg(day, Value(","), distinct=True)).values("found")
        people = User.objects.filter(pk=user.pk).select_related("data_key").only("pk", "data_key")
        person = people.annotate(**marks, days=Subquery(days)).get()
        return cls(
            **{name: getattr(person, f"any_{name}") for name in there},
            days=frozenset(map(int, (person.days or "0").split(","))) - {0},
            key=vault.key_of(person.data_key) if hasattr(person, "data_key") else None,
        )
