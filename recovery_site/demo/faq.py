"""Topics, questions and articles to read: the texts lie in `reading/`."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from faq.models import Article, Piece, Question, Topic

Lines = list[tuple[str, str]]

READING = Path(__file__).parent / "reading"
TOPICS = ["Connection", "Groups", "Privacy", "Families", "First days", "After leaving"]
QUESTIONS_PUBLISHED_DAYS_AGO = 70
REVIEWER = "Ruth Amari, psychologist"
CHECKED_EVERY_DAYS = 365


def seed(people: dict[str, User], now: datetime) -> None:
    eli, mara = people["eli"], people["mara"]
    topics = {topic.name: topic for topic in topics_in_order()}
    for number, (topic, title, body) in enumerate(questions()):
        if not Question.objects.filter(title=title).exists():
            question = Question(title=title, topic=topics[topic], body=body, order=number)
            question.for_families = topic == "Families"
            written = now - timedelta(days=QUESTIONS_PUBLISHED_DAYS_AGO, minutes=-20 * number)
            question.write(by=eli, now=written, seen=0)
            put_out(question, mara, written + timedelta(days=1))
    files = [path for path in sorted(READING.glob("*.html")) if path.name != "questions.html"]
    for article, lines in [new for path in files for new in write_article(path, topics, eli, now)]:
        beside(article, lines)
        bring_on(article, dict(lines), eli, mara, now)


def topics_in_order() -> Iterator[Topic]:
    for order, name in enumerate(TOPICS):
        topic = Topic.objects.filter(name=name).first() or Topic(name=name, order=order)
        topic.keep()
        yield topic


def questions() -> Iterator[tuple[str, str, str]]:
    """Topic, question and answer, in the order of the file."""
    text = (READING / "questions.html").read_text()
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        topic, *blocks = re.split(r"^# ", section, flags=re.MULTILINE)
        for block in blocks:
            title, body = block.split("\n", 1)
            yield topic.strip(), title.strip(), body.strip()


def write_article(
    path: Path, topics: dict[str, Topic], eli: User, now: datetime
) -> Iterator[tuple[Article, Lines]]:
    """The article of a file, unless it is there already, and what its file says about it."""
    head, body = path.read_text().split("\n\n", 1)
    lines = [(name, text) for name, text in (line.split(": ", 1) for line in head.splitlines())]
    fields = dict(lines)
    if Article.objects.filter(title=fields["title"]).exists():
        return
    article = Article(
        title=fields["title"],
        topic=topics[fields["topic"]],
        summary=fields["summary"],
        byline=fields["byline"],
        body=body,
        sources="\n".join(text for name, text in lines if name == "source"),
        for_families=fields["topic"] == "Families",
    )
    if "reviewed" in fields:
        checked = now - timedelta(days=int(fields["reviewed"]))
        article.reviewed_on, article.reviewer = checked.date(), REVIEWER
        article.review_by = (checked + timedelta(days=CHECKED_EVERY_DAYS)).date()
    written = now - timedelta(days=int(fields.get("published", 2)) + 3)
    article.write(by=eli, now=written, seen=0)
    yield article, lines


def beside(article: Article, lines: Lines) -> None:
    named = {kind: [text for name, text in lines if name == kind] for kind in ("question", "related")}
    article.questions.set(Question.objects.filter(title__in=named["question"]))
    article.related.set(Article.objects.filter(title__in=named["related"]))


def bring_on(article: Article, fields: dict[str, str], eli: User, mara: User, now: datetime) -> None:
    """As far as its file says: to the second reader, to a day ahead, or to the public."""
    if fields.get("state") == "review":
        article.send_to_review(by=eli, now=now - timedelta(days=1), seen=1, text=fields["comment"])
    elif "scheduled" in fields:
        ahead = timezone.localtime(now + timedelta(days=int(fields["scheduled"])))
        put_out(
            article,
            mara,
            now - timedelta(days=1),
            at=ahead.replace(hour=9, minute=0, second=0, microsecond=0),
        )
    elif "published" in fields:
        put_out(article, mara, now - timedelta(days=int(fields["published"])), until=last_moment(fields, now))


def last_moment(fields: dict[str, str], now: datetime) -> datetime | None:
    return now - timedelta(days=int(fields["until"])) if "until" in fields else None


def put_out(piece: Piece, by: User, now: datetime, **window: datetime | None) -> None:
    piece.approve(by=by, now=now, seen=piece.revision)
    piece.publish(by=by, now=now, seen=piece.revision, **window)
