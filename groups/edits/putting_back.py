"""The rows of an edit that is taken back, each kind as it was. Everything is held by the caller (T7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import Stay, User
from groups import notices
from groups.edits import memory
from groups.models import Booking, Edit, Facilitator, Series, Session, SkippedDate, Suspension
from groups.models.booking import State
from groups.transitions import Event

CLOSED_BY_EDITS = (State.SESSION_CANCELLED, State.REMOVED)


def series(edit: Edit, rows: Iterable[Series], by: User) -> None:
    was = edit.before.get("series", {})
    for one in rows:
        if picture := was.get(str(one.pk)):
            memory.put_back(one, picture["fields"])
            one._history_user = by
            one.save()
            days = picture["skipped"]
            SkippedDate.objects.filter(series=one).delete()
            SkippedDate.objects.bulk_create(
                SkippedDate(series=one, day=day, skipped_by_id=who, at=at) for day, who, at in days
            )
            for pk, (first, last, _lifted) in picture["rests"].items():
                Suspension.objects.filter(pk=pk).update(series=one, first=first, last=last)


def rests(sessions: Iterable[Session]) -> None:
    """What takes place again rests where its series does by now, on the day on which it is then (T9)."""
    sessions = list(sessions)
    standing = list(Suspension.objects.standing().filter(series__in={one.series_id for one in sessions}))
    for one in sessions:
        here = (rest for rest in standing if rest.series_id == one.series_id)
        one.suspension = next((rest for rest in here if rest.first <= one.local_date <= rest.last), None)


def ends_of_rests(edit: Edit) -> None:
    """A rest that was parted is one again, and its end is said once (T9)."""
    parts = Suspension.objects.filter(series__in=edit.before.get("added_series", []))
    for part in parts:
        same = Suspension.objects.standing().filter(last=part.last, suspended_at=part.suspended_at)
        if whole := same.filter(series__in=edit.before.get("series", {})).first():
            notices.go_on_resting(part, whole)


def people(edit: Edit) -> list[str]:
    """Who led; gives back the sessions whose people are others than a moment ago.

    Rows that are as they were stay: a reason that a manager wrote stands in them (C2).
    """
    was = {"session": edit.before["sessions"], "series": edit.before.get("series", {})}
    changed: dict[str, set[str]] = {}
    stale: list[int] = []
    missing: list[Facilitator] = []
    for kind, pictures in was.items():
        found = led(kind, pictures)
        wanted = {(pk, *row) for pk, picture in pictures.items() for row in picture["people"]}
        stale += [found[row] for row in found.keys() - wanted]
        missing += [
            Facilitator(**{f"{kind}_id": pk}, **dict(zip(memory.PEOPLE, row, strict=True)))
            for pk, picture in pictures.items()
            for row in picture["people"]
            if (pk, *row) not in found
        ]
        changed[kind] = {pk for pk, *_row in found.keys() ^ wanted}
    Facilitator.objects.filter(pk__in=stale).delete()
    Facilitator.objects.bulk_create(missing)
    return sorted(changed["session"])


def led(kind: str, ids: Iterable[str]) -> dict[tuple[Any, ...], int]:
    """Who leads these now: the key of each row, by session or series and what is kept of it."""
    rows = Facilitator.objects.filter(**{f"{kind}__in": list(ids)})
    found = rows.values_list("pk", f"{kind}_id", *memory.PEOPLE)
    return {(str(owner), *memory.plain(row)): pk for pk, owner, *row in found}


def places(was: dict[str, Any], now: datetime) -> list[Booking]:
    """Places that the edit closed, as they were. Who came in meanwhile stays in (C5). Who had an offer is in
    the line again, where they were (B2)."""
    states = {pk: state for part in was.values() for pk, (state, _since) in part["bookings"].items()}
    stays = Stay.objects.current(OuterRef("session__local_date")).filter(client=OuterRef("client"))
    here = Booking.objects.filter(Exists(stays), client__in=User.objects.clients().active(), pk__in=states)
    here = here.filter(state__in=CLOSED_BY_EDITS)
    again = Booking.objects.active().filter(session=OuterRef("session"), client=OuterRef("client"))
    here = here.exclude(Exists(again))
    here = here.exclude(closed_from="", closed_at__isnull=False)  # ended for good, as their stay did (A6)
    # Who went home meanwhile keeps no place.
    closed = [row for row in here.select_related("client", "session") if row.state != states[str(row.pk)]]
    had = [row for row in closed if states[str(row.pk)] == State.CONFIRMED]
    waited = [row for row in closed if states[str(row.pk)] in (State.OFFERED, State.WAITLISTED)]
    Booking.objects.of(had).pass_all(Event.RETURN, now=now, needs_place_since=None)
    Booking.objects.of(waited).pass_all(Event.RETURN_TO_LINE, now=now, needs_place_since=None)
    for rows, state in ((had, State.CONFIRMED), (waited, State.WAITLISTED)):
        for row in rows:
            row.state = state
    return [*had, *waited]
