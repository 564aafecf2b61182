"""Nothing of a text that is not public shows outside the desk (F1).

One text of each kind in every hidden state, with a canary word in each of its fields, and every door pushed:
the pages are the same bytes as if these texts had never been written.
"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from faq.models import Article, Autosave, Picture, Piece, Question, Topic
from tests.cast import TUESDAY as NOW
from tests.library import put_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
KINDS: list[type[Piece]] = [Article, Question]
DOORS = [
    *("/", "/about/", "/families/", "/privacy/", "/help/", "/robots.txt", "/sitemap.xml"),
    *("/articles/", "/articles/feed/", "/questions/", "/search/", "/search/?q=open"),
    *("/articles/open-one/", "/questions/open-one/"),
]

Way = Callable[[Piece, object], None]


def draft(piece, eli):
    pass


def in_review(piece, eli):
    piece.send_to_review(by=eli, now=NOW - DAY, seen=1, text=canary("review", "comment"))


def given_back(piece, eli):
    in_review(piece, eli)
    piece.give_back(by=eli, now=NOW - DAY, seen=1, text=canary("back", "comment"))


def agreed(piece, eli):
    put_out(piece, eli, NOW - DAY, at=NOW + HOUR)
    piece.unschedule(by=eli, now=NOW - HOUR)


def scheduled(piece, eli):
    put_out(piece, eli, NOW - DAY, at=NOW + SECOND)


def over(piece, eli):
    put_out(piece, eli, NOW - 2 * DAY, until=NOW)


def taken_back(piece, eli):
    put_out(piece, eli, NOW - 2 * DAY)
    piece.take_back(by=eli, now=NOW - HOUR)


HIDDEN: dict[str, Way] = {
    "draft": draft,
    "review": in_review,
    "back": given_back,
    "agreed": agreed,
    "ahead": scheduled,
    "over": over,
    "gone": taken_back,
}
# Texts that stand, with other words on the way.
CHANGED: dict[str, Way] = {"changed": draft, "changing": scheduled}


def canary(state: str, field: str) -> str:
    return f"{state}canary{field}"


def say(piece: Piece, state: str, picture: Picture) -> None:
    """A canary word in each field."""
    for field in ("title", "summary", "byline", "reviewer"):
        setattr(piece, field, canary(state, field))
    piece.slug = canary(state, "address")
    piece.sources = f"{canary(state, 'source')}. https://{canary(state, 'host')}.example/"
    piece.body = (
        f'<h2>{canary(state, "heading")}</h2><p><a href="https://a.example/{canary(state, "link")}">x</a></p>'
        f'<figure><img src="/pictures/{picture.pk}.webp" alt="{canary(state, "alt")}"><figcaption>'
        f"{canary(state, 'caption')}</figcaption></figure><p>{canary(state, 'body')}</p>"
    )


class Library:
    """What is public at first, and the hidden texts that come into it."""

    def __init__(self, eli) -> None:
        self.eli = eli
        self.topic = Topic(name="Open topic", order=1)
        self.topic.keep()
        self.question = self.plain(Question, "Open one")
        self.article = self.plain(Article, "Open one", self.question)
        self.standing = [(state, self.plain(kind, f"Plain {state}")) for state in CHANGED for kind in KINDS]
        self.hidden: list[Piece] = []
        self.picture = Picture.objects.create(
            alt=canary("picture", "alt"), large=b"large", small=b"small", width=800, height=400, digest="a",
            added_by=eli, added_at=NOW,
        )  # fmt: skip

    def plain(self, kind: type[Piece], title: str, *asked: Piece) -> Piece:
        piece = kind(title=title, topic=self.topic, summary="Open.", body="<p>An open door.</p>")
        piece.write(by=self.eli, now=NOW - 9 * DAY, seen=0)
        if asked:
            piece.questions.set(asked)
        put_out(piece, self.eli, NOW - 9 * DAY)
        return piece

    def hide(self) -> None:
        topic = Topic(name=canary("a", "topic"), order=0)
        topic.keep()
        for state, way in HIDDEN.items():
            for kind in KINDS:
                piece = kind(topic=topic)
                say(piece, state, self.picture)
                piece.write(by=self.eli, now=NOW - 3 * DAY, seen=0)
                way(piece, self.eli)
                self.hidden.append(piece)
        for state, piece in self.standing:
            say(piece, state, self.picture)
            piece.topic = topic
            piece.write(by=self.eli, now=NOW - DAY, seen=1)
            CHANGED[state](piece, self.eli)
        for piece in self.hidden:
            piece.say(canary("a", "remark"), by=self.eli, now=NOW - HOUR)
            Autosave.objects.keep(
                editor=self.eli, token=piece.client_token, shelf=piece.shelf, seen=1, now=NOW,
                fields={"title": canary("a", "typed")},
            )  # fmt: skip
        self.lead_to_hidden_ones()

    def lead_to_hidden_ones(self) -> None:
        """The open texts name the hidden ones as what to read next, and are published again so."""
        self.article.questions.add(*(piece for piece in self.hidden if piece.shelf == "questions"))
        self.article.related.set([piece for piece in self.hidden if piece.shelf == "articles"])
        self.article.publish(by=self.eli, now=NOW - 9 * DAY, seen=1)
        release = self.article.live(NOW)
        release.asked.set(self.article.questions.all())
        release.related.set(self.article.related.all())


@pytest.fixture
def library(eli) -> Library:
    return Library(eli)


def paths() -> list[str]:
    """Every open door, and the addresses and words of the hidden texts."""
    found = list(DOORS)
    for state in (*HIDDEN, *CHANGED):
        slug = canary(state, "address")
        found += [f"/articles/{slug}/", f"/questions/{slug}/", f"/articles/?after={slug}"]
        words = [canary(state, field) for field in ("title", "summary", "body", "alt")]
        found += [f"/search/?q={word}" for word in (*words, words[0][:-2], words[0][:-2] + "el")]
    return found


def read(client: Client) -> dict[str, tuple]:
    answers = {path: client.get(path) for path in paths()}
    return {path: (one.status_code, one.content, dict(one.headers)) for path, one in answers.items()}


def leaked(client: Client, path: str) -> bool:
    """Whether a page tells a canary word that nobody asked it for."""
    asked = path.partition("=")[2]
    page = client.get(path, follow=True)
    head = str(dict(page.headers))
    return "canary" in (page.content.decode() + head).replace(asked or "-", "")


def test_f1_with_hidden_texts_every_page_is_the_same_bytes_as_without_them(library, client):
    before = read(client)
    library.hide()
    after = read(client)
    assert {path for path in before if before[path] != after[path]} == set()
    for path in DOORS:
        assert after[path][0] == 200, path
        assert b"canary" not in after[path][1], path
    for state in (*HIDDEN, *CHANGED):
        for path in (f"/articles/{canary(state, 'address')}/", f"/questions/{canary(state, 'address')}/"):
            assert after[path][0] == 404


def test_f1_whoever_is_signed_in_reads_no_more_at_the_open_doors_than_anybody(
    library, client_of, sam, ana, luz, eli, mara
):
    library.hide()
    for reader in (sam, ana, luz, eli, mara):
        browser = client_of(reader)
        doors = DOORS[1:] if reader in (eli, mara) else DOORS  # where signed in, "/" leads to one's own Today
        assert [path for path in doors if leaked(browser, path)] == []
        wanted = [path for path in paths() if "canary" in path]
        assert [
            path for path in wanted if "/search/" not in path and browser.get(path).status_code != 404
        ] == []


def without_token(answer, pk: uuid.UUID) -> str:
    page = answer.content.decode().replace(str(pk), "")
    return re.sub(r'name="csrfmiddlewaretoken"\s+value="\w+"', "", page)


def test_f1_no_address_of_the_desk_tells_outsiders_that_a_text_is_there(
    library, client, client_of, sam, ana, luz, eli
):
    library.hide()
    insiders = client_of(eli)
    outside = [client, *map(client_of, (sam, ana, luz))]
    for piece in library.hidden[:4]:
        for name in ("piece_preview", "piece_edit", "piece_history", "piece_addresses", "publication"):
            there = reverse(f"faq:{name}", args=[piece.shelf, piece.pk])
            nowhere = reverse(f"faq:{name}", args=[piece.shelf, uuid.UUID(int=1)])
            assert insiders.get(there).status_code == 200
            for browser in outside:
                answer, other = browser.get(there), browser.get(nowhere)
                assert answer.status_code == other.status_code
                assert answer.status_code == (302 if browser is client and name != "piece_preview" else 404)
                assert without_token(answer, piece.pk) == without_token(other, uuid.UUID(int=1))
                assert b"canary" not in answer.content


def test_f1_a_picture_of_a_hidden_text_is_hidden_with_it(library, client, client_of, sam, luz, eli):
    library.hide()
    paths = [f"/pictures/{library.picture.pk}{size}.webp" for size in ("", "-small")]
    for path in paths:
        for browser in (client, client_of(sam), client_of(luz)):
            assert browser.get(path).status_code == 404
        answer = client_of(eli).get(path)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
