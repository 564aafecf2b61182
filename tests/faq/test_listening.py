"""What readers tell us, and what is read (F3)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq import reads
from faq.forgetting import forget
from faq.models import Feedback, Miss, Reading

HERE = {"Sec-Fetch-Site": "same-origin"}


def address(piece) -> str:
    return reverse("faq:feedback", args=[piece.shelf, piece.slug])


def tell(client, piece, helpful="no") -> str:
    answer = client.post(address(piece), {"helpful": helpful}, headers=HERE)
    assert answer.status_code == 303
    return str(answer["Location"])


def test_f3_what_a_reader_says_is_kept_without_who_said_it(article, client_of, sam):
    piece = article()
    for client in (Client(enforce_csrf_checks=True), client_of(sam)):
        why = tell(client, piece)
        given = {"reason": "hard", "words": "Where do I <b>park</b>?"}
        answer = client.post(why, given, headers=HERE)
        assert (answer.status_code, answer["Location"]) == (303, reverse("faq:feedback_thanks"))
        client.post(why, {"words": "Something else"}, headers=HERE)
    names = {field.name for field in Feedback._meta.get_fields()}
    assert names == {"id", "article", "question", "helpful", "reason", "words", "day", "read_at"}
    assert [said.words for said in Feedback.objects.all()] == ["Where do I <b>park</b>?"] * 2


def test_f3_neither_the_form_nor_the_thanks_has_a_cookie(article, client):
    piece = article()
    assert address(piece) in client.get(piece.get_absolute_url()).content.decode()
    assert client.get(tell(client, piece)).status_code == 200
    assert client.get(reverse("faq:feedback_thanks")).status_code == 200
    assert not client.cookies


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.test"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_is_refused(article, client, headers):
    assert client.post(address(article()), {"helpful": "yes"}, headers=headers).status_code == 403
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"reason": "x"}, {"words": "é" * 501}])
def test_what_cannot_be_kept_comes_back_with_what_was_typed(article, client, wrong):
    given = {"reason": "hard", "words": "Where is it"} | wrong
    answer = client.post(tell(client, article()), given, headers=HERE)
    assert answer.status_code == 422
    assert given["words"] in answer.content.decode()
    assert Feedback.objects.get().words == ""


def test_machines_and_floods_leave_nothing(article, client, monkeypatch):
    piece = article()
    monkeypatch.setattr("faq.models.listening.MOST_A_DAY", 2)
    client.post(tell(client, piece), {"words": "Buy", "website": "x"}, headers=HERE)
    assert Feedback.objects.get().words == ""
    for _ in range(3):
        assert client.get(tell(client, piece)).status_code == 200
    assert Feedback.objects.count() == 2


def test_f1_nobody_answers_a_text_that_is_not_public(article, client):
    answer = client.post(address(article(draft=True)), {"helpful": "yes"}, headers=HERE)
    assert answer.status_code == 404


def test_f3_readings_are_counted_in_memory_and_kept_together(article, question, client):
    piece, asked = article(), question()
    reads.openings.clear()
    for _ in range(3):
        tag = client.get(piece.get_absolute_url())["ETag"]
    assert client.get(piece.get_absolute_url(), headers={"If-None-Match": tag}).status_code == 304
    client.get(asked.get_absolute_url())
    client.head(piece.get_absolute_url())
    client.get(piece.get_absolute_url(), headers={"Sec-Purpose": "prefetch"})
    client.get("/articles/none/")
    assert Reading.objects.count() == 0
    reads.write()
    client.get(piece.get_absolute_url())
    reads.write()
    assert Reading.objects.get(article=piece).count == 5
    assert Reading.objects.get(question=asked).count == 1


def test_f3_editors_read_it_all_on_one_page(
    article, question, client_of, eli, sam, django_assert_max_num_queries
):
    today = timezone.localdate()
    for n in range(30):
        piece = (article, question)[n % 2](f"Text {n}")
        said = Feedback(**{piece.kind: piece}, day=today, helpful=True, words="<script>x</script>")
        said.save()
        Reading.objects.add(piece, n + 1, today)
    Miss.objects.create(words="parking", count=3, last_on=today)
    Miss.objects.create(words="secret", count=2, last_on=today)
    client = client_of(eli)
    client.get(reverse("faq:listening"))
    with django_assert_max_num_queries(20):
        page = client.get(reverse("faq:listening")).content.decode()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert "parking" in page
    assert "secret" not in page
    assert client.post(reverse("faq:feedback_seen", args=[said.pk])).status_code == 303
    said.refresh_from_db()
    assert said.read_at
    assert client_of(sam).get(reverse("faq:listening")).status_code == 404


def test_f3_words_are_forgotten_after_a_year_and_the_answer_stays(article):
    piece, now = article(), timezone.now()
    today = timezone.localdate(now)
    for days in (365, 366):
        Feedback(article=piece, day=today - timedelta(days=days), helpful=True, words=str(days)).save()
    for days in (730, 731):
        Reading.objects.add(piece, 1, today - timedelta(days=days))
    forget(now)
    assert sorted(said.words for said in Feedback.objects.all()) == ["", "365"]
    assert Reading.objects.get().day == today - timedelta(days=730)


def test_h1_who_answers_is_shown_where_somebody_answers_first(article, client):
    why = tell(client, article())
    for path in (why, "/feedback/thanks/"):
        assert "All help lines" in client.get(path).text


def test_words_that_tell_who_somebody_is_can_be_deleted_at_once(article, client_of, eli, sam):
    said = Feedback.objects.create(
        article=article(), helpful=False, reason="hard", words="x", day="2026-11-23"
    )
    assert client_of(sam).post(f"/library/listening/{said.pk}/erasure/").status_code == 404
    client_of(eli).post(f"/library/listening/{said.pk}/erasure/")
    said.refresh_from_db()
    assert (said.words, said.reason) == ("", "hard")
