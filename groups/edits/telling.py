"""Who hears of an edit, and who moves up in its wake (T8, B3, K5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Value, When

from accounts.models import User
from groups import notices
from groups.models import Booking, Facilitator, Session
from groups.models.booking import State
from groups.transitions import Event


def close_places(sessions: Iterable[Session], now: datetime) -> list[Booking]:
    """Nobody vanishes: who had a confirmed place needs another from now on (T8). As they were before."""
    rows = Booking.objects.active().filter(session__in=[one.pk for one in sessions])
    lost = list(rows.select_related("client", "session"))
    needing = Case(When(state=State.CONFIRMED, then=Value(now)))
    rows.pass_all(Event.CALL_OFF, now=now, needs_place_since=needing)
    return lost


def hear_anew(sessions: Iterable[Session]) -> None:
    """Word of not coming was of the hour that was (B6)."""
    sent = Booking.objects.filter(session__in=[one.pk for one in sessions], apology_at__isnull=False)
    sent.update(apology_at=None)


def with_lines(sessions: Iterable[Session]) -> list[Session]:
    """Those in which somebody waits or holds an offer."""
    found = {one.pk: one for one in sessions}
    lines = Booking.objects.in_line().filter(session__in=found)
    return [found[pk] for pk in sorted(set(lines.values_list("session", flat=True)))]


def tell(
    *,
    now: datetime,
    moved: Iterable[Session] = (),
    lost: Iterable[Booking] = (),
    off: Iterable[Booking] = (),
    led_anew: Iterable[Session] = (),
    reopened: Iterable[Booking] = (),
) -> None:
    """Each client once about what moved, what they lost, what is off and they come on another day, new people
    (B9), and what is theirs again: of each about the first session, however many there are."""
    if rows := on_it(moved):
        notices.moved_again(rows, now)
        notices.post_moved(rows, now)
    if lost or off:
        notices.post_lost(lost, now, off=off)
    notices.post_leads(on_it(led_anew), now)
    if rows := [row for row in reopened if row.state == State.CONFIRMED]:
        notices.post_reopened(rows, now)


def on_it(sessions: Iterable[Session]) -> list[Booking]:
    ids = [one.pk for one in sessions]
    rows = Booking.objects.active().filter(session__in=ids).select_related("client", "session")
    return list(rows.order_by("session__starts_at", "pk")) if ids else []


def tell_leads(people: Iterable[User], key: UUID, now: datetime) -> None:
    for person in people:
        notices.post_handed_over(person, key, now)


def tell_of_change(sessions: Iterable[Session], about: UUID, now: datetime, *, but: Iterable[User]) -> None:
    """Those who lead one of these, once for the whole change; not who made it or is told more already."""
    rows = Facilitator.objects.filter(session__in=[one.pk for one in sessions])
    theirs = User.objects.filter(pk__in=rows.values("person")).order_by("pk")
    notices.post_plan_changed(theirs.exclude(pk__in=[one.pk for one in but]), about, now)


def clients_of(sessions: Iterable[Session]) -> set[UUID]:
    rows = Booking.objects.filter(session__in=[one.pk for one in sessions]).order_by()
    return set(rows.values_list("client", flat=True))


def promote_elsewhere(clients: Iterable[UUID], now: datetime) -> None:
    """Whoever is free at another time now may be waiting there (B3). After the transaction."""
    lines = Booking.objects.waiting().filter(client__in=set(clients)).order_by()
    Session.objects.filter(pk__in=lines.values("session")).promote(now)
