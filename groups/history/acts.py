from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from groups.history.aspects import ASPECTS, people
from groups.history.names import Names
from groups.models import Group, Room, Series, Session
from groups.models.recorded import UNKNOWN

ACTS_SHOWN = 20
A_LINE = 80  # letters; what is longer is folded


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str

    @property
    def is_long(self) -> bool:
        return len(self.old) + len(self.new) > 2 * A_LINE


@dataclass(frozen=True)
class Act:
    at: datetime
    by: str
    is_first: bool
    changes: list[Change]


@dataclass(frozen=True)
class Page:
    acts: list[Act]
    after: int | None  # where the next page begins


def read(row: Group | Room | Series | Session, after: int | None = None) -> Page:
    """What became of it, the latest first, in as many queries for twenty changes as for one."""
    rows = row.history.order_by("-history_id")
    if after is not None:
        rows = rows.filter(history_id__lt=after)
    found = list(rows[: ACTS_SHOWN + 1])
    acts = list(in_words(type(row), found))[:ACTS_SHOWN]
    return Page(acts, found[ACTS_SHOWN - 1].history_id if len(found) > ACTS_SHOWN else None)


def in_words(model: type, found: list[Any]) -> Iterator[Act]:
    """One row more than is shown tells what stood before the last of them."""
    names = Names.of(found)
    led = who_led(found, names)
    for row, now_led, before, was_led in zip(found, led, [*found[1:], None], [*led[1:], ""], strict=False):
        if row.history_change_reason == UNKNOWN and model in (Group, Room):
            continue  # how it stood when its history began: nobody did that
        changes = [] if before is None else list(between(model, before, row, names))
        # A series is written a moment before those who lead it.
        is_new = model is Series and before is not None and before.history_type == "+" and not was_led
        if before is not None and now_led != was_led and not is_new:
            changes.append(Change(_("Led by"), was_led, now_led))
        if before is not None and not changes:
            continue  # nothing that anybody reads
        yield Act(row.history_date, names.of_person(row.history_user_id), row.history_type == "+", changes)


def who_led(found: list[Any], names: Names) -> list[str]:
    """A row that does not say it means: as before."""
    known, led = "", []
    for row in reversed(found):
        said = people(row, names)
        known = known if said is None else said
        led.append(known)
    return led[::-1]


def between(model: type, before: Any, row: Any, names: Names) -> Iterator[Change]:
    for label, words in ASPECTS[model]:
        old, new = words(before, names), words(row, names)
        if old != new:
            yield Change(capfirst(str(label)), old, new)
