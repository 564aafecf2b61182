"""Ways to begin a page: safety and kindness to oneself first (J6), and nothing about the past unless the
client's clinician turned that on. The questions are rows, which clinicians change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journal import remembered
from journal.models import Kind, Narrative, Prompt

SETTLING_DAYS = 7  # from the day of joining; for the program to confirm
LATER = (Kind.KINDNESS, Kind.SMALL_ACTS, Kind.CONNECTION)


@dataclass(frozen=True)
class Way:
    """A question to begin with; `name` is what the form carries."""

    name: str
    text: str | Promise
    is_about_the_past: bool = False


ANYTHING = Way("anything", _("What is on your mind?"))


def prompt_for(person: User, day: date) -> Way:
    """The day's question: grounding every other day; between, kindness to oneself first, then all kinds.

    No question comes two days running, whatever is changed meanwhile: a row never leaves its set, and words
    that were asked in another set wait `BETWEEN_SETS` before they are asked in this one.
    """
    turn, between = divmod(day.toordinal() + person.pk.int, 2)
    kinds = (Kind.GROUNDING,) if not between else (Kind.KINDNESS,) if settling(person, day) else LATER
    ways = of(*kinds)
    return ways[turn % len(ways)] if ways else ANYTHING


def settling(person: User, day: date) -> bool:
    """In the first week, somebody is asked for grounding and kindness alone."""
    return (day - person.local_day(person.joined_at)).days < SETTLING_DAYS


def other_ways(person: User, day: date, *, than: Way, narrative: bool = False) -> list[Way]:
    """One question of each kind besides this one and those of yesterday and tomorrow, and the open page.

    The last is about one's own story, where a clinician turned that on and the first week is over.
    """
    turn = day.toordinal() + person.pk.int
    sets = [of(Kind.KINDNESS), of(Kind.GROUNDING), of(Kind.SMALL_ACTS, Kind.CONNECTION), [ANYTHING]]
    if narrative and not settling(person, day):
        sets.append(of(Kind.NARRATIVE))
    near = [than, *(prompt_for(person, day + timedelta(days=days)) for days in (-1, 1))]
    found = (next((way for way in rotated(ways, turn) if way not in near), None) for ways in sets)
    return [way for way in found if way]


def named(name: str) -> Way | None:
    """The question that a form names, also one that was changed since its writer saw it; None for what is
    none."""
    if name == ANYTHING.name:
        return ANYTHING
    prompt = row_of(name)
    return way_of(prompt) if prompt else None


def chosen(name: str, person: User, day: date) -> Way | None:
    """The same for who chooses it now: none about the past where it is not offered to them (any more)."""
    prompt = row_of(name)
    if prompt and prompt.kind == Kind.NARRATIVE and not is_offered_narrative(person, day):
        return None
    return named(name)


def row_of(name: str) -> Prompt | None:
    try:
        pk = UUID(name)
    except ValueError:
        return None
    known = (prompt for prompt in remembered.questions() if prompt.pk == pk)
    return next(known, None) or Prompt.objects.filter(pk=pk).first()


def is_offered_narrative(person: User, day: date) -> bool:
    return not settling(person, day) and Narrative.objects.visible_to(person).standing().exists()


def of(*kinds: Kind) -> list[Way]:
    return [way_of(prompt) for prompt in remembered.questions() if prompt.kind in kinds]


def way_of(prompt: Prompt) -> Way:
    """In the writer's language where the question came with the product, or else as it was written."""
    return Way(str(prompt.pk), _(prompt.text), prompt.kind == Kind.NARRATIVE)


def rotated(ways: Sequence[Way], turn: int) -> Sequence[Way]:
    start = turn % len(ways) if ways else 0
    return [*ways[start:], *ways[:start]]
