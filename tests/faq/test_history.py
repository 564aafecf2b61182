"""Every version of a text, what changed in it, and the way back (F1)."""

import re
import time
from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.differences import differences, paragraphs_of
from faq.models import Act, Article, Remark, Stale, Topic
from tests.faq.test_races import at_once
from tests.library import put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


@pytest.fixture
def rewritten(article, eli, mara) -> Article:
    """Public in its first version, with a second that is a draft."""
    piece = article(
        "A first evening", body="<p>Ana opens the door. You may sit down.</p><p>Nothing else.</p>"
    )
    piece.title, piece.for_families = "A first night", True
    piece.body = "<p>Somebody opens the door. You may sit down.</p><p>Nothing else.</p>"
    piece.write(by=mara, now=timezone.now(), seen=1)
    return piece


def at(piece, rest: str = "") -> str:
    return f"/library/{piece.shelf}/{piece.pk}/history/{rest}"


def told(before: list[str], after: list[str]) -> str:
    """-what went-, +what came+."""
    marks = {"gone": "-", "new": "+", "": ""}
    return "\n".join(
        " ".join(f"{marks[part.change]}{part.text}{marks[part.change]}" for part in paragraph.parts)
        or f"({paragraph.skipped})"
        for paragraph in differences(before, after)
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (["A b c."], ["A b c."], ""),
        ([], ["New."], "+New.+"),
        (["Old."], [], "-Old.-"),
        (["Sam sits by the door."], ["Sam sits at the door."], "Sam sits -by- +at+ the door."),
        (["It helps. You may go."], ["It helps. Stay. You may go."], "It helps. +Stay.+ You may go."),
        (["Same.", "Gone.", "End."], ["Same.", "End."], "Same.\n-Gone.-\nEnd."),
        (["One two."], ["Wholly other words here."], "-One two.- +Wholly other words here.+"),
        (
            ["A.", "B.", "C.", "D.", "E old.", "F."],
            ["A.", "B.", "C.", "D.", "E new.", "F."],
            "(3)\nD.\nE -old.- +new.+\nF.",
        ),
    ],
)
def test_differences_are_told_in_words(before, after, words):
    assert told(before, after) == words


def test_links_and_pictures_are_words_too():
    html = (
        '<p>See <a href="https://a.example/">this</a>.</p><figure><img src="/pictures/1.webp" alt="A door">'
    )
    assert paragraphs_of(html) == ["See this [https://a.example/].", "[A door: /pictures/1.webp]"]
    assert paragraphs_of("<ul><li><p>One</p></li><li>Two &amp; three</li></ul>") == ["One", "Two & three"]


texts = st.lists(st.text("ab. \n", min_size=1, max_size=12), max_size=6)


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_between_two_versions(before, after):
    """What stayed and went is the old text, what stayed and came the new one."""
    before = [words for text in before if (words := " ".join(text.split()))]
    after = [words for text in after if (words := " ".join(text.split()))]
    found = differences(before, after)
    if not found:
        assert "".join(before).split() == "".join(after).split() or before == after or not (before and after)
        return
    if any(paragraph.skipped for paragraph in found):
        return
    parts = [part for paragraph in found for part in paragraph.parts]
    old = " ".join(part.text for part in parts if part.change != "new").split()
    new = " ".join(part.text for part in parts if part.change != "gone").split()
    assert (old, new) == (" ".join(before).split(), " ".join(after).split())


@pytest.mark.parametrize("words", ["the a of ", "a. ", "word "], ids=["few words", "sentences", "one word"])
def test_the_longest_text_is_compared_in_a_moment(words):
    long = words * (100_000 // len(words))
    began = time.perf_counter()
    differences([long], [f"{long[:50_000]} other {long[50_000:]}"])
    assert time.perf_counter() - began < 5


def test_f1_the_history_names_each_version_and_who_kept_it(desk, rewritten):
    page = " ".join(desk.get(at(rewritten)).text.split())
    assert page.index("Version 2") < page.index("Version 1")
    assert re.search(r"> Newest </span>.*Mara.*> Public </span>.*Eli", page)
    assert "A first evening" in page  # the title that it had


def test_f1_a_version_says_what_changed_in_words(desk, rewritten):
    page = re.sub(r"<span\s+class=\"sr\"\s*>.*?</span>", "", desk.get(at(rewritten, "2/")).text, flags=re.S)
    page = " ".join(page.split())
    assert "<del>evening</del> <ins>night</ins>" in page
    assert "<del>Ana</del> <ins>Somebody</ins> opens the door. You may sit down." in page
    assert "<del>No</del> <ins>Yes</ins>" in page
    assert "This is how it began." in desk.get(at(rewritten, "1/")).text


def test_what_changed_is_said_aloud_too(desk, rewritten):
    page = " ".join(desk.get(at(rewritten, "2/")).text.split())
    assert 'class="sr">Taken out: </span>Ana<span' in page
    assert 'class="sr">Put in: </span>Somebody<span' in page


def test_f1_a_version_is_compared_with_the_text_of_now(desk, rewritten, eli):
    rewritten.title = "A third name"
    rewritten.write(by=eli, now=timezone.now(), seen=2)
    page = " ".join(desk.get(at(rewritten, "1/?with=now")).text.split())
    assert "What changed since then" in page
    assert "third name" in page


def test_a_change_of_looks_alone_is_named(desk, article, eli):
    piece = article(body="<p>One</p><p>Two</p>", draft=True)
    piece.body = "<h2>One</h2><p><strong>Two</strong></p>"
    piece.write(by=eli, now=timezone.now(), seen=1)
    assert "The words are the same. Headings" in desk.get(at(piece, "2/")).text
    piece.write(by=eli, now=timezone.now(), seen=2)
    assert "The words are the same.\n" in desk.get(at(piece, "3/")).text


def test_f1_an_earlier_text_comes_back_as_a_draft_and_readers_notice_nothing(
    desk, client, rewritten, eli, mara
):
    put_out(rewritten, mara, timezone.now())
    rewritten.still_right(by=mara, now=timezone.now(), again_by=date(2030, 1, 1))
    answer = desk.post(at(rewritten, "1/restoration/"), {"seen": 2}, follow=True)
    assert "Brought back, as a draft." in answer.text
    rewritten.refresh_from_db()
    assert (rewritten.title, rewritten.for_families, rewritten.state) == ("A first evening", False, "draft")
    assert (rewritten.revision, rewritten.updated_by, rewritten.approved_by) == (3, eli, None)
    assert (rewritten.review_by, rewritten.slug) == (date(2030, 1, 1), "a-first-evening")
    assert "Ana opens" in rewritten.search_text or "ana opens" in rewritten.search_text
    public = client.get("/articles/a-first-evening/").text
    assert "Somebody opens the door." in public
    assert Remark.objects.newest()[0].act == Act.RESTORED
    assert "Publish for everybody" not in answer.text
    assert rewritten.history.count() == 3


def test_a_text_that_stands_already_is_not_brought_back(desk, rewritten):
    answer = desk.post(at(rewritten, "2/restoration/"), {"seen": 2}, follow=True)
    assert "This is the text that stands now." in answer.text
    assert Article.objects.get().revision == 2


@pytest.mark.parametrize("seen", ["1", "", "x"])
def test_bringing_back_over_a_newer_text_is_refused(desk, rewritten, seen):
    answer = desk.post(at(rewritten, "1/restoration/"), {"seen": seen}, follow=True)
    assert "Somebody kept another text after you looked." in answer.text
    assert Article.objects.get().title == "A first night"


def test_a_version_whose_topic_is_gone_comes_back_under_the_one_of_now(rewritten, eli):
    other = Topic(name="Elsewhere")
    other.keep()
    rewritten.history.filter(revision=1).update(topic_id=other.pk)
    other.delete()
    rewritten.restore(1, by=eli, now=timezone.now(), seen=2)
    assert (rewritten.title, rewritten.topic.name) == ("A first evening", "Connection")


@pytest.mark.parametrize("rest", ["9/", "0/", f"{'9' * 30}/"])
def test_a_version_that_never_was_is_not_found(desk, rewritten, rest):
    assert desk.get(at(rewritten, rest)).status_code == 404
    assert desk.post(at(rewritten, f"{rest}restoration/"), {"seen": 2}).status_code == 404


@pytest.mark.parametrize("name", ["sam", "ana", "dev"])
def test_f1_others_find_no_history(cast, client_of, rewritten, name):
    browser = client_of(cast[name])
    for rest in ("", "1/", "2/"):
        assert browser.get(at(rewritten, rest)).status_code == 404
    assert browser.post(at(rewritten, "1/restoration/"), {"seen": 2}).status_code == 404
    assert Article.objects.get().revision == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_the_history_asks_as_often_for_many_versions(
    desk, article, eli, mara, rows, django_assert_num_queries
):
    piece = article(draft=True)
    for number in range(1, rows + 1):
        piece.write(by=mara if number % 2 else eli, now=timezone.now(), seen=number)
    with django_assert_num_queries(5):  # session, person, text, its versions, what is out
        page = desk.get(at(piece)).text
    assert ("Show earlier versions" in page) == (rows == 30)
    with django_assert_num_queries(5):  # session, person, text, two versions
        desk.get(at(piece, f"{rows + 1}/"))


def test_earlier_versions_come_page_by_page(desk, article, eli):
    piece = article(draft=True)
    for number in range(1, 33):
        piece.write(by=eli, now=timezone.now(), seen=number)
    page = desk.get(at(piece, "?before=4")).text
    assert re.findall(r"Version (\d+)", page) == ["3", "2", "1"]
    for odd in ("x", "-1", "9" * 40, "²"):
        assert desk.get(at(piece, f"?before={odd}")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_back_and_write_at_once_one_is_first(rewritten, eli):
    def work(number: int) -> str:
        mine = Article.objects.get()
        if number % 2:
            mine.restore(1, by=eli, now=timezone.now(), seen=2)
        else:
            mine.title = f"Mine {number}"
            mine.write(by=eli, now=timezone.now(), seen=2)
        return mine.title

    kept = [title for title in at_once(work) if title]
    assert kept == [Article.objects.get().title]
    with pytest.raises(Stale):
        rewritten.restore(1, by=eli, now=timezone.now(), seen=2)
