"""Search over one's own pages (J5). They are opened for this one answer, and nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.vault import PersonKey
from journal.folding import WHOLE_LETTER, Folded, fold
from journal.models import Page

if TYPE_CHECKING:
    from accounts.models import User
    from journal.models.entry import EntryQuerySet, EntryRow

SEARCHED = 20_000  # pages, the newest
SHOWN = 50
EXCERPTS, EXCERPT_LENGTH = 3, 160  # characters
QUOTED = re.compile(r'"([^"]*)"|([^\s"]+)')  # after folding, which makes all quotation marks one

Parts = list[tuple[str, bool]]  # pieces of a text, and whether each was searched for


def is_plain(term: list[str]) -> bool:
    """One word of the plain letters, as most are: no pattern is needed to find it."""
    return len(term) == 1 and term[0].isascii()


class Words:
    """What is searched for: each of several words must be there, and what stands in quotes together."""

    def __init__(self, text: str) -> None:
        terms = [(quoted or word).split() for quoted, word in QUOTED.findall(fold(text))]
        self.terms = [term for at, term in enumerate(terms) if term and term not in terms[:at]]
        self.single = [term[0] for term in self.terms if is_plain(term)]
        self.patterns = [self._pattern(term) for term in self.terms if not is_plain(term)]

    @staticmethod
    def _pattern(term: list[str]) -> re.Pattern[str]:
        return re.compile(r"\s+".join(map(re.escape, term)) + WHOLE_LETTER)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def are_in(self, page: Page) -> bool:
        text = fold(f"{page.title}\0{page.prompt}\0{page.text}")  # no phrase reaches from one into the next
        return all(word in text for word in self.single) and all(
            pattern.search(text) for pattern in self.patterns
        )

    def spans(self, folded: Folded) -> Iterator[list[tuple[int, int]]]:
        """For each term, where it stands in that text."""
        for term in self.terms:
            yield list(folded.spans(self._pattern(term)))


@dataclass(frozen=True, repr=False)
class Match:
    """A page that was found, in parts that show where."""

    row: EntryRow
    title: Parts
    prompt: Parts  # none unless it was found there
    excerpts: list[Parts]

    @classmethod
    def of(cls, row: EntryRow, page: Page, words: Words) -> Match:
        prompt = marked(page.prompt, words)
        found = prompt if any(hit for _text, hit in prompt) else []
        return cls(row, marked(page.title, words), found, excerpts(page.text, words))


@dataclass(repr=False)
class Found:
    matches: list[Match] = field(default_factory=list)
    number: int = 0
    resting: int = 0  # match, and are left out
    closed: int = 0  # do not open, so that nobody can tell
    searched: int = 0
    more: UUID | None = None  # the last one shown, where others follow
    is_cut: bool = False  # there are more pages than are searched at once

    def add(self, row: EntryRow, page: Page, words: Words) -> None:
        self.number += 1
        if self.number <= SHOWN:
            self.matches.append(Match.of(row, page, words))
        elif self.more is None:
            self.more = self.matches[-1].row.pk


def find(entries: EntryQuerySet, words: Words, *, by: User, key: PersonKey, resting: bool) -> Found:
    """Those of these entries, newest first. Pages that rest are counted; `resting` shows them too."""
    found = Found()
    for row, page in entries[: SEARCHED + 1].each_opened(by=by, key=key):
        if found.searched == SEARCHED:
            found.is_cut = True
            break
        found.searched += 1
        if page is None:
            found.closed += 1
        elif not words.are_in(page):
            continue
        elif row.rests_since and not resting:
            found.resting += 1
        else:
            found.add(row, page, words)
    return found


def excerpts(text: str, words: Words) -> list[Parts]:
    """Up to EXCERPTS short pieces: first one for each word; where there is none, the beginning."""
    spans = list(words.spans(folded := Folded(text)))
    firsts = [places[0] for places in spans if places]
    windows: list[tuple[int, int]] = []
    for start, end in [*sorted(firsts), *sorted(place for places in spans for place in places[1:])]:
        if len(windows) == EXCERPTS:
            break
        if not any(begin <= start and end <= stop for begin, stop in windows):
            windows.append(window(folded.text, start, end))
    places = merged(place for found in spans for place in found)
    return [
        parts(text, places, start, end)
        for start, end in merged(windows or [window(text, 0, 0)] if text else [])
    ]


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """About EXCERPT_LENGTH characters around that place, from word to word where words have spaces."""
    room = max(0, EXCERPT_LENGTH - (end - start))
    first = max(0, start - room // 2)
    last = min(len(text), first + max(EXCERPT_LENGTH, end - start))
    first = max(0, min(first, last - EXCERPT_LENGTH))
    if first and (space := text.find(" ", first, start)) >= 0:
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", end, last)) > end:
        last = space
    return first, last


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those in order, with no two that touch."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def marked(text: str, words: Words) -> Parts:
    """The whole text."""
    places = merged(place for found in words.spans(Folded(text)) for place in found)
    return parts(text, places, 0, len(text))


def parts(text: str, places: list[tuple[int, int]], first: int, last: int) -> Parts:
    """That stretch of the text, in pieces, with dots where it was cut."""
    result: Parts = [("… ", False)] if first else []
    for start, end in places:
        if start >= last or end <= first:
            continue
        start, end = max(start, first), min(end, last)  # one that is longer than the stretch shows its part
        result += [(text[first:start], False), (text[start:end], True)]
        first = end
    result += [(text[first:last], False), (" …", False)] if last < len(text) else [(text[first:], False)]
    return [(piece, hit) for piece, hit in result if piece]
