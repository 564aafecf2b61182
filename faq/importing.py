"""Articles from a folder of files, as drafts: Markdown or plain text, with or without front matter.

A file is read as something that anybody may have written. What it may hold is what the desk itself may hold,
and nothing of it is public until somebody has read it and a second person has agreed.
"""

import uuid
from collections.abc import Iterator, MutableMapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import frontmatter
import yaml
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from accounts.forms import clean_name
from faq.forms import LONGEST_BODY
from faq.models import Article, Topic
from faq.sanitiser import UNSEEN, clean_html, plain_text

KINDS = {".md", ".markdown", ".txt"}
MOST_BYTES = 1_000_000
LONGEST = {"title": 150, "summary": 400, "byline": 120, "reviewer": 120, "sources": 10_000}
NAMESPACE = uuid.UUID("5f0d3a0e-3b1c-4a53-9b62-4f0b7c0f6f55")  # of the numbers that files get


class LeftOut(Exception):
    """Why a file makes no article, in words."""


class Line(NamedTuple):
    """What became of one file."""

    name: str
    said: str
    is_in: bool


def bring_in(folder: Path, *, by: Any, now: datetime, topic: Topic | None) -> Iterator[Line]:
    """A line for each file, in the order of their names. Safe to run again: the same file is known again."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        if path.is_dir():
            continue
        name = str(path.relative_to(root))
        try:
            yield Line(name, one(path, root, by=by, now=now, topic=topic), True)
        except LeftOut as reason:
            yield Line(name, str(reason), False)


def one(path: Path, root: Path, *, by: Any, now: datetime, topic: Topic | None) -> str:
    content = read(path, root)
    token = uuid.uuid5(NAMESPACE, sha256(content.encode()).hexdigest())
    if known := Article.objects.filter(client_token=token).first():
        return f"is there already: {known.title}"
    given, text = parts(content)
    markdown = path.suffix.lower() != ".txt"
    title, text = titled(given, text, markdown)
    body, notes = rendered(text) if markdown else (clean_html(escape(text)), [])
    if not plain_text(body):
        raise LeftOut("left out: there is nothing in it to read")
    if len(body) > LONGEST_BODY:
        raise LeftOut(f"left out: longer than {LONGEST_BODY} characters")
    article = Article(title=title, body=body, topic=topic_of(given, topic), client_token=token)
    describe(article, given)
    article.write(by=by, now=now, seen=0)
    return "; ".join([f"made as a draft: {article.title}", *notes])


def read(path: Path, root: Path) -> str:
    if path.suffix.lower() not in KINDS:
        raise LeftOut("left out: neither Markdown nor plain text")
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        raise LeftOut("left out: it leads out of the folder")
    try:
        if not path.is_file():
            raise LeftOut("left out: no file, or a link that leads nowhere")
        if path.stat().st_size > MOST_BYTES:
            raise LeftOut("left out: larger than 1 MB")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LeftOut("left out: its letters are not UTF-8") from None
    except OSError:
        raise LeftOut("left out: it may not be read") from None
    return UNSEEN.sub("", text.replace("\0", "").replace("\r\n", "\n"))


def parts(content: str) -> tuple[dict[str, Any], str]:
    try:
        given, text = frontmatter.parse(content)
    except (yaml.YAMLError, ValueError, RecursionError):  # a day like 30 February is a ValueError
        raise LeftOut("left out: the lines at its top are no YAML, or name no real day") from None
    return {str(name).lower(): value for name, value in given.items()}, text


def titled(given: dict[str, Any], text: str, markdown: bool) -> tuple[str, str]:
    """The title and the text without it: as the file names it, or its first line."""
    if "title" in given:
        return shortened("title", given["title"]), text
    first, _line, rest = text.lstrip().partition("\n")
    title = shortened("title", first.lstrip("# ") if markdown else first)
    return title, rest


def shortened(name: str, value: Any) -> str:
    words = clean_name(line_of(name, value))
    if len(words) > LONGEST[name]:
        raise LeftOut(f"left out: its {name} has more than {LONGEST[name]} characters")
    if not words and name == "title":
        raise LeftOut("left out: it has no title")
    return words


def line_of(name: str, value: Any) -> str:
    """A word, a number or a day. A list may hold itself a billion times over and would fill the memory."""
    if isinstance(value, list | dict | set):
        raise LeftOut(f"left out: its {name} is a list and should be one line")
    return " ".join(str(value if value is not None else "").split())


def topic_of(given: dict[str, Any], topic: Topic | None) -> Topic:
    name = line_of("topic", given.get("topic"))
    found = Topic.objects.filter(name__iexact=name).first() if name else topic
    if found is None:
        said = f"there is no topic {name!r}" if name else "it names no topic; --topic gives one to all"
        raise LeftOut(f"left out: {said}")
    return found


def describe(article: Article, given: dict[str, Any]) -> None:
    for name in ("summary", "byline", "reviewer"):
        setattr(article, name, shortened(name, given.get(name)))
    sources = given.get("sources") or []
    lines = sources.splitlines() if isinstance(sources, str) else sources
    if not isinstance(lines, list):
        raise LeftOut("left out: write its sources as a list")
    article.sources = "\n".join(filter(None, (line_of("source", line) for line in lines)))
    if len(article.sources) > LONGEST["sources"]:
        raise LeftOut("left out: its sources are too long")
    article.for_families = given.get("families") is True
    reviewed = given.get("reviewed")
    if reviewed is not None:
        if not isinstance(reviewed, date) or isinstance(reviewed, datetime):
            raise LeftOut("left out: write the day of its review like 2026-11-24")
        article.reviewed_on = reviewed


class Renderer(RendererHTML):
    """Headings as the desk has them, and no pictures: those are added at the desk, with words."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        env["images"] = env.get("images", 0) + 1
        return ""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:
        return "<h2>" if tokens[idx].tag in ("h1", "h2") else "<h3>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: Any, env: dict[str, Any]) -> str:
        return "</h2>\n" if tokens[idx].tag in ("h1", "h2") else "</h3>\n"


MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}, renderer_cls=Renderer)


def rendered(text: str) -> tuple[str, list[str]]:
    seen: dict[str, Any] = {}
    body = clean_html(MARKDOWN.render(text, seen))
    images = seen.get("images", 0)
    return body, [f"{images} picture{'s' if images > 1 else ''} left out"] if images else []
