"""What nobody works on any more is put away, and can be taken up again."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from faq.models import Article, Remark, StillOut, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def at(piece, rest: str) -> str:
    return f"/library/{piece.shelf}/{piece.pk}/{rest}"


def put_away(desk, piece, **more):
    return desk.post(at(piece, "away/"), {"seen": piece.revision, "heard": 0, "text": ""} | more)


def test_a_draft_is_put_away_and_taken_up_again(desk, article):
    piece = article("A plan for spring", draft=True)
    assert put_away(desk, piece, text="We will not do this.").status_code == 303
    assert "A plan for spring" not in desk.get("/library/").text
    assert "A plan for spring" not in desk.get("/today/").text
    assert "A plan for spring" in desk.get("/library/away/").text
    assert "A plan for spring" in desk.get("/library/", {"q": "spring"}).text
    assert Remark.objects.get().text == "We will not do this."
    assert "Put it away" not in desk.get(at(piece, "preview/")).text
    assert desk.post(at(piece, "away/return/"), {"seen": 1, "heard": 0}).status_code == 303
    assert "A plan for spring" in desk.get("/library/").text
    assert "Nothing is put away." in desk.get("/library/away/").text


def test_whoever_writes_on_takes_it_up(desk, article, eli):
    piece = article(draft=True)
    put_away(desk, piece)
    stored = Article.objects.get()
    stored.write(by=eli, now=timezone.now(), seen=1)
    assert Article.objects.get().state == "draft"


def test_f1_what_readers_have_is_not_put_away(desk, article, eli):
    piece = article()
    with pytest.raises(StillOut):
        piece.put_away(by=eli, now=timezone.now(), seen=piece.revision)
    page = put_away(desk, piece)
    assert page.status_code == 303
    assert "Take it back first" in desk.get(at(piece, "preview/")).text
    assert Article.objects.get().state == "published"
    assert "Put it away" not in desk.get(at(piece, "preview/")).text


def test_a_text_that_changed_meanwhile_is_not_put_away(desk, article, eli):
    piece = article(draft=True)
    piece.write(by=eli, now=timezone.now(), seen=1)
    desk.post(at(piece, "away/"), {"seen": 1, "heard": 0})
    assert Article.objects.get().state == "draft"


def test_sent_twice_it_is_put_away_once(desk, article):
    piece = article(draft=True)
    for _twice in range(2):
        assert put_away(desk, piece, text="Not now.").status_code == 303
    assert Remark.objects.count() == 1


def test_f1_a_text_that_was_put_away_cannot_be_published(desk, article, eli):
    piece = article(draft=True)
    put_away(desk, piece)
    desk.post(at(piece, "publication/"), {"seen": 1, "when": "now"})
    assert Article.objects.get().state == "away"


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_as_often_with_many(desk, article, eli, number, django_assert_num_queries):
    for place in range(number):
        article(f"Text {place}", draft=True).put_away(by=eli, now=timezone.now(), seen=1)
    with django_assert_num_queries(5):
        assert desk.get("/library/away/").text.count('class="tag wait"') == number


def test_an_empty_topic_goes_and_one_with_texts_stays(desk, article, topic):
    empty = Topic(name="Nothing yet")
    empty.keep()
    piece = article(draft=True)
    put_away(desk, piece)
    assert desk.post(f"/library/topics/{empty.pk}/removal/").status_code == 303
    assert desk.post(f"/library/topics/{topic.pk}/removal/").url == f"/library/topics/{topic.pk}/"
    assert "This topic has texts." in desk.get("/library/topics/").text
    assert list(Topic.objects.all()) == [topic]


def test_topics_differ_by_more_than_their_capitals(desk, topic):
    page = desk.post("/library/topics/", {"name": "CONNECTION", "order": 1})
    assert page.status_code == 422
    assert "There is a topic of this name already." in page.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(name="connection", slug="another")
