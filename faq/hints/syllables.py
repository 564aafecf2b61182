"""How hard a text is to read, worked out from English spelling."""

import re
from collections.abc import Sequence

from faq.hints.blocks import words

VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^aeiouy]es|[^aeiouydt]ed|[^aeiouyl]e|[aeiouy]le)$")
SPOKEN = re.compile(r"(?:[scxz]|sh|ch|[cg])es$")  # the ending of "houses" and "reaches"
INNER = re.compile(r"[aeiouy][^aeiouy]e(?=(?:ful|less|ly|ment|ness)$)")  # the silent one of "useful"
# Two vowels that are mostly spoken as two, and where they are not.
APART = re.compile(r"(?:ia|io|eo|ua|uo|iu)(?!u)|(?:be|do|go|see)(?=ing)|uie|lie(?=nt)|cie(?=nc)|die(?=t)")
TOGETHER = re.compile(r"[tsc]io|[tsc]ia|gio|gua|quo|qua|geo|uie(?!t)|[tsc]iou")


def syllables(word: str) -> int:
    """By rule of thumb: right for most words, one off for some."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(VOWELS.findall(letters)) + len(APART.findall(letters)) - len(TOGETHER.findall(letters))
    if len(letters) > 3 and SILENT.search(letters) and not SPOKEN.search(letters):
        count -= 1
    if INNER.search(letters):
        count -= 1
    return max(1, count)


def grade(sentences: Sequence[str]) -> float | None:
    """The school year in the United States that reads this with ease, by Flesch and Kincaid (1975). None for
    a text that is too short to tell."""
    spoken = [word for sentence in sentences for word in words(sentence)]
    if len(spoken) < 30:
        return None
    beats = sum(map(syllables, spoken))
    return round(0.39 * len(spoken) / len(sentences) + 11.8 * beats / len(spoken) - 15.59, 1)
