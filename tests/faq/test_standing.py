"""What the desk tells about each text, and whom a text asks for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import Article
from faq.standing import lines, waiting
from tests.library import put_out, second_reader


@pytest.fixture
def now():
    return timezone.now()


def standing(piece, now):
    piece.refresh_from_db()
    [line] = lines([piece], now)
    return line


def test_f1_a_text_tells_what_of_it_the_public_reads(article, eli, now):
    piece = article(draft=True)
    line = standing(piece, now)
    assert (line.live, line.ahead, line.has_ended) == (None, None, False)
    put_out(piece, eli, now, at=now + timedelta(days=1), until=now + timedelta(days=3))
    assert standing(piece, now).ahead.public_from == now + timedelta(days=1)
    later = standing(piece, now + timedelta(days=1))
    assert (later.is_public_as_it_stands, later.ahead) == (True, None)
    piece.title = "Other"
    piece.write(by=eli, now=now, seen=1)
    changed = standing(piece, now + timedelta(days=1))
    assert (changed.live.title, changed.is_public_as_it_stands) == ("Being heard", False)
    assert standing(piece, now + timedelta(days=3)).has_ended


def test_f1_a_text_asks_a_second_reader_and_then_its_writer(article, eli, mara, now):
    piece = article(draft=True)
    today = now.date()
    assert waiting(mara, today) == waiting(eli, today) == []
    piece.send_to_review(by=eli, now=now, seen=1)
    assert [(one.piece, one.why) for one in waiting(mara, today)] == [(piece, "read")]
    assert waiting(eli, today) == []
    piece.give_back(by=mara, now=now, seen=1, text="The second part is not clear.")
    assert waiting(mara, today) == []
    assert [one.why for one in waiting(eli, today)] == ["back"]
    piece.write(by=eli, now=now, seen=1)
    assert waiting(eli, today) == []


def test_f1_a_public_text_asks_everybody_on_its_review_by_date(article, eli, mara, now):
    today = timezone.localdate(now)
    piece = article(review_by=today)
    article("A draft", draft=True, review_by=today)
    assert [(one.piece, one.why) for one in waiting(eli, today)] == [(piece, "check")]
    assert waiting(eli, today - timedelta(days=1)) == []
    piece.still_right(by=mara, now=now, again_by=today + timedelta(days=365))
    assert waiting(eli, today) == []


@pytest.mark.parametrize("number", [1, 30])
def test_where_texts_stand_is_asked_once(article, django_assert_num_queries, number, now):
    for index in range(number):
        article(f"Number {index}")
    pieces = list(Article.objects.all())
    with django_assert_num_queries(1):
        assert all(line.is_public_as_it_stands for line in lines(pieces, now))


def test_who_may_not_write_is_asked_for_nothing(article, eli, sam, ana, now):
    article(draft=True).send_to_review(by=eli, now=now, seen=1)
    assert waiting(sam, now.date()) == waiting(ana, now.date()) == []
    assert len(waiting(second_reader(), now.date())) == 1
