"""What the form of a text asks beside its words."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import Article, Question
from tests.library import put_out


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def test_f2_an_address_is_chosen_and_another_one_is_asked_for_where_it_is_taken(desk, article, typed, eli):
    old = article("Being heard", slug="once")
    old.slug = "now"
    old.write(by=eli, now=timezone.now(), seen=1)
    put_out(old, eli, timezone.now())
    for taken in ("now", "once", "feed", "ONCE"):
        page = desk.post("/library/articles/new/", typed(slug=taken))
        assert page.status_code == 422
        assert page.context["form"].errors == {
            "slug": ["This address leads to another text. Choose another one."]
        }
        assert "Somebody shows you your room." in page.text
    kept = desk.post("/library/articles/new/", typed(slug="First-Evening"))
    again = desk.post("/library/articles/new/", typed(slug="First-Evening"))
    assert kept.headers["Location"] == again.headers["Location"]
    assert Article.objects.get(title="A first evening").slug == "first-evening"


def test_f2_left_as_it_is_the_address_follows_the_title_until_it_is_public(desk, typed, eli):
    desk.post("/library/articles/new/", typed(title="One"))
    piece = Article.objects.get()
    path = f"/library/articles/{piece.pk}/"
    shown = desk.get(path).context["form"]["slug"].value()
    assert shown == "one"
    desk.post(path, typed(title="Two", slug=shown, seen=1))
    piece.refresh_from_db()
    assert piece.slug == "two"
    put_out(piece, eli, timezone.now())
    desk.post(path, typed(title="Three", slug="", seen=2))
    piece.refresh_from_db()
    assert (piece.title, piece.slug) == ("Three", "two")


@pytest.mark.parametrize("slug", ["two words", "é", "a/b", "x" * 81, "a\0b", "javascript:x"])
def test_what_is_no_address_is_told_beside_the_field(desk, typed, slug):
    page = desk.post("/library/articles/new/", typed(slug=slug))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["slug"]
    assert "<details" in page.text
    assert "open" in page.text.split("Where readers find it")[0].rsplit("<details", 1)[1]


def test_a_day_to_look_again_is_still_to_come_or_was_there(desk, typed, article):
    today = timezone.localdate()
    for wrong in (today, today - timedelta(days=1), "2100-01-01", "nonsense", "99999-01-01"):
        page = desk.post("/library/articles/new/", typed(review_by=wrong))
        assert list(page.context["form"].errors) == ["review_by"]
    assert not Article.objects.exists()
    due = article("Due", draft=True, review_by=today - timedelta(days=3))
    fields = typed(seen=1, review_by=today - timedelta(days=3))
    assert desk.post(f"/library/articles/{due.pk}/", fields).status_code == 303


def test_questions_have_sources_and_a_reviewer_too(desk, typed, eli):
    fields = typed(sources="A book.", reviewer="Dr. Lee", reviewed_on="2026-01-02", for_families="on")
    assert desk.post("/library/questions/new/", fields).status_code == 303
    asked = Question.objects.get()
    kept = (asked.sources, asked.reviewer, asked.reviewed_on.isoformat(), asked.for_families)
    assert kept == ("A book.", "Dr. Lee", "2026-01-02", True)


def test_articles_to_read_next_are_chosen_by_hand_and_never_the_same_one(desk, typed, article):
    other = article("Other")
    desk.post("/library/articles/new/", typed(related=[other.pk]))
    piece = Article.objects.exclude(pk=other.pk).get()
    assert list(piece.related.all()) == [other]
    again = desk.post(f"/library/articles/{piece.pk}/", typed(related=[piece.pk], seen=1))
    assert list(again.context["form"].errors) == ["related"]
    forged = desk.post(f"/library/articles/{piece.pk}/", typed(related=[uuid.uuid4()], seen=1))
    assert list(forged.context["form"].errors) == ["related"]
