"""The words that were found, marked in what readers see of a text."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from faq.folding import fold
from faq.models.release import Release
from faq.sanitiser import plain_text
from faq.search.asked import Asked
from faq.stemming import stem

AROUND = 30  # words of a text that are shown
BEFORE = 60  # letters before the first word found
REMEMBERED = 20_000  # words, in each process
TOKEN = re.compile(r"[\w'\u2019\u02bc\u0300-\u036f]+")


class Hit:
    """A release that was found, as the list shows it."""

    def __init__(self, release: Release, asked: Asked) -> None:
        self.release = release
        self.title = marked(release.title, asked)
        self.teaser = marked(excerpt(release, asked), asked)


def excerpt(release: Release, asked: Asked) -> str:
    """The summary, or else where the text first says it."""
    if release.summary and has(release.summary, asked):
        return release.summary
    text = plain_text(release.body)
    roots = "|".join(re.escape(root.rstrip("i") or root) for root in asked.roots)
    found = re.search(rf"(?<!\w)(?:{roots})", text, re.IGNORECASE)
    if found is None or (release.summary and has(release.title, asked)):
        return release.teaser
    start = text.rfind(" ", 0, max(found.start() - BEFORE, 0)) + 1
    return ("… " if start else "") + Truncator(text[start:]).words(AROUND, truncate=" …")


def marked(text: str, asked: Asked) -> SafeString:
    """Escaped, with each word that was asked for in <mark>."""
    pieces, done = SafeString(""), 0
    for token in TOKEN.finditer(text):
        if fits(token[0], asked):
            pieces += escape(text[done : token.start()]) + format_html("<mark>{}</mark>", token[0])
            done = token.end()
    return pieces + escape(text[done:])


def has(text: str, asked: Asked) -> bool:
    return any(fits(word, asked) for word in TOKEN.findall(text))


def fits(token: str, asked: Asked) -> bool:
    return any(word.startswith(tuple(asked.words)) or root in asked.roots for word, root in forms(token))


@lru_cache(REMEMBERED)
def forms(token: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, stem(word)) for word in fold(token).split())
