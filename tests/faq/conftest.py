"""Texts of an editor, made with few words."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from faq.models import Article, Question, Topic
from tests.library import put_out


@pytest.fixture
def topic(db) -> Topic:
    topic = Topic(name="Connection", order=1)
    topic.keep()
    return topic


@pytest.fixture
def article(topic, eli) -> Callable[..., Article]:
    """A written article, public since yesterday unless `draft` or another `public_from` is asked."""

    def write(
        title: str = "Being heard",
        *,
        draft: bool = False,
        public_from: timedelta | None = None,
        asked: Sequence[Question] = (),
        related: Sequence[Article] = (),
        **fields: Any,
    ):
        fields = {"summary": "About being heard.", "body": "<p>Somebody listens.</p>"} | fields
        return shelve(Article(title=title, topic=topic, **fields), eli, draft, public_from, asked, related)

    return write


@pytest.fixture
def question(topic, eli) -> Callable[..., Question]:
    def write(
        title: str = "Must I speak?",
        *,
        draft: bool = False,
        public_from: timedelta | None = None,
        **fields: Any,
    ):
        fields = {"body": "<p>No. You can listen.</p>"} | fields
        return shelve(Question(title=title, topic=topic, **fields), eli, draft, public_from)

    return write


def shelve(piece, by, draft: bool, public_from: timedelta | None, asked=(), related=()):
    now = timezone.now()
    piece.write(by=by, now=now - timedelta(days=200), seen=0)
    if asked:
        piece.questions.set(asked)
    if related:
        piece.related.set(related)
    if not draft:
        put_out(piece, by, now - timedelta(days=199), at=now + (public_from or timedelta(days=-1)))
    return piece


@pytest.fixture
def typed(topic) -> Callable[..., dict[str, Any]]:
    """What the form of a new article sends."""

    def fields(**changes: Any) -> dict[str, Any]:
        return {
            "title": "A first evening",
            "topic": topic.pk,
            "summary": "What happens on the first evening.",
            "body": "<p>Somebody shows you your room.</p>",
            "token": "7d0d4b52-32c1-4a70-9d0e-8e2f6cfa0d5b",
            "seen": 0,
        } | changes

    return fields
