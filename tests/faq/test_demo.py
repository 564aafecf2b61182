"""The texts of the demo program."""

import re
from datetime import UTC, datetime

import pytest

from faq.claims import Written, claims
from faq.models import Article, Question, Release, Topic
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
    assert [model.objects.count() for model in (Topic, Question, Article)] == counts == [6, 23, 12]


def test_every_article_says_where_it_comes_from(read):
    for article in Release.objects.public(NOW).articles():
        assert article.source_list or "our view" in plain_text(article.body).lower()
        assert article.reviewed_on
        assert article.reviewer
        for source in article.source_list:
            assert re.split(",| \\(", source.text)[0] in article.body.replace("SAMHSA", AGENCY)


def test_every_common_question_of_a_file_exists(read):
    named = sum(path.read_text().count("\nquestion: ") for path in demo.READING.glob("*.html"))
    assert sum(article.questions.count() for article in Article.objects.all()) == named > 20


def test_links_between_texts_lead_somewhere(read, client):
    for piece in [*Release.objects.public(NOW).articles(), *Release.objects.public(NOW).questions()]:
        for path in re.findall(r'href="(/(?:articles|questions)/[^"]+)"', piece.body):
            assert client.get(path).status_code == 200, (piece, path)


def test_each_step_on_the_way_to_the_public_has_a_text(read):
    texts = {state: set(Article.objects.filter(state=state)) for state in ("draft", "review")}
    assert {state: [text.title for text in found] for state, found in texts.items()} == {
        "draft": ["The first weekend at home"],
        "review": ["When the nights are long"],
    }
    assert [text.title for text in Release.objects.scheduled(NOW)] == ["Holidays in the house"]
    gone = Release.objects.filter(public_until__lte=NOW)
    assert [text.title for text in gone] == ["Open afternoon for families"]


def test_the_sentences_are_not_those_of_the_advertisements(read):
    texts = " ".join(piece.body for model in (Article, Question) for piece in model.objects.all())
    assert not re.search(r"Tranquil|Malibu|Seasons|lorem|!</", texts)


def test_f4_no_public_text_claims_anything_without_a_source(read):
    """As the desk would list it: see faq.claims."""
    assert [
        text.title
        for text in Release.objects.public(NOW)
        if claims(Written(text.body, text.sources, text.summary))
    ] == []
