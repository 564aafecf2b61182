"""The kinds of message that exist. An app registers its own when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    from notifications.models import Notification


def notice_link(notification: Notification) -> str:
    """An address that tells nothing and shows nothing before signing in (K5)."""
    return settings.SITE_URL + path_of_any().replace(str(ANY), str(notification.pk))


ANY = UUID(int=0)


@cache
def path_of_any() -> str:
    """Looked up once: the same for every message but for its key (T7)."""
    return reverse("notifications:notice", args=[ANY])


def language_of(notification: Notification) -> str:
    """In which its words leave the house: those of a person who chose one, at the moment of sending."""
    return getattr(notification.recipient, "speaks", settings.LANGUAGE_CODE)


def always(notification: Notification, now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """How one kind of message behaves.

    `notice` is the sentence that the signed-in person reads, `page` the path it leads to, `wanted` is asked
    again at the moment of sending, `urgent` messages do not wait for the end of quiet hours (K4), and what a
    person `asked_for` is mailed even where they switched mail off. What is `for_residents` reaches
    nobody who has left the house (A6). `wanted_among` asks for many at once what `wanted` asks for one. What
    `ended_by_night` tells of one that is not wanted whether quiet hours alone are why (row 26). What
    is `capped` counts among the few messages of a day; warnings that were `asked_for` never do (K4).
    """

    name: str
    notice: str | Promise
    page: Callable[[Notification], str]
    wanted: Callable[[Notification, datetime], bool] = always
    mail_link: Callable[[Notification], str] = notice_link
    urgent: bool = False
    asked_for: bool = False
    mails: bool = True
    for_residents: bool = False
    capped: bool = True
    wanted_among: Callable[[Sequence[Notification], datetime], set[UUID]] | None = None
    ended_by_night: Callable[[Notification, datetime], bool] | None = None

    @property
    def counts(self) -> bool:
        return self.capped and not self.asked_for

    def still_wanted(self, notifications: Sequence[Notification], now: datetime) -> set[UUID]:
        """The keys of those, all of this kind, that have not lost their point."""
        if self.wanted_among:
            return self.wanted_among(notifications, now)
        return {row.pk for row in notifications if self.wanted(row, now)}


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """Raises KeyError for a kind that no app registered."""
    return _kinds[name]


def urgent() -> list[str]:
    return [name for name, kind in _kinds.items() if kind.urgent]


def names(person: Any = None) -> list[str]:
    """Of all kinds, or of those that can reach this person."""
    return [name for name, kind in _kinds.items() if not (kind.for_residents and person and person.is_alum)]
