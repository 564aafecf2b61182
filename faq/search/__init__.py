"""The public search (F1): both kinds in one list, the best first, slips of the pen forgiven.

The database brings what holds the words; `ranking` puts it in order, so that the order is the same on both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from faq.models import Release
from faq.search.asked import Asked
from faq.search.marking import Hit
from faq.search.ranking import Candidate, in_order
from faq.search.spelling import corrected
from faq.search_index import likely

MOST = 30  # results; whoever sees so many adds a word
CANDIDATES = 100  # that are looked at more closely


@dataclass
class Findings:
    """`instead` is what was searched for when the words themselves were nowhere; `some` says that no text
    had all of them, so that these have some.
    """

    hits: list[Hit] = field(default_factory=list)
    instead: str = ""
    some: bool = False
    missed: bool = False  # nothing there is what was asked for (F3)


def find(text: str, now: datetime, *, corrects: bool = True) -> Findings:
    asked = Asked.of(text)
    if not asked:
        return Findings()
    if found := best(asked, now):
        return Findings(shown(found, asked))
    if not corrects:
        return Findings(missed=True)
    meant = corrected(asked, Release.objects.public(now))
    instead = meant.text if meant.words != asked.words else ""
    if instead and (found := best(meant, now)):
        return Findings(shown(found, meant), instead)
    if len(meant.words) > 2 and (found := best(meant, now, every=False)):
        return Findings(shown(found, meant), instead, some=True, missed=True)
    return Findings(missed=True)


def best(asked: Asked, now: datetime, *, every: bool = True) -> list[UUID]:
    """Two queries with that for what is shown, also where thousands hold the words."""
    all_words, some_words = (asked.expression(every=each) for each in (True, False))
    pks = likely(all_words if every else some_words, all_words, some_words, now, CANDIDATES)
    rows = Release.objects.public(now).filter(pk__in=pks).values_list(*Candidate._fields)
    at_least = len(asked.words) if every else len(asked.words) // 2 + 1
    return in_order(list(map(Candidate._make, rows)), asked, at_least=at_least)[:MOST]


def shown(found: list[UUID], asked: Asked) -> list[Hit]:
    releases = Release.objects.for_readers().in_bulk(found)
    return [Hit(releases[pk], asked) for pk in found]
