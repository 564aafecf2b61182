"""What changed from one version of a text to another, in words and not in markup. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

BLOCKS = {"p", "li", "h2", "h3", "hr", "blockquote", "figure", "figcaption"}
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
MOST_WORDS = 1_500  # of a passage that is compared word by word; it takes time with the square of it
LIKE = 0.4  # a sentence that shares less than this with the one before it is another sentence
AROUND = 1  # paragraphs without a change that are shown beside one with a change


class Token(NamedTuple):
    """A sentence or a word, and whether a paragraph begins with it."""

    text: str
    begins: bool


class Part(NamedTuple):
    change: str  # "gone", "new", or nothing for what stayed
    text: str


class Paragraph(NamedTuple):
    parts: list[Part]
    skipped: int = 0  # so many paragraphs without a change stand here instead

    @property
    def is_changed(self) -> bool:
        return any(part.change for part in self.parts)


class Reader(HTMLParser):
    """The paragraphs of cleaned HTML, with what a link leads to and what a picture shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks = [""]
        self.leads_to: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BLOCKS:
            self.blocks.append("")
        elif tag == "br":
            self.blocks[-1] += " "
        elif tag == "a":
            self.leads_to = given.get("href")
        elif tag == "img":
            self.blocks[-1] += f" [{given.get('alt') or ''}: {given.get('src') or ''}] "

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.append("")
        elif tag == "a" and self.leads_to:
            self.blocks[-1] += f" [{self.leads_to}]"
            self.leads_to = None

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data


def paragraphs_of(html: str) -> list[str]:
    words = (" ".join(block.split()) for block in Reader(html).blocks)
    return [text for text in words if text]


def differences(before: Iterable[str], after: Iterable[str]) -> list[Paragraph]:
    """The paragraphs of both, each with what went and what came; nothing where no word differs."""
    paragraphs = lay_out(merged(sentences(before), sentences(after)))
    return fold_away(paragraphs) if any(paragraph.is_changed for paragraph in paragraphs) else []


def sentences(paragraphs: Iterable[str]) -> list[Token]:
    return [
        Token(sentence, place == 0)
        for paragraph in paragraphs
        for place, sentence in enumerate(SENTENCE_END.split(paragraph))
    ]


def words(tokens: Iterable[Token]) -> list[Token]:
    return [
        Token(word, token.begins and place == 0)
        for token in tokens
        for place, word in enumerate(token.text.split())
    ]


def merged(before: Sequence[Token], after: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Sentence by sentence, and word by word where one sentence took the place of another."""
    for kind, old, new in steps(before, after):
        if kind == "replace" and (one := words(old)) and len(one) + len(other := words(new)) <= MOST_WORDS:
            yield from word_by_word(one, other)
        else:
            yield from told(kind, old, new)


def word_by_word(before: Sequence[Token], after: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    if matcher.ratio() < LIKE:
        yield from told("replace", before, after)
        return
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        yield from told(kind, before[i1:i2], after[j1:j2])


def steps(
    before: Sequence[Token], after: Sequence[Token]
) -> Iterator[tuple[str, Sequence[Token], Sequence[Token]]]:
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after])
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        yield kind, before[i1:i2], after[j1:j2]


def told(kind: str, old: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    if kind == "equal":
        yield from (("", token) for token in new)
        return
    yield from (("gone", token) for token in old)
    yield from (("new", token) for token in new)


def lay_out(tokens: Iterable[tuple[str, Token]]) -> list[Paragraph]:
    rows: list[list[tuple[str, str]]] = [[]]
    for change, token in tokens:
        stands_beside = rows[-1] and change == "new" and all(kind == "gone" for kind, _text in rows[-1])
        if token.begins and rows[-1] and not stands_beside:
            rows.append([])
        rows[-1].append((change, token.text))
    return [
        Paragraph(
            [
                Part(change, " ".join(text for _change, text in run))
                for change, run in groupby(row, key=lambda one: one[0])
            ]
        )
        for row in rows
        if row
    ]


def fold_away(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Leaves out what is far from any change, and says how much."""
    changed = {place for place, paragraph in enumerate(paragraphs) if paragraph.is_changed}
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)}
    shown: list[Paragraph] = []
    for is_near, run in groupby(enumerate(paragraphs), key=lambda one: one[0] in near):
        rows = [paragraph for _place, paragraph in run]
        shown.extend(rows if is_near else [Paragraph([], len(rows))])
    return shown
