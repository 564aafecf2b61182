from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from faq.claims import Written, claims
from faq.hints import person_first, plain_words, shape
from faq.hints.blocks import Reader, sentences
from faq.hints.hint import Hint
from faq.hints.syllables import grade

AIM, HARD = 6, 8  # school years: what the house aims for, and what is too hard for many
MOST = 20  # hints shown at once


@dataclass(frozen=True)
class Reading:
    """What could be better in a text, and how hard it is to read."""

    hints: list[Hint]
    more: int  # hints that are not shown yet
    grade: float | None

    @property
    def is_hard(self) -> bool:
        return self.grade is not None and self.grade > HARD

    @property
    def year(self) -> int | None:
        return None if self.grade is None else max(1, round(self.grade))


def hints_for(*, title: str, body: str, summary: str = "", sources: str = "") -> Reading:
    """Of a cleaned body. The kindest order: words that hurt first, then claims, then what is plain."""
    reader = Reader(body)
    said = [part for block in reader.blocks for part in sentences(block.text)]
    read = [part for block in reader.blocks if not block.is_heading for part in sentences(block.text)]
    every = [*sentences(title), *sentences(summary), *said]
    found = [
        *once(hint for sentence in every for hint in hurting(sentence)),
        *map(unproven, claims(Written(body, sources, summary))),
        *shape.headings(reader.blocks),
        *shape.links(reader.links),
        *once(hint for sentence in every for hint in plain_words.shorter(sentence)),
        *(hint for sentence in read for hint in plain_words.too_long(sentence)),
        *shape.paragraphs(reader.blocks),
        *(hint for sentence in read for hint in plain_words.passive(sentence)),
        *plain_words.long_words(every),
    ]
    return Reading(found[:MOST], max(0, len(found) - MOST), grade(read))


def hurting(sentence: str) -> Iterator[Hint]:
    for finder, say, why in person_first.FINDERS:
        for match in finder.finditer(sentence):
            yield Hint("words", match[0], sentence, _("Say %(words)s.") % {"words": say}, why)


def once(hints: Iterator[Hint]) -> list[Hint]:
    """A word that comes again is named where it comes first."""
    return list({hint.found.lower(): hint for hint in reversed(list(hints))}.values())[::-1]


def unproven(sentence: str) -> Hint:
    say = _("Name a source, or write that it is our view.")
    return Hint("claim", "", sentence, say, _("People act on what they read here about their health."))
