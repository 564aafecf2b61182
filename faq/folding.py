"""Words as the search compares them: the same on SQLite and on PostgreSQL, whatever their collation."""

import re
import unicodedata

APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u02bc"))
WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Each word after a space, without case and accents: " word" then finds words by their beginning."""
    decomposed = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return "".join(f" {word}" for word in WORD.findall(bare.casefold()))
