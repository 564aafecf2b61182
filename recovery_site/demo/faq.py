"""Topics, questions and articles to read: the texts lie in `reading/`."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from accounts.models import User
from faq.models import Article, Question, Topic

READING = Path(__file__).parent / "reading"
TOPICS = ["Connection", "Groups", "Privacy", "Families", "First days", "After leaving"]
QUESTIONS_PUBLISHED_DAYS_AGO = 70


def seed(people: dict[str, User], now: datetime) -> None:
    eli, mara = people["eli"], people["mara"]
    topics = {topic.name: topic for topic in topics_in_order()}
    for number, (topic, title, body) in enumerate(questions()):
        if not Question.objects.filter(title=title).exists():
            question = Question(title=title, topic=topics[topic], body=body, order=number)
            written = now - timedelta(days=QUESTIONS_PUBLISHED_DAYS_AGO, minutes=-20 * number)
            question.write(by=eli, now=written, seen=0)
            question.publish(by=mara, now=written + timedelta(days=1), seen=1)
    for path in sorted(READING.glob("*.html")):
        if path.name != "questions.html":
            seed_article(path, topics, eli, mara, now)


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


def seed_article(path: Path, topics: dict[str, Topic], eli: User, mara: User, now: datetime) -> None:
    head, body = path.read_text().split("\n\n", 1)
    lines = [line.split(": ", 1) for line in head.splitlines()]
    fields = dict(lines)
    if Article.objects.filter(title=fields["title"]).exists():
        return
    published = now - timedelta(days=int(fields.get("published", 2)))
    article = Article(
        title=fields["title"],
        topic=topics[fields["topic"]],
        summary=fields["summary"],
        byline=fields["byline"],
        body=body,
        sources="\n".join(text for name, text in lines if name == "source"),
    )
    if "reviewed" in fields:
        article.reviewed_on = (now - timedelta(days=int(fields["reviewed"]))).date()
    article.write(by=eli, now=published - timedelta(days=3), seen=0)
    article.questions.set(
        Question.objects.filter(title__in=[text for name, text in lines if name == "question"])
    )
    if "published" in fields:
        article.publish(by=mara, now=published, seen=1)
