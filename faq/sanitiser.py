"""The one list of what a text of an editor may hold. Everything else is dropped."""

import re
from html import unescape

import nh3

from faq import figures

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "hr", "a"}
TAGS |= {"figure", "figcaption", "img"}
SCHEMES = {"https", "mailto", "tel"}
LINK_REL = "noopener noreferrer nofollow"

# A path of this site. "//host" and "/\host" lead away, also with a tab inside, which browsers drop.
OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
AWAY = re.compile(r"(?:https://[^\s\\/]|mailto:|tel:)[^\s\\\x00-\x1f\x7f]*", re.IGNORECASE)
BLOCK = re.compile(r"<(?:p|ul|ol|blockquote|h2|h3|hr|figure)\b")
MOST_TURNS = 4
FIGURE_TAG = re.compile(r"</?fig(?:ure|caption)>")
BLANK_LINE = re.compile(r"\n\s*\n")
TAG = re.compile(r"<[^>]+>")
UNSEEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML may hold them, so no feed


def keep_value(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img":
        return figures.keep_attribute(attribute, value)
    if attribute != "href":
        return value  # the rel that the cleaner itself sets
    value = value.strip()
    return value if OWN_PATH.fullmatch(value) or AWAY.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "title", "noscript", "iframe", "textarea"},
    attributes={"*": set(), "a": {"href"}, "img": {"src", "alt", "width", "height"}},
    attribute_filter=keep_value,
    url_schemes=SCHEMES,
    link_rel=LINK_REL,
)


def clean_html(text: str) -> str:
    """Harmless HTML, which stays as it is when it is cleaned again."""
    cleaned = clean_once(text)
    # Only where pictures were sorted out, after the parser, can a second turn find anything.
    for _turn in range(MOST_TURNS if "<fig" in text.lower() else 0):
        if (again := clean_once(cleaned)) == cleaned:
            return cleaned
        cleaned = again
    # One within the caption of another may grow with each turn, for ever. Nobody means that: without them.
    return clean_once(FIGURE_TAG.sub("", cleaned)) if FIGURE_TAG.search(cleaned) else cleaned


def clean_once(text: str) -> str:
    """Text that was typed without any block becomes paragraphs at its blank lines."""
    cleaned = figures.only_own(UNSEEN.sub("", CLEANER.clean(text.replace("\0", "")))).strip()
    if not cleaned or BLOCK.search(cleaned):
        return "" if cleaned == "<p></p>" else cleaned
    paragraphs = (part.strip() for part in BLANK_LINE.split(cleaned))
    return CLEANER.clean("\n".join(f"<p>{part}</p>" for part in paragraphs if part))


def plain_text(cleaned: str) -> str:
    """The words of cleaned HTML, on one line."""
    return " ".join(unescape(TAG.sub(" ", cleaned)).split())
