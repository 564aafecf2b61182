"""What somebody may have meant: a word that the public can read, near to the one that was typed."""

from __future__ import annotations

import re
from itertools import pairwise

from faq.models.release import ReleaseQuerySet
from faq.models.word import Word
from faq.search.asked import SMALL, Asked
from faq.search_index import whole

SHORTEST = 3  # letters; anything is near to a shorter word
TRIED = 5  # near words that may stand in hidden texts alone
MOST = 4  # words of one search
SOUNDS_SAME = 0.4  # of a letter
DENIALS = {"un", "in", "im", "ir", "dis", "non", "mis"}
# Pairs that are written one for the other, as they sound.
SOUNDS = [
    *((re.compile(pattern), sound) for pattern, sound in (("ph", "f"), ("ck", "k"), ("c(?=[eiy])", "s"))),
    *((re.compile(pattern), sound) for pattern, sound in (("c", "k"), ("z", "s"), ("y", "i"))),
    (re.compile(r"(.)\1+"), r"\1"),
]


def corrected(asked: Asked, public: ReleaseQuerySet) -> Asked:
    """The same search with the words that nobody has written replaced, as far as we can."""
    unknown = [word for word in asked.words if not public.holding(Asked([word])).exists()][:MOST]
    better = {word: nearest(word, public) for word in unknown}
    return Asked(better.get(word) or word for word in asked.all)


def nearest(word: str, public: ReleaseQuerySet) -> str:
    """Tried against what is public: a word of a text that is not out would tell of it (F1)."""
    if len(word) < SHORTEST:
        return ""
    near = {*Word.objects.near(word), *Word.objects.spelled(slips(word)), *long_enough(word)}
    near = {other for other in near if abs(len(other) - len(word)) <= allowed(word)}
    ranked = sorted(
        (distance(word, other), other in SMALL, other[0] != word[0], -len(other), other) for other in near
    )
    good = [other for far, *_, other in ranked if far <= allowed(word) and not opposite(word, other)]
    return next((other for other in good[:TRIED] if can_be_read(other, public)), "")


def can_be_read(word: str, public: ReleaseQuerySet) -> bool:
    return word in SMALL or public.fitting("text", whole(word)).exists()


def long_enough(word: str) -> frozenset[str]:
    """Small words that may have been meant: next to a short one there is always some."""
    return SMALL if len(word) > SHORTEST + 1 else frozenset()


def allowed(word: str) -> float:
    return 1 if len(word) <= 4 else 1 + SOUNDS_SAME if len(word) <= 7 else 2 + SOUNDS_SAME


def opposite(word: str, other: str) -> bool:
    """ "unsafe" is no slip of "safe"."""
    return word.endswith(other) and word.removesuffix(other) in DENIALS


def slips(word: str) -> list[str]:
    """Two letters in each other's place, and one letter too many: short words share little else."""
    turned = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    return turned + [word[:at] + word[at + 1 :] for at in range(len(word))]


def distance(one: str, other: str) -> float:
    """Letters to change, fewer where both sound the same."""
    return min(edits(one, other), edits(sound(one), sound(other)) + SOUNDS_SAME * (one != other))


def sound(word: str) -> str:
    for pattern, heard in SOUNDS:
        word = pattern.sub(heard, word)
    return word


def edits(one: str, other: str) -> int:
    """Letters put in, left out, changed, or two that change places (Damerau and Levenshtein)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, above, row = row, before, [at]
        for place, (left, here) in enumerate(pairwise("\0" + other), 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != here))
            if at > 1 and place > 1 and letter == left and one[at - 2] == here:
                cost = min(cost, above[place - 2] + 1)
            row.append(cost)
    return row[-1]
