"""Lists of people by name: their columns, their pages by key, and how somebody is found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Exists, FilteredRelation, OuterRef, Q, Subquery, Value
from django.db.models.functions import Lower

from accounts.models.care_team import CareTeamMember
from accounts.models.stay import Stay
from accounts.models.user import User
from accounts.models.user_queries import UserQuerySet

# Letters that Unicode does not take apart, as people type them who have no key for them.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)
A_PAGE = 50


class Listed(NamedTuple):
    """One person in a list, with their latest stay."""

    own: bool
    pk: UUID
    name: str
    pronouns: str
    role: str
    is_active: bool
    admitted_on: date | None
    discharged_on: date | None
    bed: str | None
    primary: str | None


def folded(text: str) -> str:
    """Without case and accents: "tomas" finds Tomás.

    In Python, because SQLite folds ASCII alone and PostgreSQL by its locale; and over the names as they
    are, because a folded copy beside them would have to be erased with them (A8).
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    return "".join(char for char in apart if not unicodedata.category(char).startswith(("M", "Cf")))


def page(
    people: UserQuerySet, *, reader: User, after: UUID | None = None, words: str = ""
) -> tuple[list[Listed], bool]:
    """The next people of `people` by name, and whether there are more. A clinician's own come first.

    Clinicians find by chosen name alone: the answer must not tell another's sign-in name or address.
    """
    ordered = _ordered(people, reader)
    if after is not None:
        ordered = _later(ordered, after, people if reader.is_clinician else User.objects.all(), reader)
    if words:
        columns = ["chosen_name"] if reader.is_clinician else ["chosen_name", "username", "email"]
        names = ordered.values_list("pk", *columns).iterator()
        found = list(islice(_matching(names, folded(words).split()), A_PAGE + 1))
        ordered = _ordered(people.filter(pk__in=found), reader)
    rows = [Listed(*row) for row in _columns(ordered)[: A_PAGE + 1]]
    return rows[:A_PAGE], len(rows) > A_PAGE


def _matching(names: Iterator[tuple], sought: list[str]) -> Iterator[UUID]:
    for pk, *columns in names:
        text = folded(" ".join(columns))
        if all(word in text for word in sought):
            yield pk


def _ordered(people: UserQuerySet, reader: User) -> Any:
    named = people.annotate(key=Lower("chosen_name"))
    if not reader.is_clinician:
        return named.annotate(own=Value(False, output_field=BooleanField())).order_by("key", "pk")
    own = CareTeamMember.objects.standing().filter(client=OuterRef("pk"), clinician=reader)
    return named.annotate(own=Exists(own)).order_by("-own", "key", "pk")


def _later(ordered: Any, after: UUID, scope: UserQuerySet, reader: User) -> Any:
    """Whoever comes behind that person; all of them when there is no such person in `scope`."""
    last = _ordered(scope.filter(pk=after), reader).values_list("own", "key").first()
    if last is None:
        return ordered
    own, key = last
    rest = Q(own=own, key__gte=key) & ~Q(key=key, pk__lte=after)
    return ordered.filter(rest | Q(own=False) if own else rest)


def _columns(ordered: Any) -> Any:
    """As tuples, in one query: rows of a model cost twice as much."""
    latest = Stay.objects.filter(client=OuterRef("pk")).order_by("-admitted_on", "-pk")
    leads = Q(care_team_rows__ended_at=None, care_team_rows__is_primary=True)
    return ordered.annotate(
        admitted_on=Subquery(latest.values("admitted_on")[:1]),
        discharged_on=Subquery(latest.values("discharged_on")[:1]),
        bed=Subquery(latest.values("bed")[:1]),
        leads=FilteredRelation("care_team_rows", condition=leads),
    ).values_list(
        *("own", "pk", "chosen_name", "pronouns", "role", "is_active"),
        *("admitted_on", "discharged_on", "bed", "leads__clinician__chosen_name"),
    )
