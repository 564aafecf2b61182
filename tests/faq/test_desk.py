"""The editors' desk."""

import uuid

import pytest
from django.utils import timezone

from faq.models import Article, Question, Topic
from tests.library import put_out, second_reader


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


@pytest.mark.parametrize("name", ["sam", "ana", "dev"])
def test_the_desk_does_not_exist_for_who_may_not_write(cast, client_of, article, name):
    piece = article("Canary", draft=True)
    browser = client_of(cast[name])
    base = f"/library/articles/{piece.pk}"
    for path in ("/library/", "/library/topics/", "/library/articles/new/", f"{base}/", f"{base}/preview/"):
        response = browser.get(path)
        assert response.status_code == 404
        assert "Canary" not in response.text
    for path in (f"{base}/", f"{base}/publication/", f"{base}/withdrawal/", "/library/articles/new/"):
        assert browser.post(path, {"seen": 1}).status_code == 404
    piece.refresh_from_db()
    assert (piece.is_draft, piece.revision) == (True, 1)


def test_who_is_not_signed_in_is_asked_to(client, article):
    preview = f"/library/articles/{article(draft=True).pk}/preview/"
    assert client.get(preview).status_code == 404  # it says nothing to whom it was sent by mistake (F1)
    for path in ("/library/", "/library/topics/"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["eli", "mara"])
def test_an_article_from_the_first_word_to_the_public(cast, client_of, client, typed, question, name):
    browser = client_of(cast[name])
    asked = question("Must I speak?")
    fields = typed(
        questions=[asked.pk], sources="A book.\n\nA page. https://a.example/b", reviewed_on="2026-11-02"
    )
    preview = browser.post("/library/articles/new/", fields)
    piece = Article.objects.get()
    assert (preview.status_code, preview.headers["Location"]) == (
        303,
        f"/library/articles/{piece.pk}/preview/",
    )
    assert "Must I speak?" in browser.get(preview.headers["Location"]).text
    assert client.get("/articles/a-first-evening/").status_code == 404
    piece.approve(by=second_reader(), now=timezone.now(), seen=1)
    browser.post(f"/library/articles/{piece.pk}/publication/", {"seen": 1})
    public = client.get("/articles/a-first-evening/").text
    assert "Somebody shows you your room." in public
    assert "Must I speak?" in public
    assert "A page." in public
    browser.post(f"/library/articles/{piece.pk}/withdrawal/")
    assert client.get("/articles/a-first-evening/").status_code == 404
    piece.refresh_from_db()
    assert (piece.created_by, piece.updated_by) == (cast[name],) * 2


def test_a_question_is_written_and_changed(desk, typed):
    desk.post("/library/questions/new/", typed(title="Must I speak?", order=3))
    asked = Question.objects.get()
    desk.post(f"/library/questions/{asked.pk}/", typed(title="Must I talk?", order=4, seen=1))
    asked.refresh_from_db()
    assert (asked.title, asked.order, asked.slug, asked.revision) == ("Must I talk?", 4, "must-i-talk", 2)


def test_a_form_sent_again_finds_what_it_made(desk, typed):
    places = [desk.post("/library/articles/new/", typed()).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert Article.objects.count() == 1


def test_a_form_sent_again_with_other_words_loses_neither(desk, typed, question):
    asked = question("Must I speak?")
    desk.post("/library/articles/new/", typed(title="First"))
    again = typed(title="Second", body="<p>Second words.</p>", questions=[asked.pk])
    conflict = desk.post("/library/articles/new/", again)
    piece = Article.objects.get()
    address = f"/library/articles/{piece.pk}/"
    assert (conflict.status_code, piece.title) == (409, "First")
    for part in (
        f'action="{address}"',
        'name="seen" value="1"',
        "<p>Somebody shows you your room.</p>",
        "&lt;p&gt;Second words.&lt;/p&gt;",
    ):
        assert part in conflict.text
    assert desk.post(address, again | {"seen": 1}).status_code == 303
    piece.refresh_from_db()
    assert (piece.title, *piece.questions.all()) == ("Second", asked)


def test_two_editors_lose_nothing(client_of, desk, mara, typed, article):
    piece = article("Being heard")
    client_of(mara).post(
        f"/library/articles/{piece.pk}/", typed(title="Hers", body="<p>Her words.</p>", seen=1)
    )
    conflict = desk.post(
        f"/library/articles/{piece.pk}/", typed(title="His", body="<p>His words.</p>", seen=1)
    )
    assert conflict.status_code == 409
    assert "Mara Lind" in conflict.text
    assert "<p>Her words.</p>" in conflict.text
    assert "&lt;p&gt;His words.&lt;/p&gt;" in conflict.text
    assert 'name="seen" value="2"' in conflict.text
    piece.refresh_from_db()
    assert piece.title == "Hers"
    assert desk.post(f"/library/articles/{piece.pk}/", typed(title="His", seen=2)).status_code == 303
    piece.refresh_from_db()
    assert piece.title == "His"


def test_publishing_what_changed_since_it_was_read_waits(desk, article, eli):
    piece = article(draft=True)
    for seen in (0, "", "x", "9" * 400, "9" * 5000, "-1", "²"):
        page = desk.post(f"/library/articles/{piece.pk}/publication/", {"seen": seen}, follow=True)
        assert "It was changed after you looked." in page.text
    piece.refresh_from_db()
    assert piece.is_draft


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, ""),
        ({"title": "\u202e \u202c"}, "Write a title."),
        ({"title": "x" * 1_000_000}, "at most 150 characters"),
        ({"title": "a\0b"}, ""),
        ({"body": "a\0b"}, ""),
        ({"body": "<p> </p>"}, "nothing here to read"),
        ({"body": "<script>x</script>"}, "nothing here to read"),
        ({"body": "x" * 1_000_000}, "at most 100000 characters"),
        ({"summary": "x" * 1_000_000}, "at most 400 characters"),
        ({"topic": "0c0ffee0-0000-4000-8000-000000000000"}, ""),
        ({"topic": "x'"}, ""),
        ({"reviewed_on": "1800-01-01"}, "after the year 2000"),
        ({"reviewed_on": "99999-01-01"}, "Write a day like"),
        ({"reviewed_on": "9999-01-01"}, "after the year 2000"),
        ({"sources": "x http://plain.example/"}, "beginning with https://"),
        ({"sources": "https://a.example/ in the middle"}, "last on its line"),
        ({"questions": [str(uuid.uuid4())]}, ""),
        ({"token": "x"}, ""),
        ({"seen": "9" * 30}, ""),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_input_is_told_in_words_and_keeps_what_was_typed(desk, typed, wrong, said):
    response = desk.post("/library/articles/new/", typed(summary="Kept words.") | wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(wrong)
    assert said in response.text
    assert "Somebody shows you your room." in response.text or "body" in wrong
    assert "Kept words." in response.text or "summary" in wrong
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_an_empty_form_is_told_so(desk):
    for shelf in ("articles", "questions"):
        assert desk.post(f"/library/{shelf}/new/").status_code == 422


def test_odd_letters_survive(desk, typed):
    text = "<p>🌱 שלום \u202eabc</p>"
    desk.post("/library/articles/new/", typed(title="🌱 שלום", body=text))
    piece = Article.objects.get()
    assert (piece.title, piece.body) == ("🌱 שלום", text)
    assert desk.get(f"/library/articles/{piece.pk}/").status_code == 200


def test_f1_no_control_character_takes_the_feed_down(desk, client, typed):
    odd = "two\x01 \x08w\x1bo\ufffer\x02ds"
    body = f"<p>{odd}&#8;</p>"
    fields = typed(title=odd, summary=odd, sources=odd, byline=odd, body=body)
    desk.post("/library/articles/new/", fields)
    piece = Article.objects.get()
    put_out(piece, piece.created_by, timezone.now())
    assert "<summary>two words</summary>" in client.get("/articles/feed/").text.replace(' type="html"', "")
    kept = (piece.title, piece.summary, piece.sources, piece.byline, piece.body)
    assert kept == (*["two words"] * 4, "<p>two words</p>")


@pytest.mark.django_db
def test_a_forged_address_is_404(desk):
    for path in (uuid.uuid4(), "x", "new/x"):
        assert desk.get(f"/library/articles/{path}/").status_code == 404
    assert desk.post(f"/library/questions/{uuid.uuid4()}/publication/").status_code == 404
    assert desk.get("/library/topics/new/").status_code == 404


def test_the_plain_field_holds_the_text_so_that_it_comes_back_unchanged(desk, article):
    piece = article(body="<p>One &lt; two &amp; three</p>")
    page = desk.get(f"/library/articles/{piece.pk}/").text
    assert "&lt;p&gt;One &amp;lt; two &amp;amp; three&lt;/p&gt;" in page


def test_the_editor_loads_only_where_one_writes(desk, article, client):
    piece = article()
    edit = desk.get(f"/library/articles/{piece.pk}/")
    assert "css/editor.css" in edit.text
    assert 'type="importmap" nonce="' in edit.text or "nonce=" in edit.text
    for path in (
        "/library/",
        f"/library/articles/{piece.pk}/preview/",
        piece.get_absolute_url(),
        "/articles/",
    ):
        page = desk.get(path).text
        assert "editor.css" not in page
        assert "prose" not in page.replace('class="prose', "").replace("css/prose.css", "")


def test_the_library_lists_drafts_and_finds_them(desk, article, question):
    article("Canary article", draft=True)
    question("Other question")
    page = desk.get("/library/").text
    assert "Canary article" in page
    assert "Other question" in page
    found = desk.get("/library/?q=canary").text
    assert "Canary article" in found
    assert "Other question" not in found
    assert desk.get("/library/", {"q": "x" * 101}).status_code == 422


@pytest.mark.parametrize("rows", [1, 30])
def test_the_desk_asks_the_database_as_often_for_many_rows(
    desk, article, question, django_assert_num_queries, rows
):
    asked = [question(f"Q {number}", draft=number % 2 == 0) for number in range(rows)]
    pieces = [article(f"A {number}", draft=True) for number in range(rows)]
    pieces[0].questions.set(asked)
    with django_assert_num_queries(
        7
    ):  # session, person, two kinds, where they stand, what of two kinds waits
        desk.get("/library/")
    with django_assert_num_queries(6):  # session, person, article, what is public, what is ahead, questions
        desk.get(f"/library/articles/{pieces[0].pk}/preview/")
    # Session, person, article, what was typed here, its questions and related, topics, questions, articles.
    with django_assert_num_queries(9):
        desk.get(f"/library/articles/{pieces[0].pk}/")


def test_topics_are_added_and_renamed(desk, topic):
    desk.post("/library/topics/", {"name": "Groups", "order": 2})
    desk.post(f"/library/topics/{topic.pk}/", {"name": "Together", "order": 3})
    assert list(Topic.objects.in_order().values_list("name", "slug")) == [
        ("Groups", "groups"),
        ("Together", "connection"),
    ]
    assert desk.post("/library/topics/", {"name": "Groups", "order": 1}).status_code == 422
    for wrong in (
        {"name": "", "order": 1},
        {"name": "x" * 99_999, "order": 1},
        {"name": "a", "order": "-1"},
        {"name": "a", "order": "9" * 40},
    ):
        assert desk.post("/library/topics/", wrong).status_code == 422
    assert Topic.objects.count() == 2


def test_f1_editing_a_published_text_says_that_readers_keep_it(desk, article):
    assert "Readers keep seeing the published text" in desk.get(f"/library/articles/{article().pk}/").text
    assert (
        "Readers keep seeing the published text"
        not in desk.get(f"/library/articles/{article('Other', draft=True).pk}/").text
    )


def test_pages_of_the_desk_are_kept_in_no_cache(desk, article):
    piece = article("Canary", draft=True)
    for path in ("/library/", f"/library/articles/{piece.pk}/preview/"):
        assert desk.get(path).headers["Cache-Control"] == "no-store, private"


def test_the_preview_shows_what_readers_will_see(desk, article, question):
    piece = article("Being heard", draft=True)
    piece.questions.set(
        [question("Later?", order=2), question("Sooner?", order=1), question("Hidden?", draft=True)]
    )
    page = desk.get(f"/library/articles/{piece.pk}/preview/").text
    assert page.index("Sooner?") < page.index("Later?")
    assert "Hidden?" not in page
    assert "Only editors and managers can see this page." in page
