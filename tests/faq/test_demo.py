"""The texts of the demo program."""

import re
from datetime import UTC, datetime

import pytest

from faq.models import Article, Question, Topic
from faq.sanitiser import plain_text
from recovery_site.demo import faq as demo

AGENCY = "Substance Abuse and Mental Health Services Administration"
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def read(cast):
    demo.seed(cast, NOW)


def test_seeding_twice_adds_nothing(read, cast):
    counts = [model.objects.count() for model in (Topic, Question, Article)]
    demo.seed(cast, NOW)
    assert [model.objects.count() for model in (Topic, Question, Article)] == counts == [6, 23, 9]


def test_every_article_says_where_it_comes_from(read):
    for article in Article.objects.public(NOW):
        assert article.source_list or "our view" in plain_text(article.body).lower()
        assert article.reviewed_on
        for source in article.source_list:
            assert re.split(",| \\(", source.text)[0] in article.body.replace("SAMHSA", AGENCY)


def test_every_common_question_of_a_file_exists(read):
    named = sum(path.read_text().count("\nquestion: ") for path in demo.READING.glob("*.html"))
    assert sum(article.questions.count() for article in Article.objects.all()) == named > 20


def test_links_between_texts_lead_somewhere(read, client):
    for piece in [*Article.objects.public(NOW), *Question.objects.public(NOW)]:
        for path in re.findall(r'href="(/(?:articles|questions)/[^"]+)"', piece.body):
            assert client.get(path).status_code == 200, (piece, path)


def test_one_text_is_a_draft(read):
    assert [article.title for article in Article.objects.filter(state="draft")] == [
        "The first weekend at home"
    ]


def test_the_sentences_are_not_those_of_the_advertisements(read):
    texts = " ".join(piece.body for model in (Article, Question) for piece in model.objects.all())
    assert not re.search(r"Tranquil|Malibu|Seasons|lorem|!</", texts)
