"""One formula for both databases: the same texts come in the same order, wherever they are kept."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from faq.folding import STEM
from faq.search.asked import SMALL, Asked
from faq.stemming import stem

OPENING = 500  # letters behind the title: the summary, or how an answer begins
EXACT, FORM, BEGINNING = 1.0, 0.9, 0.7
IN_TITLE, IN_OPENING, IN_TEXT = 100, 20, 2  # so that a word in the title outweighs any number in the text
OFTEN = 5  # times in a text; more say no more
ALL_IN_TITLE, TOGETHER_IN_TITLE, COVERS_TITLE = 1_000, 60, 50
FOR_FAMILIES = 15
RELATIVES = """
family parent mother father son daughter husband wife partner brother sister child children visit
"""
FAMILY = frozenset(map(stem, RELATIVES.split()))


class Candidate(NamedTuple):
    pk: UUID
    search_title: str
    search_text: str
    for_families: bool


def in_order(candidates: list[Candidate], asked: Asked, *, at_least: int) -> list[UUID]:
    """Those with so many of the words, the best first."""
    scored = [(*score(row, asked), row) for row in candidates]
    kept = [(-hits, -points, row.search_title, row.pk) for hits, points, row in scored if hits >= at_least]
    return [pk for *_, pk in sorted(kept)]


def score(row: Candidate, asked: Asked) -> tuple[int, float]:
    """How many of the words it has, and how well it answers."""
    title, text = f"{row.search_title} ", f"{row.search_text} "
    words = title.partition(f" {STEM}")[0].rstrip()
    opening = text[len(words) : len(words) + OPENING]
    hits = titled = 0
    points = 0.0
    for word, root in zip(asked.words, asked.roots, strict=True):
        value, in_title = weight(word, root, title, opening, text)
        hits += value > 0
        titled += in_title
        points += value
    if titled == len(asked.words):
        points += ALL_IN_TITLE
    if f" {asked.text}" in words:
        points += TOGETHER_IN_TITLE
    counting = [word for word in words.split() if word not in SMALL]
    points += COVERS_TITLE * titled / max(len(counting), titled, 1)
    if row.for_families and FAMILY.intersection(asked.roots):
        points += FOR_FAMILIES
    return hits, round(points, 6)


def weight(word: str, root: str, title: str, opening: str, text: str) -> tuple[float, bool]:
    """What one word adds, and whether it is in the title."""
    if found := quality(word, root, title):
        return IN_TITLE * found, True
    if not (found := quality(word, root, text)):
        return 0.0, False
    begins = f" {root.rstrip('i')}"
    often = min(text.count(begins), OFTEN)
    return found * (IN_OPENING * (begins in opening) + IN_TEXT * max(often, 1)), False


def quality(word: str, root: str, text: str) -> float:
    if f" {word} " in text:
        return EXACT
    if f" {STEM}{root} " in text:
        return FORM
    return BEGINNING if f" {word}" in text else 0.0
