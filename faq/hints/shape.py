"""How a text is built: its headings and its links."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from faq.hints.blocks import Block, words
from faq.hints.hint import Hint

LONG_WITHOUT_HEADING = 350  # words
LONGEST_PARAGRAPH = 120  # words
NOWHERE = re.compile(
    r"(?:please )?(?:(?:click|tap|press) )?(?:on )?"
    r"(?:here|this|this link|this page|link|more|read more|learn more|see more|website)[.:!]?",
    re.IGNORECASE,
)
BARE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def headings(blocks: Sequence[Block]) -> Iterator[Hint]:
    above = ""
    for block in blocks:
        if not block.is_heading:
            continue
        if not block.text:
            yield Hint("shape", "", "", _("Write the heading, or take it out."), _("A heading is empty."))
        elif block.tag == "h3" and not above:
            why = _("Screen readers use headings as a table of contents.")
            yield Hint("shape", "", block.text, _("Put a big heading before this small one."), why)
        above = above or (block.text and block.tag == "h2" and "h2") or ""
    if blocks and blocks[-1].is_heading and blocks[-1].text:
        yield Hint("shape", "", blocks[-1].text, _("Write something under this heading."))
    if not any(block.is_heading for block in blocks) and count(blocks) > LONG_WITHOUT_HEADING:
        why = _("People look for their own question first, and read then.")
        yield Hint("shape", "", "", _("Give this long text a few headings."), why)


def count(blocks: Sequence[Block]) -> int:
    return sum(len(words(block.text)) for block in blocks)


def paragraphs(blocks: Sequence[Block]) -> Iterator[Hint]:
    for block in blocks:
        if len(words(block.text)) > LONGEST_PARAGRAPH:
            say = _("Make two paragraphs of it.")
            yield Hint("shape", "", block.text, say, _("A wall of words is hard to read on a phone."))


def links(texts: Sequence[str]) -> Iterator[Hint]:
    why = _("Some people hear only the links of a page.")
    for text in texts:
        if NOWHERE.fullmatch(text):
            yield Hint("shape", text, text, _("Let the link say where it leads."), why)
        elif BARE.fullmatch(text):
            yield Hint("shape", text, text, _("Write what is there, instead of the address."), why)
