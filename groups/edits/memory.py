"""What an edit keeps of the rows it changes: ids, days, times and states.

Of people's words it keeps one thing, why somebody may be in two places (C2).

The same picture, taken again, tells whether anything happened since.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from groups.models import Attendance, Booking, Facilitator, Series, Session, SkippedDate, Suspension
from groups.models.booking import State

SESSION = (
    *("series_id", "room_id", "rule_date", "local_date", "starts_at", "ends_at", "room_free_at"),
    *("own_time", "own_room", "own_people", "suspension_id", "cancelled_at", "cancelled_by_id"),
    "withdrawn_by_id",
)
SERIES = ("room_id", "start_date", "start_time", "minutes", "zone", "rule", "until", "count")
PEOPLE = ("person_id", "role", "stands_in_for_id", "overlap_allowed_by_id", "overlap_reason")

BY_THE_CLOCK = (State.WAITLISTED, State.OFFERED, State.EXPIRED)

type Picture = dict[str, Any]


def of_sessions(ids: Iterable[UUID | str]) -> dict[str, Picture]:
    """Each session with who leads it, who is or was on it, and how many marks its sheet has: four queries."""
    keys = [UUID(str(pk)) for pk in ids]
    people: dict[UUID, list[Any]] = defaultdict(list)
    for session, *row in (
        Facilitator.objects.filter(session__in=keys).order_by("person").values_list("session_id", *PEOPLE)
    ):
        people[session].append(row)
    bookings: dict[UUID, Picture] = defaultdict(dict)
    places = Booking.objects.filter(session__in=keys).order_by("pk")
    for session, pk, state, since in places.values_list("session_id", "pk", "state", "needs_place_since"):
        bookings[session][str(pk)] = [state, since]
    marks = Counter(Attendance.objects.filter(session__in=keys).values_list("session_id", flat=True))
    return {
        str(row["pk"]): {
            "sequence": row.pop("sequence"),
            "people": people[row["pk"]],
            "bookings": bookings[row["pk"]],
            "marks": marks[row["pk"]],
            "fields": {name: row[name] for name in SESSION},
        }
        for row in Session.objects.filter(pk__in=keys).order_by("pk").values("pk", "sequence", *SESSION)
    }


def done_by_people(sessions: dict[str, Picture], but: Collection[str]) -> dict[str, Picture]:
    """The same without the bookings of `but`, and whether an offer is made or runs out (B4)."""
    return {
        key: picture
        | {
            "bookings": {
                pk: [State.WAITLISTED if state in BY_THE_CLOCK else state, since]
                for pk, (state, since) in picture["bookings"].items()
                if pk not in but
            }
        }
        for key, picture in sessions.items()
    }


def of_series(ids: Iterable[UUID | str]) -> dict[str, Picture]:
    """Each series with who leads it, the days left out and when it rests: four queries."""
    keys = [UUID(str(pk)) for pk in ids]
    people: dict[UUID, list[Any]] = defaultdict(list)
    for series, *row in (
        Facilitator.objects.filter(series__in=keys).order_by("person").values_list("series_id", *PEOPLE)
    ):
        people[series].append(row)
    skipped: dict[UUID, list[Any]] = defaultdict(list)
    # A day that the nightly layout could not place is nobody's decision, and comes and goes.
    days = SkippedDate.objects.filter(series__in=keys, skipped_by__isnull=False).order_by("day")
    for series, *skip in days.values_list("series_id", "day", "skipped_by_id", "at"):
        skipped[series].append(skip)
    rests: dict[UUID, Picture] = defaultdict(dict)
    for rest in Suspension.objects.filter(series__in=keys).order_by("pk"):
        rests[rest.series_id][str(rest.pk)] = [rest.first, rest.last, rest.lifted_at]
    return {
        str(row["pk"]): {
            "people": people[row["pk"]],
            "skipped": skipped[row["pk"]],
            "rests": rests[row["pk"]],
            "fields": {name: row[name] for name in SERIES},
        }
        for row in Series.objects.filter(pk__in=keys).order_by("pk").values("pk", *SERIES)
    }


def others(series: Iterable[str], sessions: Iterable[str], since: datetime) -> list[str]:
    """What lies ahead in these series and was left alone. What stands beside it later was laid out since."""
    ahead = Session.objects.filter(series__in=[UUID(pk) for pk in series], starts_at__gt=since)
    known = set(sessions)
    return [str(pk) for pk in ahead.order_by("pk").values_list("pk", flat=True) if str(pk) not in known]


def mark(*pictures: Any) -> str:
    """Equal for equal pictures."""
    text = json.dumps(pictures, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain[Kept](pictures: Kept) -> Kept:
    """As it comes back from the database."""
    kept: Kept = json.loads(json.dumps(pictures, cls=DjangoJSONEncoder))
    return kept


def put_back(row: Model, fields: Picture) -> None:
    """Sets the columns as they were kept. Nothing is saved."""
    for name, value in fields.items():
        field: Any = row._meta.get_field(name.removesuffix("_id"))
        setattr(row, name, None if value is None else field.to_python(value))
        if name != field.name and field.is_cached(row):
            field.delete_cached_value(row)
