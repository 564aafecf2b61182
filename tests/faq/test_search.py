import pytest
from django.utils import timezone

from faq.distress import is_heard
from faq.folding import fold
from faq.models import Miss
from faq.search import find


def titles(text: str) -> list[str]:
    return [hit.release.title for hit in find(text, timezone.now()).hits]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café  CRÈME", " cafe creme"),
        ("Straße", " strasse"),
        ("don't don’t", " dont dont"),
        ("a/b_c-d", " a b_c d"),
        ("ﬁne Ⅳ", " fine iv"),
        ("🌱 \u202eabc\u202c", " abc"),
        ("", ""),
    ],
)
def test_folding_forgets_case_accents_and_signs(text, folded):
    assert fold(text) == folded


def test_every_word_must_occur_by_its_beginning(article):
    article("Listening", body="<p>Somebody <strong>listens</strong> at the <em>Café</em>.</p>")
    article("Speaking", body="<p>Somebody speaks.</p>")
    assert titles("somebody LISTEN") == ["Listening"]
    assert titles("cafe") == ["Listening"]
    assert titles("somebody") == ["Listening", "Speaking"]
    assert titles("body") == []
    assert titles("listen speak") == []


def test_a_word_of_the_title_comes_before_a_word_of_the_text(article, question):
    article("A: about the evening", body="<p>groups</p>")
    question("What is a group like?")
    article("Groups, and why")
    assert titles("group") == ["Groups, and why", "What is a group like?", "A: about the evening"]


def test_signs_of_the_pattern_language_are_only_signs(article):
    article("Hundred percent", body="<p>100% of a_b</p>")
    assert titles("%") == []
    assert titles("_") == []
    assert titles("a_b") == ["Hundred percent"]
    assert titles("h%t") == []


def test_markup_is_not_found(article):
    article("Plain", body='<p><a href="https://a.example/secret">word</a></p>')
    assert titles("strong") == titles("href") == titles("secret") == []
    assert titles("word") == ["Plain"]


def test_nothing_found_says_so_kindly_with_a_way_on(article, client):
    page = client.get("/search/?q=zebra").text
    assert "We have nothing with all of these words yet." in page
    assert 'href="/help/"' in page
    assert 'value="zebra"' in page


def test_the_search_as_one_types_gets_only_the_results(article, client):
    article("Being heard")
    part = client.get("/search/?q=heard", headers={"HX-Request": "true"})
    assert part.text.strip().startswith('<div id="results"')
    assert "Being <mark>heard</mark>" in part.text
    whole = client.get("/search/?q=heard")
    assert part.text.strip() in whole.text
    assert part.headers["Vary"] == whole.headers["Vary"] == "HX-Request"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["🌱", "\u202eabc", "' OR 1=1 --", "%", "\\", "ا ب", "\ud83d\ude00", "a" * 100, "x " * 50]
)
def test_odd_searches_are_answered(client, text):
    assert client.get("/search/", {"q": text.encode("utf-8", "replace")}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a" * 101, "word " * 200_000])
def test_a_search_that_is_too_long_is_told_so_and_kept(client, text):
    response = client.get("/search/", {"q": text})
    assert response.status_code == 422
    assert "at most 100 characters" in response.text
    assert text.strip() in response.text


@pytest.mark.django_db
def test_a_search_with_a_nul_is_refused(client):
    assert client.get("/search/?q=a%00b").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "suicide",
        "how to kill myself",
        "Overdose",
        "self-harm",
        "he beats me",
        "I can’t go on",
        "hang myself with a rope",
        "end it all",
    ],
)
def test_h1_who_searches_in_need_sees_first_where_somebody_answers(client, text):
    page = client.get("/search/", {"q": text}).text
    assert page.index("All help lines") > page.index('id="results"')
    assert "Did you mean" not in page
    assert not Miss.objects.exists()


def test_h1_the_help_lines_stand_before_what_was_found(article, client):
    article("After an overdose")
    page = client.get("/search/?q=overdose").text
    assert page.index("All help lines") < page.index("After an")


@pytest.mark.parametrize("text", ["group", "diet", "cutlery", "deadline", "trust"])
def test_other_words_are_no_alarm(text):
    assert not is_heard(text)
