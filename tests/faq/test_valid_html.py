"""Every public page is valid HTML, with and without something to show."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from faq.models import Feedback, Picture
from tests.cast import TUESDAY
from tests.html import mistakes

TOLD = "7d0d4b52-32c1-4a70-9d0e-8e2f6cfa0d5b"
PAGES = {
    **dict.fromkeys(("/", "/about/", "/families/", "/privacy/", "/help/", "/articles/", "/questions/"), 200),
    **dict.fromkeys(("/articles/being-heard/", "/articles/quiet/", "/questions/must-i-speak/"), 200),
    **dict.fromkeys(("/search/", "/search/?q=heard", "/search/?q=herad", "/search/?q=nothingatall"), 200),
    **dict.fromkeys(("/accounts/login/", "/accounts/password/reset/"), 200),
    f"/search/?q={'x' * 200}": 422,
    "/search/?q=I+want+to+die": 200,
    "/feedback/thanks/": 200,
    f"/feedback/{TOLD}/": 200,
    "/articles/nothing/": 404,
    "/articles/?after=nothing": 404,
}


@pytest.fixture
def pages(article, question, eli, client) -> dict[str, bytes]:
    """An article with all that one may hold, one with nothing, a question, and what is said of none."""
    empty = {
        f"{path} (empty)": client.get(path).content
        for path in ("/", "/families/", "/articles/", "/questions/")
    }
    picture = Picture.objects.create(
        alt='Six "chairs" & a lamp', large=b"large", small=b"small", width=1200, height=600, digest="a",
        added_by=eli, added_at=TUESDAY,
    )  # fmt: skip
    asked = question("Must I speak?", for_families=True)
    quiet = article("Quiet", summary="", body="<p>Nobody speaks.</p>")
    article(
        "Being heard",
        body='<h2>One</h2><p>a <strong>b</strong> <em>c</em><br>d</p><h3>Two</h3><ul><li>e</li></ul>'
        '<ol><li>f</li></ol><blockquote><p>g <a href="https://a.example/b?c=1&amp;d=2">h</a></p></blockquote><hr>'
        f'<figure><img src="/pictures/{picture.pk}.webp" alt="Chairs"><figcaption>Six</figcaption></figure>',
        byline="By <the> team", reviewer="Ruth & Amari", reviewed_on="2026-11-12", for_families=True,
        sources="A book, 1992.\nA page. https://a.example/book?c=1&d=2", asked=[asked], related=[quiet],
    )  # fmt: skip
    Feedback.objects.create(pk=TOLD, question=asked, helpful=False, day=timezone.localdate())
    answers = {path: client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in answers.items()} == PAGES
    return empty | {path: answer.content for path, answer in answers.items()}


def test_every_public_page_is_valid_html(pages, tmp_path: Path):
    for name in ("500", "503", "400", "403", "429"):
        pages[name] = render_to_string(f"{name}.html").encode()
    assert mistakes(pages, tmp_path) == []


def test_a_mistake_is_found(tmp_path: Path):
    page = b"<!DOCTYPE html><html lang=en><title>x</title><p><div id=a></div></p><img src=/a id=a>"
    assert len(mistakes({"/broken/": page}, tmp_path)) >= 3
