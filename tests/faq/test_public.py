"""The open pages: what is public (F1), and that they are the same for everybody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.models import Article
from tests.library import put_out

DOORS = ["/articles/", "/questions/", "/search/?q=canary", "/articles/feed/", "/sitemap.xml"]


@pytest.fixture
def everyday(article, question):
    asked = question("Must I speak?")
    article("Being heard", sources="A book, 1992. https://a.example/book", asked=[asked])
    return ["/articles/being-heard/", "/questions/must-i-speak/", *DOORS, "/search/?q=speak", "/search/"]


@pytest.mark.parametrize(
    "hidden", [{"draft": True}, {"public_from": timedelta(hours=1)}], ids=["draft", "before its time"]
)
def test_f1_what_is_not_public_is_behind_no_public_door(
    article, question, client, client_of, eli, sam, hidden
):
    article("Canary article", **hidden)
    secret = question("Canary question", **hidden)
    article("Open one", asked=[secret])
    for reader in (client, client_of(sam), client_of(eli)):
        assert reader.get("/articles/canary-article/").status_code == 404
        assert reader.get("/questions/canary-question/").status_code == 404
        for door in [*DOORS, "/articles/open-one/"]:
            response = reader.get(door)
            assert response.status_code == 200
            assert b"canary-" not in response.content
            assert b"Canary" not in response.content


def test_f1_what_is_public_is_behind_every_public_door(article, question, client):
    article("Canary article")
    question("Canary question")
    for door, slug in zip(DOORS, ["article", "question", "question", "article", "question"], strict=True):
        assert f"canary-{slug}" in client.get(door).text
    assert "Canary article" in client.get("/articles/canary-article/").text
    assert "Canary question" in client.get("/questions/canary-question/").text


def test_f1_taking_back_works_on_the_next_request(article, client, eli):
    piece = article("Gone soon")
    tag = client.get("/articles/gone-soon/").headers["ETag"]
    piece.take_back(by=eli, now=timezone.now())
    assert client.get("/articles/gone-soon/", headers={"If-None-Match": tag}).status_code == 404
    assert "gone-soon" not in client.get("/articles/").text


def test_open_pages_are_the_same_bytes_for_everybody_without_session_or_cookie(
    everyday, client_of, sam, eli, time_machine
):
    time_machine.move_to(timezone.now().replace(second=40, microsecond=0), tick=False)
    for path in everyday:
        answers = [browser.get(path) for browser in (Client(), Client(), client_of(sam), client_of(eli))]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1, path
        assert len({answer.headers["ETag"] for answer in answers}) == 1
        for answer in answers:
            assert not answer.cookies
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=20"


def test_an_unchanged_page_is_answered_304_and_a_changed_one_in_full(everyday, client, eli):
    for path in everyday:
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    piece = Article.objects.get()
    piece.body = "<p>Changed words.</p>"
    tag = client.get("/articles/being-heard/").headers["ETag"]
    piece.write(by=eli, now=piece.updated_at, seen=1)
    assert client.get("/articles/being-heard/", headers={"If-None-Match": tag}).status_code == 304
    put_out(piece, eli, timezone.now())
    changed = client.get("/articles/being-heard/", headers={"If-None-Match": tag})
    assert "Changed words." in changed.text


@pytest.mark.parametrize("rows", [1, 30])
def test_open_pages_ask_the_database_once_and_thrice_when_something_has_changed(
    article, question, client, client_of, sam, django_assert_max_num_queries, rows
):
    asked = [question(f"Must I speak {number}?") for number in range(rows)]
    article("Being heard", asked=asked)
    for number in range(rows - 1):
        article(f"Being heard {number}", asked=asked[:1])
    signed_in = client_of(sam)
    for path in (
        "/articles/",
        "/articles/being-heard/",
        "/questions/",
        f"/questions/{asked[0].slug}/",
        "/search/?q=b",
    ):
        with django_assert_max_num_queries(3):
            assert client.get(path).status_code == 200
        for browser in (client, signed_in):
            with django_assert_max_num_queries(2 if "?" in path else 1):
                assert browser.get(path).status_code == 200
    with django_assert_max_num_queries(1):
        client.get("/articles/feed/")
    with django_assert_max_num_queries(4):
        client.get("/sitemap.xml")


def test_an_article_shows_what_a_reader_needs_to_judge_it(article, client, topic):
    article(
        "Being heard",
        byline="By the clinical team",
        reviewed_on="2026-11-12",
        body=f"<p>{'word ' * 1200}</p>",
        sources="Herman, J. L. (1992). Trauma and recovery.\nA page <b>x</b>. https://www.a.example/b?c=1&d=2",
    )
    page = " ".join(client.get("/articles/being-heard/").text.split())
    for part in (
        "Connection</span> · 6 minute read",
        "By the clinical team</span>.",
        ">12 November 2026</time>.",
        "Herman, J. L. (1992). Trauma and recovery.",
        "A page &lt;b&gt;x&lt;/b&gt;.",
        '<a href="https://www.a.example/b?c=1&amp;d=2" rel="noopener noreferrer nofollow">a.example</a>',
    ):
        assert part in page


def test_questions_open_in_place_under_their_topic(question, client):
    question("Later?", order=2)
    question("Sooner?", order=1)
    page = client.get("/questions/").text
    assert page.index("topic-connection") < page.index("Sooner?") < page.index("Later?")
    assert page.count('class="faq"') == 2


def test_the_list_of_articles_goes_on_by_key(article, client, monkeypatch):
    monkeypatch.setattr("faq.views.public.ARTICLES_SHOWN", 2)
    for days in range(5):
        article(f"Number {days}", public_from=timedelta(days=-days - 1))
    seen, path = [], "/articles/"
    while path:
        response = client.get(path)
        seen += [piece.title for piece in response.context["articles"]]
        path = response.context["more"] and f"/articles/?after={response.context['more']}"
    assert seen == [f"Number {days}" for days in range(5)]
    assert client.get("/articles/?after=nothing").status_code == 404


def test_titles_are_text_and_never_markup(article, question, client):
    hostile = "<script>alert(1)</script>"
    piece = article(hostile, summary=hostile, byline=hostile, sources=hostile, asked=[question(hostile)])
    for path in (
        piece.get_absolute_url(),
        "/articles/",
        "/questions/",
        "/search/?q=alert",
        "/articles/feed/",
    ):
        page = client.get(path).text.replace("<mark>", "").replace("</mark>", "")  # around what was searched
        assert "alert(1)" in page
        assert "<script>alert" not in page


def test_only_reading_is_possible_at_the_open_pages(everyday, client):
    for path in everyday:
        assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["article_list", "question_list", "search", "article_feed", "sitemap"])
def test_an_empty_library_is_no_broken_page(client, name):
    assert client.get(reverse(f"faq:{name}")).status_code == 200


def test_the_feed_and_the_list_of_addresses_name_whole_addresses(article, client):
    article("Being heard")
    assert "http://testserver/articles/being-heard/" in client.get("/articles/feed/").text
    assert "<loc>http://testserver/articles/being-heard/</loc>" in client.get("/sitemap.xml").text
