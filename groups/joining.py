"""Joining a whole series: what would happen on each date, and then what did (B6, C3, C5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.models import places
from groups.refusals import NotHereThen, Refused

if TYPE_CHECKING:
    from accounts.models import Stay, User
    from groups.models import Session
    from groups.models.session_queries import SessionQuerySet

AT_MOST = 30  # dates on one page; of a group that meets each day these are four weeks
TICKED_WITHIN = timedelta(weeks=4)  # nobody takes a winter's places by one press
IN, LINE = "in", "line"


@dataclass
class Date:
    """One session of the series, as it looks to one client."""

    session: Session
    other: Session | None  # where they have a place at that time (C3)
    stays: bool  # they live here on that day
    refusal: Refused | None = None  # why it did not work, when they asked just now
    is_soon: bool = False
    is_ticked: bool = False

    @property
    def is_full(self) -> bool:
        """Nothing is left for whoever arrives: whoever waits comes first (B2)."""
        return self.session.left <= 0

    @property
    def way(self) -> str:
        """What a tick asks for: a place, or one in line. Nothing where neither can be had."""
        session = self.session
        if session.my_state or session.cancelled_at or session.rests or not self.stays:
            return ""
        if self.is_full:
            return LINE
        return "" if self.other else IN

    @property
    def value(self) -> str:
        """What the form sends. It keeps what was shown: nobody waits who was shown a place (C5)."""
        return f"{self.way}-{self.session.pk}" if self.way else ""

    @property
    def words(self) -> str:
        """For a date on which the client does not stand yet."""
        if not self.stays:
            return str(NotHereThen.message)
        told = {IN: _("A place is free"), LINE: _("All places are taken. You can wait for one.")}
        words = [told.get(self.way, "")]
        if self.other:
            words.append(_("You are in %(group)s then.") % {"group": self.other.group.name})
        return " ".join(filter(None, words))


def outlook(sessions: SessionQuerySet, client: User, now: datetime) -> list[Date]:
    """The dates ahead, those that rest or were called off among them: four queries, however many dates."""
    ahead = sessions.filter(starts_at__gt=now, withdrawn_by=None)
    found = list(ahead.select_related("group", "room").in_order()[:AT_MOST])
    if not found:
        return []
    places.count(found, client)
    stays = list(client.stays.all())
    first, last = min(row.starts_at for row in found), max(row.ends_at for row in found)
    mine = client.bookings.confirmed().filter(session__starts_at__lt=last, session__ends_at__gt=first)
    others = [row.session for row in mine.select_related("session__group").order_by("session__starts_at")]
    soon = now + TICKED_WITHIN
    return [
        Date(row, at_that_time(row, others), lives_here(row, stays), is_soon=row.starts_at < soon)
        for row in found
    ]


def at_that_time(session: Session, others: Collection[Session]) -> Session | None:
    """One that ends as this one begins is no overlap (T4)."""
    at_once = (
        other
        for other in others
        if other.starts_at < session.ends_at and other.ends_at > session.starts_at and other != session
    )
    return next(at_once, None)


def lives_here(session: Session, stays: Collection[Stay]) -> bool:
    day = session.local_date
    return any(stay.admitted_on <= day and stay.is_open(day) for stay in stays)


def join(
    dates: Collection[Date],
    wanted: Collection[str],
    *,
    by: User,
    now: datetime,
    agreed: str = "",
    adds_me: bool = False,
) -> dict[UUID, Refused]:
    """Joins each of the wanted dates in a transaction of its own, so that one that is refused costs none of
    the others. Tells why, for each that did not work. Asked again, those that worked are as they were."""
    refused: dict[UUID, Refused] = {}
    for date in dates:
        way = next((way for way in (IN, LINE) if f"{way}-{date.session.pk}" in wanted), None)
        if way is None:
            continue
        try:
            date.session.join(by=by, now=now, or_wait=way == LINE, agreed=agreed, adds_me=adds_me)
        except Refused as refusal:
            refused[date.session.pk] = refusal
    return refused


def told(dates: Collection[Date], wanted: Collection[str]) -> str:
    """What became of the wanted dates, counted: for the message above the list that shows each."""
    asked = [
        date.session for date in dates if {f"{IN}-{date.session.pk}", f"{LINE}-{date.session.pk}"} & {*wanted}
    ]
    confirmed = sum(session.my_state == "confirmed" for session in asked)
    waiting = sum(session.my_state in ("waitlisted", "offered") for session in asked)
    words = []
    if confirmed:
        words.append(ngettext("You are in on one date.", "You are in on %(number)d dates.", confirmed))
    if waiting:
        words.append(ngettext("You wait on one date.", "You wait on %(number)d dates.", waiting))
    numbers = [number for number in (confirmed, waiting) if number]
    return " ".join(text % {"number": number} for text, number in zip(words, numbers, strict=True))
