"""A cleaned text as sentences."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

BLOCKS = {"p", "li", "h2", "h3", "blockquote", "figcaption"}
END = re.compile(r"(?<=[.!?…])(?<!\b[A-Z]\.)[\"'”\u2019)]*\s+(?=[\"'“\u2018(]?[A-Z0-9])")
# What ends in a full stop, and ends no sentence.
SHORT = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|etc|approx|No|al))\.[\"'”\u2019)]*$")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


class Block(NamedTuple):
    tag: str
    text: str

    @property
    def is_heading(self) -> bool:
        return self.tag in ("h2", "h3")


class Reader(HTMLParser):
    """Blocks and links of a text, in their order. Give it only what the sanitiser has cleaned."""

    def __init__(self, cleaned: str) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.links: list[str] = []
        self.tag = "p"
        self.text: list[str] = []
        self.link: list[str] | None = None
        self.feed(cleaned)
        self.close()
        self.end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end()
            self.tag = tag
        elif tag == "a":
            self.link = []
        elif tag == "br":
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end()
            self.tag = "p"
        elif tag == "a" and self.link is not None:
            self.links.append(" ".join("".join(self.link).split()))
            self.link = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.link is not None:
            self.link.append(data)

    def end(self) -> None:
        text = " ".join("".join(self.text).split())
        self.text = []
        if text or self.tag in ("h2", "h3"):
            self.blocks.append(Block(self.tag, text))


def sentences(text: str) -> list[str]:
    found: list[str] = []
    for part in END.split(text):
        if found and SHORT.search(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def words(text: str) -> list[str]:
    return WORD.findall(text)
