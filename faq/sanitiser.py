"""The one list of what a text of an editor may hold. Everything else is dropped."""

import re
from html import unescape

import nh3

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "hr", "a"}
SCHEMES = {"https", "mailto", "tel"}
LINK_REL = "noopener noreferrer nofollow"

# A path of this site. "//host" and "/\host" lead away, also with a tab inside, which browsers drop.
OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
AWAY = re.compile(r"(?:https://[^\s\\/]|mailto:|tel:)[^\s\\\x00-\x1f\x7f]*", re.IGNORECASE)
BLOCK = re.compile(r"<(?:p|ul|ol|blockquote|h2|h3|hr)\b")
BLANK_LINE = re.compile(r"\n\s*\n")
TAG = re.compile(r"<[^>]+>")
UNSEEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML may hold them, so no feed


def keep_link(tag: str, attribute: str, value: str) -> str | None:
    if attribute != "href":
        return value  # the rel that the cleaner itself sets
    value = value.strip()
    return value if OWN_PATH.fullmatch(value) or AWAY.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "title", "noscript", "iframe", "textarea"},
    attributes={"*": set(), "a": {"href"}},
    attribute_filter=keep_link,
    url_schemes=SCHEMES,
    link_rel=LINK_REL,
)


def clean_html(text: str) -> str:
    """Harmless HTML. Text that was typed without any block becomes paragraphs at its blank lines."""
    cleaned = UNSEEN.sub("", CLEANER.clean(text.replace("\0", ""))).strip()
    if not cleaned or BLOCK.search(cleaned):
        return "" if cleaned == "<p></p>" else cleaned
    paragraphs = (part.strip() for part in BLANK_LINE.split(cleaned))
    return CLEANER.clean("\n".join(f"<p>{part}</p>" for part in paragraphs if part))


def plain_text(cleaned: str) -> str:
    """The words of cleaned HTML, on one line."""
    return " ".join(unescape(TAG.sub(" ", cleaned)).split())
