"""The order of topics and questions: moved by buttons, and by two people at once."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from faq.models import Edition, Question, Topic, order
from faq.models.order import rearranged


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


@pytest.fixture
def three(question):
    return [question(title) for title in ("A", "B", "C")]


def standing() -> str:
    return "".join(Question.objects.by_topic().values_list("title", flat=True))


def place(question: Question) -> str:
    return f"/library/order/questions/{question.pk}/"


@pytest.mark.parametrize(
    ("moved", "to", "after"),
    [
        (0, "down", "BAC"),
        (2, "up", "ACB"),
        (2, "first", "CAB"),
        (0, "up", "ABC"),
        (2, "down", "ABC"),
        (0, "C", "BCA"),
        (2, "A", "ACB"),
        (0, "A", "ABC"),
        (1, "nonsense", "ABC"),
        (1, "", "ABC"),
        (1, "\0", "ABC"),
    ],
)
def test_a_question_is_moved(desk, client, three, moved, to, after):
    edition = Edition.objects.current()
    behind = {question.title: str(question.pk) for question in three}
    answer = desk.post(place(three[moved]), {"to": behind.get(to, to)})
    assert answer.status_code in (303, 400)
    assert standing() == after
    page = client.get("/questions/").text
    assert sorted("ABC", key=lambda title: page.index(f">{title}<")) == list(after)
    assert answer.status_code == 400 or edition != Edition.objects.current()


def test_a_topic_is_moved(desk, client, question, topic, eli):
    other = Topic(name="Groups", order=5)
    other.keep()
    question("A")
    desk.post(f"/library/order/topics/{other.pk}/", {"to": "up"})
    assert list(Topic.objects.in_order()) == [other, topic]


def test_what_is_kept_from_a_page_of_before_moves_nothing(desk, three, typed):
    page = desk.get(f"/library/questions/{three[0].pk}/").text
    assert 'name="initial-order"' in page
    desk.post(place(three[0]), {"to": "down"})
    assert standing() == "BAC"
    fields = typed(title="A", seen=1) | {"order": "0", "initial-order": "0"}
    desk.post(f"/library/questions/{three[0].pk}/", fields)
    assert standing() == "BAC"
    desk.post(f"/library/questions/{three[0].pk}/", fields | {"seen": 2, "initial-order": "7"})
    assert standing() == "ABC"


def test_a_text_that_is_kept_leaves_its_place_as_it_is(three, eli):
    mine = Question.objects.get(pk=three[0].pk)
    three[0].move("down")
    mine.write(by=eli, now=timezone.now(), seen=1)
    assert standing() == "BAC"


def test_a_new_question_comes_last_unless_told_otherwise(desk, three, typed):
    desk.post(place(three[0]), {"to": "down"})
    desk.post("/library/questions/new/", typed(title="0"))
    assert standing() == "BAC0"
    desk.post("/library/questions/new/", typed(title="1", order="0", token=uuid.uuid4()))
    assert standing() == "1BAC0"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_as_often_for_many_rows(desk, question, django_assert_num_queries, rows):
    for number in range(rows):
        question(f"Q {number}", draft=number % 2 == 0)
    with django_assert_num_queries(4):  # session, person, topics, questions
        page = desk.get("/library/order/").text
    assert page.count('value="up"') == rows - 1


def test_rearranging_loses_nothing():
    keys = [uuid.uuid4() for _ in range(5)]
    for key in keys:
        for to in ("up", "down", "first", "x", *map(str, keys)):
            assert sorted(rearranged(keys, key, to)) == sorted(keys)


@pytest.mark.django_db(transaction=True)
def test_moves_at_once_all_happen(question, monkeypatch):
    """Three neighbors change places, while each move takes its time between reading and writing."""
    rows = [question(f"{number}") for number in range(6)]

    def slowly(*args):
        time.sleep(0.05)
        return rearranged(*args)

    def down(number: int) -> None:
        try:
            rows[number].move("down")
        finally:
            connection.close()

    monkeypatch.setattr(order, "rearranged", slowly)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(down, (0, 2, 4)))
    assert standing() == "103254"
