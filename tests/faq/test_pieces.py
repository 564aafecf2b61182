"""Rows: addresses, revisions, publishing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from faq.models import Article, Question, Release, Source, Stale, Topic
from faq.models.text import SLUG_LENGTH
from tests.library import put_out


def test_an_address_is_made_from_the_title(article):
    assert article("Ça va: what now?").slug == "ca-va-what-now"


def test_a_second_text_of_the_same_title_gets_a_number(article):
    assert [article("Being heard").slug for _ in range(3)] == [
        "being-heard",
        "being-heard-2",
        "being-heard-3",
    ]


@pytest.mark.parametrize("title", ["🌱", "مرحبا", "!!!"])
def test_a_title_without_latin_letters_gets_an_address_too(article, title):
    piece = article(title)
    assert piece.slug == piece.pk.hex[:8]


def test_a_title_never_takes_the_address_of_the_feed(article):
    assert article("Feed").slug == "feed-2"


def test_a_very_long_title_gets_an_address_that_fits(article):
    slugs = {article("long " * 30).slug for _ in range(2)}
    assert len(slugs) == 2
    assert max(map(len, slugs)) <= SLUG_LENGTH


def test_an_address_follows_the_title_until_the_first_publication_only(article, eli):
    piece = article("First", draft=True)
    piece.title = "Second"
    piece.write(by=eli, now=timezone.now(), seen=1)
    assert piece.slug == "second"
    put_out(piece, eli, timezone.now())
    piece.take_back(by=eli, now=timezone.now())
    piece.title = "Third"
    piece.write(by=eli, now=timezone.now(), seen=2)
    assert (piece.title, piece.slug) == ("Third", "second")


def test_two_rows_cannot_have_one_address(article):
    article("One")
    other = article("Two")
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=other.pk).update(slug="one")


def test_f1_published_without_a_second_reader_is_refused_by_the_database(article, eli):
    piece = article(draft=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=piece.pk).update(state="published", approved_by=eli)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=piece.pk).update(state="published")
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=piece.pk).update(state="lost")


def test_who_saves_over_a_newer_text_is_told(article, eli, mara):
    piece = article(draft=True)
    hers, his = Article.objects.get(), Article.objects.get()
    hers.title = "Hers"
    hers.write(by=mara, now=timezone.now(), seen=1)
    his.title = "His"
    with pytest.raises(Stale) as caught:
        his.write(by=eli, now=timezone.now(), seen=1)
    assert caught.value.stored.title == "Hers"
    piece.refresh_from_db()
    assert (piece.title, piece.revision, piece.updated_by) == ("Hers", 2, mara)


def test_publishing_twice_changes_nothing(article, eli, mara):
    piece = article(draft=True)
    now = timezone.now()
    put_out(piece, eli, now)
    piece.publish(by=mara, now=now + timedelta(hours=1), seen=1)
    release = Release.objects.get()
    assert (piece.published_at, release.public_from, release.published_by) == (now, now, eli)


def test_publishing_what_was_changed_since_is_refused(article, eli):
    piece = article(draft=True)
    piece.write(by=eli, now=timezone.now(), seen=1)
    with pytest.raises(Stale):
        piece.publish(by=eli, now=timezone.now(), seen=1)
    piece.refresh_from_db()
    assert piece.is_draft


def test_writing_does_not_undo_what_another_person_did_meanwhile(article, eli):
    piece = article(draft=True)
    opened = Article.objects.get()
    put_out(piece, eli, timezone.now())
    opened.title = "Other"
    opened.write(by=eli, now=timezone.now(), seen=1)
    piece.refresh_from_db()
    assert (piece.title, piece.is_draft, piece.published_at is None) == ("Other", True, False)
    assert piece.live(timezone.now()).title == "Being heard"


def test_the_date_of_the_first_publication_stays(article, eli):
    piece = article(public_from=timedelta(days=-9))
    first = piece.published_at
    piece.take_back(by=eli, now=timezone.now())
    piece.take_back(by=eli, now=timezone.now())
    assert piece.is_draft
    piece.publish(by=eli, now=timezone.now(), seen=1)
    assert piece.published_at == first


def test_the_same_form_sent_twice_makes_one_row(topic, eli):
    first = Question(title="Once", topic=topic, body="<p>x</p>")
    first.write(by=eli, now=timezone.now(), seen=0)
    again = Question(title="Once", topic=topic, body="<p>x</p>", client_token=first.client_token)
    again.write(by=eli, now=timezone.now(), seen=0)
    assert again.pk == first.pk
    assert Question.objects.count() == 1


def test_reading_time_counts_two_hundred_words_a_minute(article):
    assert article(body="<p>one</p>").minutes == 1
    assert article(body=f"<p>{'word ' * 1200}</p>").minutes == 6


def test_a_source_shows_the_name_of_its_site():
    assert Source.from_line("A book. https://www.a.example/b") == (
        "A book.",
        "https://www.a.example/b",
        "a.example",
    )
    assert Source.from_line("Herman (1992)") == ("Herman (1992)", "", "")
    for odd in ("x https://[", "x https://@", "x javascript:alert(1)", "x http://a.example", ""):
        assert Source.from_line(odd) == (odd, "", "")


def test_a_topic_keeps_its_address_when_it_is_renamed(topic):
    topic.name = "Together"
    topic.keep()
    assert (topic.name, topic.slug) == ("Together", "connection")


@pytest.mark.django_db
@pytest.mark.parametrize("names", [["Café", "Cafe"], ["群", "组"]])
def test_topics_of_like_names_get_addresses_of_their_own(names):
    for name in names:
        Topic(name=name).keep()
    assert len(set(Topic.objects.values_list("slug", flat=True)) - {""}) == 2
