"""The few messages of a day (K4). A capped one takes a slot of its recipient's day before it goes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from notifications import kinds
from notifications.models import Notification
from notifications.models.notification import MESSAGES_A_DAY

type Taken = dict[tuple[UUID | None, date | None], set[int]]


def reserve(rows: Iterable[Notification], now: datetime) -> set[UUID]:
    """Takes a slot for each of these that is capped, in two queries for any number of them. Returns the keys
    of those for which the day has no slot left.

    Two senders may reckon alike: then the constraint refuses the second, who reckons anew, row by row.
    """
    capped = [row for row in rows if row.recipient and kinds.get(row.kind).counts]
    asking = [row for row in capped if (row.slot is None or row.slot_on != today(row, now))]
    if not asking:
        return set()
    try:
        return take(asking, now)
    except IntegrityError:
        return {pk for row in asking for pk in take_alone(row, now)}


def today(row: Notification, now: datetime) -> date:
    """The recipient's own date: not their check-in's day, which ends later."""
    person: Any = row.recipient
    return now.astimezone(person.zone).date()


def take(asking: list[Notification], now: datetime) -> set[UUID]:
    taken, found, full = taken_by(asking, now), {}, set()
    for row in asking:
        here = taken[row.recipient_id, today(row, now)]
        if free := set(range(1, MESSAGES_A_DAY + 1)) - here:
            found[row.pk] = (today(row, now), min(free))
            here.add(min(free))
        else:
            full.add(row.pk)
    write(asking, found)
    return full


def taken_by(rows: list[Notification], now: datetime) -> Taken:
    people, days = {row.recipient_id for row in rows}, {today(row, now) for row in rows}
    taken: Taken = defaultdict(set)
    theirs = Notification.objects.filter(recipient__in=people, slot_on__in=days)
    for person, day, slot in theirs.values_list("recipient", "slot_on", "slot"):
        taken[person, day].add(slot or 0)
    return taken


def write(rows: list[Notification], found: dict[UUID, tuple[date, int]]) -> None:
    """All or none, and only where the row is still in the hands of this sender. Most rows of a batch take
    the same slot of the same date, so that they are few statements."""
    alike: dict[tuple[date, int], list[UUID]] = defaultdict(list)
    for pk, place in found.items():
        alike[place].append(pk)
    with transaction.atomic():
        for (day, slot), keys in alike.items():
            mine = Notification.objects.filter(pk__in=keys, claim=rows[0].claim)
            mine.update(slot_on=day, slot=slot)


def take_alone(row: Notification, now: datetime) -> set[UUID]:
    """Each refusal means that another took a slot, so it ends after as many tries as there are slots."""
    for _try in range(MESSAGES_A_DAY):
        try:
            return take([row], now)
        except IntegrityError:
            continue
    return {row.pk}
