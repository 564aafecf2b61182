"""Sessions that change hands before the person who leads them leaves (A9, C2)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from groups import notices
from groups.clashes import Clash
from groups.models import Booking, Facilitator, Leave, Series, Session, recorded
from groups.models.attendance import EDITABLE_FOR
from groups.models.facilitator import FacilitatorQuerySet


@dataclass(frozen=True)
class Led:
    """What one person leads from now on under one rule, or one session that has no rule."""

    key: uuid.UUID  # of the series, or of the single session
    series: Series | None
    sessions: list[Session]  # in order; none for an open series of which nothing is laid out yet

    def __str__(self) -> str:
        return str(self.series.group if self.series else self.sessions[0].group)


def led_by(person: User, now: datetime) -> list[Led]:
    """Everything ahead of this person, in order of time: two queries."""
    ahead = Session.objects.not_cancelled().filter(ends_at__gt=now)
    mine = ahead.led_by(person).select_related("group", "room", "series__group").in_order()
    by_key: dict[uuid.UUID, list[Session]] = defaultdict(list)
    for session in mine:
        by_key[session.series_id or session.pk].append(session)
    found = [Led(key, sessions[0].series, sessions) for key, sessions in by_key.items()]
    left = Exists(ahead.filter(series=OuterRef("pk")))
    rules = Series.objects.filter(Q(until=None, count=None) | left, facilitators__person=person)
    rest = rules.exclude(pk__in=by_key).select_related("group").order_by("group__name", "pk")
    return found + [Led(series.pk, series, []) for series in rest]


def sheets_left(person: User, now: datetime) -> int:
    """Of sessions that are over, while they can still be filled: by those who led them, and nobody else."""
    first = now - EDITABLE_FOR
    over = Session.objects.not_cancelled().filter(ends_at__gt=first, ends_at__lte=now).led_by(person)
    return sum(session.is_left_to_record(now) for session in over.with_turnout())


def clashes(given: Mapping[User, Iterable[Led]], now: datetime) -> list[Clash]:
    """Where somebody would be in two places: with what they lead already, and within what they are given."""
    found = []
    for person, parts in given.items():
        sessions = [session for led in parts for session in led.sessions]
        ahead = Session.objects.not_cancelled().filter(ends_at__gt=now).led_by(person)
        taken = list(ahead.exclude(pk__in=[one.pk for one in sessions]).select_related("group").in_order())
        pairs = [(session, other) for session in sessions for other in taken]
        pairs += combinations(sessions, 2)
        found += [Clash(one, person, other) for one, other in pairs if overlap(one, other)]
    return found


def overlap(one: Session, other: Session) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def pass_on(led: Led, *, leaver: User, to: User | None, by: User, now: datetime) -> None:
    """Puts `to` in the leaver's place, or nobody. Both are held by the caller, and no clash is left.

    Who led it together with the leaver leads it from now on, if nobody takes the place.
    """
    ids, stood_in = [session.pk for session in led.sessions], Facilitator.objects.none()
    led_here = Q(session__in=ids)
    if led.series is not None:
        led_here |= Q(series=led.series)
        stood_in = stood_in_for(leaver, now).filter(session__series=led.series)
    theirs = list(Facilitator.objects.filter(led_here, person=leaver))
    sessions = list(Session.objects.filter(pk__in={*ids, *(row.session_id for row in stood_in)}))
    rules = Series.objects.filter(pk__in=[row.series_id for row in theirs if row.series_id])
    recorded.begin(sessions)
    recorded.begin(rules)
    stood_in.pass_to(to)
    for row in theirs:
        row.hand_over(to)
    recorded.changed(sessions, by=by, now=now)
    recorded.changed(rules, by=by, now=now)
    on_it = Booking.objects.active().filter(session__in=ids).select_related("client", "session")
    notices.post_leads(on_it.order_by("session__starts_at", "pk"), now)
    if to is not None:
        notices.post_handed_over(to, led.key, now)


def stood_in_for(leaver: User, now: datetime) -> FacilitatorQuerySet:
    """Those who stand in for somebody in what is not over yet (B9)."""
    rows = Facilitator.objects.filter(stands_in_for=leaver, session__ends_at__gt=now)
    return rows.select_related("session").order_by("pk")


def let_go(leaver: User, *, by: User, now: datetime) -> None:
    """Who leads nothing any more is not away either, and whoever stands in for them stays (A9, B9)."""
    for leave in Leave.objects.ahead(timezone.localdate(now)).filter(person=leaver):
        leave.end(by=by, now=now)
    stood_in = stood_in_for(leaver, now)
    sessions = list(Session.objects.filter(pk__in=[row.session_id for row in stood_in]))
    recorded.begin(sessions)
    stood_in.pass_to(None)
    recorded.changed(sessions, by=by, now=now)
