"""Which text comes first, for whom who types in a hurry (F1), and what the search keeps of it (F3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from faq.models import Miss
from faq.models.miss import FORGOTTEN_AFTER_DAYS, MOST_KEPT
from faq.search import find
from faq.search.spelling import distance
from faq.stemming import stem
from faq.tasks import forget
from recovery_site.demo import faq as demo
from tests.search_cases import CASES

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def top(text: str) -> str:
    hits = find(text, NOW).hits
    return hits[0].release.title if hits else ""


def test_each_written_case_finds_its_text_first(cast):
    demo.seed(cast, NOW)
    assert {typed: top(typed) for typed in CASES} == CASES
    assert find("feeling unsafe near others", NOW).instead == ""


@pytest.mark.parametrize(
    ("word", "root"),
    [
        *(("families", "famili"), ("family", "famili"), ("loneliness", "lone"), ("lonely", "lone")),
        *(("visiting", "visit"), ("visited", "visit"), ("hopping", "hop"), ("hoping", "hope")),
        *(("relational", "relat"), ("agreed", "agre"), ("caresses", "caress"), ("cats", "cat")),
        *(("conditional", "condit"), ("electrical", "electr"), ("adjustment", "adjust"), ("sky", "sky")),
        *(("filing", "file"), ("controlling", "control"), ("rate", "rate"), ("probate", "probat")),
        *(("café", "café"), ("a1s", "a1s"), ("is", "is"), ("adoption", "adopt"), ("feed", "feed")),
    ],
)
def test_words_lose_their_endings(word, root):
    assert stem(word) == root


@pytest.mark.parametrize(
    ("typed", "meant", "far"),
    [("agian", "again", 1), ("fone", "phone", 0.4), ("lonelyness", "loneliness", 0.4), ("a", "abc", 2)],
)
def test_slips_are_near(typed, meant, far):
    assert distance(typed, meant) == far
    assert distance(meant, meant) == 0


def test_words_are_marked_and_everything_else_is_text(article, client):
    article("Listening <b>", summary="", body="<p>He &lt;i&gt; listened at the Café.</p>")
    page = client.get("/search/", {"q": "cafe listen"}).text
    assert "<mark>Listening</mark> &lt;b&gt;" in page
    assert "He &lt;i&gt; <mark>listened</mark> at the <mark>Café</mark>." in page


def test_what_was_meant_is_said_with_a_way_to_it(article, client):
    article("Being heard")
    page = client.get("/search/", {"q": "<heerd>"}).text
    assert 'Did you mean <a href="?q=heard">heard</a>?' in " ".join(page.split())
    assert "We do not have “&lt;heerd&gt;”." in page


def test_some_of_three_words_are_better_than_nothing(article, client):
    article("Being heard", body="<p>A lantern.</p>")
    assert "These have some of them" in client.get("/search/?q=heard+lantern+qqqq").text
    assert "We have nothing" in client.get("/search/?q=heard+qqqq").text


@pytest.mark.parametrize(
    "text", ['"', "AND", "NOT OR", "title:", "a*", "(", "^a", "a:b", "'", "{x}", "=", "the of"]
)
def test_signs_of_a_query_language_are_only_signs(article, text):
    article("Being heard")
    find(text, timezone.now())


def misses() -> dict[str, int]:
    return dict(Miss.objects.values_list("words", "count"))


@pytest.mark.django_db
def test_f3_a_search_that_found_nothing_is_counted_when_it_was_sent(client):
    for headers in ({"HX-Request": "true"}, {"Sec-Purpose": "prefetch"}):
        client.get("/search/?q=zebra", headers=headers)
    client.head("/search/?q=zebra")
    client.get("/search/?q=")
    assert misses() == {}
    client.get("/search/?q=Zebra")
    client.get("/search/?q=zébra%21")
    assert misses() == {"zebra": 2}


def test_f3_a_search_that_found_something_is_not_kept(article, client, django_assert_num_queries):
    article("Being heard")
    client.get("/search/?q=heard")
    client.get("/search/?q=heerd")
    assert misses() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["call 555 123 4567", "04/05/1990 born", "sam@example.org", "1990-04-05", "\ufdfa" * 90, "…"]
)
def test_f3_words_that_may_tell_who_somebody_is_are_never_kept(client, text):
    client.get("/search/", {"q": text})
    assert misses() == {}


@pytest.mark.django_db
def test_f3_editors_are_told_what_was_missed_three_times():
    for words, count in (("zebra", 3), ("yak", 2), ("xerus", 5)):
        Miss.objects.create(words=words, count=count, last_on=TODAY)
    assert [miss.words for miss in Miss.objects.told()] == ["xerus", "zebra"]


@pytest.mark.django_db
def test_f3_what_few_have_missed_is_forgotten_after_a_month(frozen):
    at_the_edge = timezone.localdate() - timedelta(days=FORGOTTEN_AFTER_DAYS)
    for words, count, day in (
        ("zebra", 2, at_the_edge),
        ("yak", 2, at_the_edge - timedelta(days=1)),
        ("xerus", 3, at_the_edge - timedelta(days=1)),
    ):
        Miss.objects.create(words=words, count=count, last_on=day)
    forget()
    assert set(misses()) == {"zebra", "xerus"}


@pytest.mark.django_db
def test_f3_nobody_fills_the_list():
    rows = [Miss(words=f"word {number:x}", count=1, last_on=TODAY) for number in range(MOST_KEPT)]
    Miss.objects.bulk_create(rows)
    Miss.objects.count_one("zebra", TODAY)
    Miss.objects.count_one("word f", TODAY)
    assert Miss.objects.count() == MOST_KEPT
    assert Miss.objects.get(words="word f").count == 2
