"""Text as a search compares it: without case, accents and the many shapes of one letter, and the way back
from there to the letters that were written. A letter made of parts (Hangul, voiced kana) is compared as its
parts, since one keyboard sends it whole and another one in pieces."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# What makes another letter of the one before it: vowels and finals of Hangul, voicing marks of kana.
WHOLE_LETTER = "(?![\u1160-\u11ff\u3099\u309a])"
# Letters that one keyboard writes and another one does not, and that Unicode does not take apart.
ALIKE = str.maketrans(
    {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"}
    | {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "\u0640": ""}  # noqa: RUF001
    | dict.fromkeys("‘’ʼ", "'")  # noqa: RUF001 - a telephone writes the curled ones
    | dict.fromkeys("“”„", '"')
)


class Folds(dict[int, str]):
    """For `str.translate`: what a character folds to, worked out once, each for itself."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        plain = "".join(filter(is_letter, apart)).translate(ALIKE)
        self[code] = folded = plain.lower()
        return folded


def is_letter(char: str) -> bool:
    """False for accents, points and harakat, and for what cannot be seen.

    Voicing marks of kana and vowel signs and tones of the scripts of India and Thailand make another
    letter: they stay (their combining classes are 7 to 9 and 84 to 132).
    """
    kind = unicodedata.combining(char)
    return not (kind == 1 or 10 <= kind <= 36 or kind >= 200) and unicodedata.category(char) != "Cf"


FOLDS = Folds()


def fold(text: str) -> str:
    """What is compared. Plain ASCII, the most of many journals, takes the fast way."""
    if text.isascii():
        return text.lower()
    return BEYOND_ASCII.sub(lambda run: run[0].translate(FOLDS), text).lower()


class Folded:
    """A text beside its folded form, whose places it finds again in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        """Where each run of one step a character begins: in the folded text, and in the text."""
        folded, written, at = [0], [0], 0
        for index, char in enumerate(self.text):
            length = 1 if char.isascii() else len(FOLDS[ord(char)])
            at += length
            if length != 1:
                folded.append(at)
                written.append(index + 1)
        return folded, written

    def _written(self, at: int) -> int:
        """The index in the text of the character that begins here, or within which this is."""
        folded, written = self._places
        found = bisect_right(folded, at) - 1
        ahead = folded[found + 1] if found + 1 < len(folded) else None
        index = written[found] + at - folded[found]
        # The next mark stands behind a character of another length: what is past its start is within it.
        return min(index, written[found + 1] - 1) if ahead is not None else index

    def spans(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Start and end of each match, in the text: whole characters, with the accents that follow them."""
        for match in pattern.finditer(self.folded):
            if self.text.isascii():
                yield match.span()
                continue
            start, end = self._written(match.start()), self._written(match.end() - 1) + 1
            while end < len(self.text) and not self.text[end].isascii() and not FOLDS[ord(self.text[end])]:
                end += 1
            yield start, end
