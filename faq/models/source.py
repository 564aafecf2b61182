from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from faq.sanitiser import AWAY


class Source(NamedTuple):
    """Where a claim comes from: the words, and the address with the name of its site, if there is one."""

    text: str
    url: str = ""
    host: str = ""

    @classmethod
    def from_line(cls, line: str) -> Source:
        """Reads "Herman, J. (1992). Trauma and recovery. https://example.org/book"."""
        text, _space, last = line.strip().rpartition(" ")
        if not last.startswith("https://") or not AWAY.fullmatch(last):
            return cls(line.strip())
        try:
            host = urlsplit(last).hostname
        except ValueError:
            host = None
        return cls(text.strip(), last, host.removeprefix("www.")) if host else cls(line.strip())
