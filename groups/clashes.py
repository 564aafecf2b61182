"""Rooms and people are in one place at a time (C1, C2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from groups.models.room import Room
from groups.refusals import HasLeft

if TYPE_CHECKING:
    from groups.models.session import Session

ONE_DAY = timedelta(days=1)


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


def hold(room: Room, people: Iterable[User]) -> None:
    """Whoever plans in this room or with these people waits until the transaction ends.

    Raises HasLeft for somebody whose account was closed, or whose role was changed, a moment ago (A9).
    """
    list(Room.objects.select_for_update(no_key=True).filter(pk=room.pk))
    ids = {person.pk for person in people}
    User.objects.hold(ids)
    if User.objects.active().clinicians().filter(pk__in=ids).count() < len(ids):
        raise HasLeft


def find(planned: list[Session], people: Iterable[User]) -> list[Clash]:
    """Every clash of these unsaved sessions of one room, in order of time."""
    from groups.models.session import Session

    if not planned:
        return []
    near = Session.objects.not_cancelled().filter(
        starts_at__lt=max(session.room_free_at for session in planned),
        room_free_at__gt=min(session.starts_at for session in planned),
    )
    by_day: dict[date, list[Session]] = defaultdict(list)
    for session in near.with_faces().in_order():
        by_day[session.local_date].append(session)
    return [
        Clash(session, who, other)
        for session in planned
        for day in (session.local_date - ONE_DAY, session.local_date, session.local_date + ONE_DAY)
        for other in by_day[day]
        for who in taken(session, other, people)
    ]


def taken(planned: Session, other: Session, people: Iterable[User]) -> Iterable[Room | User]:
    """Intervals are half-open; turnover makes those of the room longer, not those of people (T4, C1)."""
    if planned.room_id == other.room_id and (
        planned.starts_at < other.room_free_at and other.starts_at < planned.room_free_at
    ):
        yield planned.room
    if planned.starts_at < other.ends_at and other.starts_at < planned.ends_at:
        yield from (person for person in people if other.led_by(person))
