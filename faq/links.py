"""Which addresses the texts name, and whether they answer. A worker asks; editors read what does not."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape, unescape
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from faq.asking import Answer, ask
from faq.models import Address, Article, Link, Piece, Question, Release, Source

HREF = re.compile(r'<a href="([^"]*)"')
SEVERAL = 3  # failures one after another, on different days, before we call it broken
AGAIN_AFTER = timedelta(hours=20)
SECONDS = 80  # of one run; a task may take 100
AT_ONCE = 200
INSIDE = re.compile(r"/(articles|questions)/([-\w]+)/")
LISTED = 60
LONGEST = 2_000  # characters; a longer one fits in no index, and nobody asks for it


class Held(NamedTuple):
    """A link that does not lead where it should, and the texts that hold it."""

    link: Link
    pieces: list[Piece]


def check(now: datetime) -> None:
    """Asks the links that were not asked for the longest time, one by one. May run twice or in two places."""
    note(now)
    deadline = time.monotonic() + SECONDS
    due = Link.objects.filter(Q(checked_at__isnull=True) | Q(checked_at__lte=now - AGAIN_AFTER))
    for link in due.order_by(F("checked_at").asc(nulls_first=True), "id")[:AT_ONCE]:
        if time.monotonic() > deadline:
            return
        # Before it is asked: one that holds the worker up until its time is over must not be first again.
        Link.objects.filter(pk=link.pk).update(checked_at=now)
        keep(link, inside(link.url, now) if link.url.startswith("/") else ask(link.url), now)


def note(now: datetime) -> None:
    """A row for each address that a text names, and for no other."""
    named = {url for url in addresses(now) if len(url) <= LONGEST}
    known = set(Link.objects.values_list("url", flat=True))
    Link.objects.bulk_create([Link(url=url) for url in sorted(named - known)], ignore_conflicts=True)
    Link.objects.filter(url__in=known - named).delete()


def addresses(now: datetime) -> Iterator[str]:
    """Of what is public and of what is being written."""
    texts = chain(Release.objects.unended(now), Article.objects.at_hand(), Question.objects.at_hand())
    for text in texts:
        yield from (unescape(url) for url in HREF.findall(text.body) if url.startswith(("https://", "/")))
        yield from (source.url for source in map(Source.from_line, text.sources.splitlines()) if source.url)


def inside(url: str, now: datetime) -> Answer:
    """An address of our own, which nobody has to be asked for."""
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    if found := INSIDE.fullmatch(path):
        shelf, slug = found.groups()
        if Release.objects.public(now).on(shelf).filter(slug=slug).exists():
            return Answer(200)
        address = Address.objects.leading(shelf, slug, now)
        led = address and Release.objects.of(address.piece).public(now).exists()
        return Answer(200, moved=True) if led else Answer(404)
    try:
        resolve(path)
    except Resolver404:
        return Answer(404)
    return Answer(200)


def keep(link: Link, answer: Answer, now: datetime) -> None:
    at_once = link.url.startswith("/")
    failures = 0 if answer.is_there else SEVERAL if at_once else link.failures + 1
    if failures >= SEVERAL:
        state = Link.State.BROKEN
    elif failures:
        state = Link.State(link.state)  # perhaps it answers tomorrow
    else:
        state = Link.State.MOVED if answer.moved else Link.State.FINE
    Link.objects.filter(pk=link.pk).update(
        state=state, status=answer.status, failures=failures, checked_at=now
    )


def to_mend() -> list[Held]:
    """What editors have to look at, broken links first. Four queries, whatever the number."""
    bad = list(Link.objects.filter(state__in=["broken", "moved"]).order_by("state", "url")[:LISTED])
    if not bad:
        return []
    named = Q(
        *(Q(body__contains=in_body(link.url)) | Q(sources__contains=link.url) for link in bad),
        _connector=Q.OR,
    )
    writing = chain.from_iterable(
        model.objects.filter(named).order_by("title") for model in (Article, Question)
    )
    out = Release.objects.unended(timezone.now()).filter(named).select_related("article", "question")
    texts = [(text, text) for text in writing] + [(release, release.piece) for release in out]
    return [Held(link, pieces_with(link.url, texts)) for link in bad]


def pieces_with(url: str, texts: list[tuple[Any, Any]]) -> list[Piece]:
    """Each once, whether the text in hand holds it, or what the public reads, or both."""
    found = (piece for text, piece in texts if in_body(url) in text.body or url in text.sources)
    return list({piece.pk: piece for piece in found}.values())


def in_body(url: str) -> str:
    """As the cleaner writes it."""
    return '"' + escape(url, quote=False).replace('"', "&quot;") + '"'
