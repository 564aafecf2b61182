"""Rooms and people are in one place at a time (C1, C2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from groups.models.room import Room

if TYPE_CHECKING:
    from groups.models.session import Session

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clash:
    """On `planned`'s day, `who` (a room or a person) is taken by `other`."""

    planned: Session
    who: Room | User
    other: Session

    def __str__(self) -> str:
        words = _("%(day)s: %(who)s is taken by %(group)s, %(start)s to %(end)s")
        if isinstance(self.who, User):
            words = _("%(day)s: %(who)s leads %(group)s, %(start)s to %(end)s")
        return words % {
            "day": date_format(self.planned.local_date, "D j M Y"),
            "who": self.who,
            "group": self.other.group.name,
            "start": date_format(timezone.localtime(self.other.starts_at), "g:i a"),
            "end": date_format(timezone.localtime(self.other.ends_at), "g:i a"),
        }


class Clashes(Exception):
    """Nothing was saved; `found` says which dates clash with what (C4)."""

    def __init__(self, found: list[Clash]) -> None:
        super().__init__(f"{len(found)} clashes")
        self.found = found


def hold(room: Room, people: Iterable[User]) -> None:
    """Whoever plans in this room or with these people waits until the transaction ends."""
    list(Room.objects.select_for_update(no_key=True).filter(pk=room.pk))
    ids = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


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
