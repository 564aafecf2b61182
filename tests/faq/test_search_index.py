"""What finds words follows the releases by itself, whatever writes them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from faq import search_index
from faq.folding import searchable
from faq.models import Edition, Release, Word
from faq.search import find
from tests.library import put_out

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [hit.release.title for hit in find(text, timezone.now()).hits]


def test_f1_a_changed_text_is_found_by_its_new_words_once_it_is_public(article, eli):
    piece = article("Being heard")
    piece.title, piece.body = "Being seen", "<p>A lantern.</p>"
    piece.write(by=eli, now=timezone.now(), seen=1)
    assert (found("lantern"), found("listens")) == ([], ["Being heard"])
    put_out(piece, eli, timezone.now())
    assert (found("lantern"), found("listens"), found("heard")) == (["Being seen"], [], ["Being seen"])


def test_f1_what_is_taken_back_ended_or_ahead_is_not_found(article, question, eli):
    taken = article("A lantern taken back")
    taken.take_back(by=eli, now=timezone.now())
    ended = question("Does a lantern end?")
    Release.objects.of(ended).update(public_until=timezone.now() - timedelta(minutes=1))
    article("A lantern ahead", public_from=timedelta(days=1))
    article("A lantern of a draft", draft=True)
    article("A lantern")
    assert found("lantern") == ["A lantern"]
    assert find("lantren", timezone.now()).instead == "lantern"


def test_f1_a_word_of_a_hidden_text_alone_is_never_suggested(article):
    article("A zeppelin", public_from=timedelta(days=1))
    assert Word.objects.filter(word="zeppelin").exists()
    findings = find("zepelin", timezone.now())
    assert (findings.hits, findings.instead, findings.missed) == ([], "", True)


def test_rows_written_and_deleted_in_bulk_are_followed(article):
    article("Being heard")
    release = Release.objects.get()
    Release.objects.update(search_title=searchable("Kite"), search_text=searchable("Kite"))
    assert (found("kite"), found("heard")) == (["Being heard"], [])
    release.refresh_from_db()
    Release.objects.all().delete()
    assert found("kite") == []
    Release.objects.bulk_create([release])
    assert found("kite") == ["Being heard"]


def test_what_finds_words_can_be_laid_out_again_over_what_is_there(article):
    article("Being heard")
    connection.check_constraints()  # what PostgreSQL keeps for the end of a transaction
    search_index.install()
    assert found("heard") == found("heerd") == ["Being heard"]


def test_no_later_migration_has_left_the_triggers_behind(db):
    """SQLite drops them with a table that is rebuilt: then `search_index.install` belongs at the end."""
    is_postgresql = connection.vendor == "postgresql"
    standing = "SELECT tgname FROM pg_trigger" if is_postgresql else "SELECT name FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(standing)
        names = {name for (name,) in cursor.fetchall()}
    wanted = {"faq_search_words"} if is_postgresql else set(search_index.LITE_TRIGGERS)
    assert wanted - names == set()


@pytest.mark.parametrize("rows", [1, 30])
def test_a_search_asks_twice_however_much_it_finds(article, django_assert_num_queries, rows):
    for number in range(rows):
        article(f"Being heard {number}", summary="")
    with django_assert_num_queries(2):
        assert len(found("heard")) == rows


def test_a_word_of_any_length_can_be_kept(article):
    article("Long", body=f"<p>{'ab' * 5_000} {'字' * 3_000} end</p>")
    assert found("a" * 100) == []
    assert found("ab" * 50) == ["Long"]
    assert found("end") == ["Long"]


def test_the_library_may_be_without_words(db):
    Edition.objects.renew()
    assert find("anything at all", timezone.now()).missed
