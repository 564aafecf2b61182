"""Who may see a row: said once per model, and read in both directions.

`Rule.rows` narrows many rows to those that one person may see (every `visible_to` is one call of it).
`Rule.readers` is the other way round: everybody who may see one row. `who_can_see` puts that in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import get_user_model
from django.db.models import Case, Field, Model, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import ALUMNI, PERMISSIONS, Role

if TYPE_CHECKING:
    from accounts.models.user import User
    from accounts.models.user_queries import UserQuerySet

NOBODY = Q(pk__in=[])
YOU, EACH_PERSON = gettext_lazy("you"), gettext_lazy("each person")


@dataclass(frozen=True)
class Own:
    """The person whom a column names, as long as they hold the permission, where one is asked for."""

    field: str
    permission: str = ""
    mine: str | Promise = YOU
    theirs: str | Promise = EACH_PERSON

    def rows(self, user: User) -> Q | None:
        may = not self.permission or user.has_perm(self.permission)
        return Q(**{self.field: user.pk}) if may else None

    def people(self, row: Model) -> Q:
        own = Q(pk=column(row, self.field))
        return own & holders(self.permission) if self.permission else own

    def admits(self, row: Model, user: User) -> bool:
        return self.rows(user) is not None and column(row, self.field) == user.pk


@dataclass(frozen=True)
class Through:
    """People of one role who are joined to a row by another: a care team, those who lead a session.

    `pairs` gives the rows that join: `near` names what the column `field` names too, `far` the person.
    """

    field: str
    pairs: Callable[[], QuerySet[Any]]
    near: str
    far: str
    role: Role
    mine: str | Promise = ""
    theirs: str | Promise = ""

    def rows(self, user: User) -> Q | None:
        if user.role != self.role:
            return None
        return Q(**{f"{self.field}__in": self.pairs().filter(**{self.far: user.pk}).values(self.near)})

    def people(self, row: Model) -> Q:
        pairs = self.pairs().filter(**{self.near: column(row, self.field)})
        return Q(pk__in=pairs.values(self.far), role=self.role)

    def admits(self, row: Model, user: User) -> bool:
        pairs = self.pairs().filter(**{self.near: column(row, self.field), self.far: user.pk})
        return user.role == self.role and pairs.exists()


@dataclass(frozen=True)
class Everyone:
    """All people of one role. A sentence names the role, not each of them."""

    role: Role
    theirs: str | Promise

    @property
    def mine(self) -> str | Promise:
        return self.theirs

    def rows(self, user: User) -> Q | None:
        return ~NOBODY if user.role == self.role else None

    def people(self, row: Model) -> Q:
        return Q(role=self.role)

    def admits(self, row: Model, user: User) -> bool:
        return user.role == self.role


MANAGERS = Everyone(Role.MANAGER, gettext_lazy("the managers"))


class Rule:
    """The ways by which somebody may see a row. A closed account sees nothing.

    `beside` is a door with a lock of its own, for an hour: it widens no `rows`, yet its people are named.
    """

    def __init__(self, *ways: Own | Through | Everyone, beside: Through | None = None) -> None:
        self.ways, self.beside = ways, beside

    def rows[Rows: QuerySet[Any]](self, rows: Rows, user: User) -> Rows:
        """Those of `rows` that this person may see."""
        open_ways = [q for way in self.ways if (q := way.rows(user)) is not None] if user.is_active else []
        return rows.filter(reduce(or_, open_ways)) if open_ways else rows.none()

    def readers(self, row: Model) -> UserQuerySet:
        """Everybody whom `rows` gives this row, by name. The row may be one that is still to be saved.

        Those who come in by `beside` alone are marked so.
        """
        people = reduce(or_, (way.people(row) for way in self.ways), NOBODY)
        readers: UserQuerySet = get_user_model().objects.active().order_by("chosen_name", "pk")
        if self.beside is None:
            return readers.filter(people)
        marked = readers.annotate(beside=Case(When(people, then=False), default=True))
        return marked.filter(people | self.beside.people(row))

    def admits(self, row: Model, user: User) -> bool:
        """Whether `rows` would give this person the row; asks the database only where it must."""
        return user.is_active and any(way.admits(row, user) for way in self.ways)

    def is_of_one(self, row: Model, user: User) -> bool:
        """Whether this person alone can see the row, told without asking the database."""
        alone = all(isinstance(way, Own) and way.admits(row, user) for way in self.ways)
        return bool(self.ways) and alone and user.is_active

    @cached_property
    def groups(self) -> dict[str, str | Promise]:
        """Roles that a sentence names instead of their people."""
        return {way.role: way.theirs for way in self.ways if isinstance(way, Everyone)}


def column(row: Model, field: str) -> Any:
    """The key in this column, without fetching the row that it names."""
    return getattr(row, cast("Field[Any, Any]", row._meta.get_field(field)).attname)


def holders(permission: str) -> Q:
    """The people whose `has_perm` says yes, for accounts that are open."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    away = Q(role=Role.CLIENT, away_since__isnull=False)
    held = Q(role__in=roles)
    return held | away if permission in ALUMNI else held & ~away


def rule_of(row: Model | type[Model]) -> Rule:
    """Notifications lie below this app and cannot declare a rule; theirs stands here."""
    return getattr(row, "seen_by", None) or OF_MODELS_BELOW[row._meta.label]


OF_MODELS_BELOW = {
    "notifications.Notification": Rule(Own("recipient")),
    "notifications.Preference": Rule(Own("person")),
    "notifications.PushSubscription": Rule(Own("person")),
}


def names_of(row: Model, *, reader: User, readers: Iterable[User] | None = None) -> str:
    """ "only you", or "you, Ana Ruiz and the managers": everybody who can see this row now.

    `readers` is for whoever has asked the rule for them already.
    """
    rule = rule_of(row)
    if readers is None:
        readers = [reader] if rule.is_of_one(row, reader) else rule.readers(row)
    people = list(readers)
    others = [person for person in people if person.pk != reader.pk]
    named = [named_as(person) for person in others if person.role not in rule.groups]
    for role, word in rule.groups.items():
        if any(person.role == role for person in others):
            named.append(str(OTHERS[role] if role == reader.role else word))
    if len(others) < len(people):
        named = [_("you"), *named] if named else [_("only you")]
    return get_text_list(named or [_("nobody")], _("and"))


def named_as(person: User) -> str:
    return _("%(name)s (emergency)") % {"name": person} if getattr(person, "beside", False) else str(person)


OTHERS: dict[str, str | Promise] = {Role.MANAGER: gettext_lazy("the other managers")}


def who_can_see(row: Model, *, reader: User, readers: Iterable[User] | None = None) -> str:
    """One sentence with names. It is true at the moment when it is asked for."""
    return capfirst(_("%(names)s can see this.") % {"names": names_of(row, reader=reader, readers=readers)})


def who_can_see_each(model: type[Model], *, reader: User) -> str:
    """The same for a list in which each row has readers of its own: their part instead of names."""
    words = [str(way.mine if reader.is_client else way.theirs) for way in rule_of(model).ways]
    return capfirst(_("%(names)s can see this.") % {"names": listed(words)})


def who_sees(model: type[Model]) -> str:
    """The same for a page that tells people what is kept of them, the door beside the rule included."""
    rule = rule_of(model)
    words = [str(way.mine) for way in (*rule.ways, rule.beside) if way]
    return capfirst(listed(words) if words else _("nobody"))


def listed(words: list[str]) -> str:
    return get_text_list(words, _("and")) if len(words) > 1 else _("only %(who)s") % {"who": words[0]}
