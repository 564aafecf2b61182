from __future__ import annotations

from collections.abc import Iterable

from faq.folding import fold
from faq.search_index import joined, term
from faq.stemming import stem

MOST_WORDS = 16
# Words that stand in every text, and the beginnings of questions.
LISTED = """
a am an and are as at be by can could did do does for from had has have he her him his how i if im in is it
its me my of on or our she should so that the their them then there they this to was we were what when where
which who whom whose why will with would you your
"""
SMALL = frozenset(LISTED.split())


class Asked:
    """The words of a search that count."""

    def __init__(self, words: Iterable[str]) -> None:
        self.all = list(words)
        counting = [word for word in self.all if word not in SMALL] or self.all
        self.words = list(dict.fromkeys(counting))[:MOST_WORDS]
        self.roots = [stem(word) for word in self.words]

    @classmethod
    def of(cls, text: str) -> Asked:
        return cls(fold(text).split())

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def text(self) -> str:
        return " ".join(self.all)

    def expression(self, *, every: bool) -> str:
        return joined(map(term, self.words, self.roots), every=every)
