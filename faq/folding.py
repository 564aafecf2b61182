"""Words as the search compares them: the same on SQLite and on PostgreSQL, whatever their collation."""

import re
import unicodedata

from faq.stemming import stem

APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u02bc"))
WORD = re.compile(r"\w+")
LONGEST_WORD = 100  # letters; a search has no more, and an index takes no endless ones
STEM = "="  # before what is a stem and no word


def fold(text: str) -> str:
    """Each word after a space, without case and accents: " word" then finds words by their beginning."""
    decomposed = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return "".join(f" {word[:LONGEST_WORD]}" for word in WORD.findall(bare.casefold()))


def searchable(*texts: str) -> str:
    """The folded words in their order, and behind them each stem once: " she listens =she =listen"."""
    words = "".join(map(fold, texts))
    return words + "".join(f" {STEM}{each}" for each in dict.fromkeys(map(stem, words.split())))
