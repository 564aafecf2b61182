"""A clash in words: which date, who or what is taken, and by which group (C4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from groups.models.room import Room

if TYPE_CHECKING:
    from groups.models.session import Session


@dataclass(frozen=True)
class Clash:
    """On `planned`'s day, `who` (a room or a person) is taken by `other`."""

    planned: Session
    who: Room | User
    other: Session

    @property
    def day(self) -> str:
        return date_format(self.planned.local_date, "D j M Y")

    @property
    def hours(self) -> str:
        start, end = timezone.localtime(self.other.starts_at), timezone.localtime(self.other.ends_at)
        return f"{date_format(start, 'g:i a')} {_('to')} {date_format(end, 'g:i a')}"


@dataclass(frozen=True)
class Taken:
    """The same room and people, taken by the same group on one date or more."""

    who: list[Room | User]
    clashes: list[Clash]  # one a date

    def __str__(self) -> str:
        words = ngettext(
            "%(when)s: %(who)s is taken by %(group)s",
            "%(when)s: %(who)s are taken by %(group)s",
            len(self.who),
        ) % {
            "when": self.clashes[0].day if self.is_once else _("%d dates") % len(self.clashes),
            "who": get_text_list([str(one) for one in self.who], _("and")),
            "group": self.clashes[0].other.group.name,
        }
        return f"{words}, {self.clashes[0].hours}" if self.is_once else words

    @property
    def is_once(self) -> bool:
        return len(self.clashes) == 1

    @property
    def dates(self) -> list[str]:
        return [f"{clash.day}, {clash.hours}" for clash in self.clashes]


def in_few_lines(found: Iterable[Clash]) -> list[Taken]:
    """Equal clashes together, in order of their first date."""
    by_pair: dict[tuple[UUID, UUID], list[Clash]] = defaultdict(list)
    for clash in found:
        by_pair[clash.planned.pk, clash.other.pk].append(clash)
    alike: dict[tuple[UUID, ...], list[list[Clash]]] = defaultdict(list)
    for pair in by_pair.values():
        alike[pair[0].other.group_id, *(clash.who.pk for clash in pair)].append(pair)
    return [Taken([clash.who for clash in pairs[0]], [pair[0] for pair in pairs]) for pairs in alike.values()]


class Clashes(Exception):
    """Nothing was saved; `found` says which dates clash with what (C4)."""

    def __init__(self, found: list[Clash]) -> None:
        super().__init__(f"{len(found)} clashes")
        self.found = found
