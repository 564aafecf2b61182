"""A text comes and goes at its minute, behind every door and out of every memory (F1)."""

import uuid
from datetime import timedelta

import pytest

from faq.models import Article, Picture, Topic
from faq.views import public
from tests.cast import TUESDAY as NOW
from tests.library import put_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
LISTS = ["/", "/families/", "/articles/", "/articles/feed/", "/questions/", "/search/", "/sitemap.xml"]


def on_the_way(eli, slug: str, **window) -> tuple[Article, Picture]:
    topic = Topic(name="Arriving", order=1)
    topic.keep()
    picture = Picture.objects.create(
        alt="A door", large=b"large", small=b"small", width=800, height=400, digest="b",
        added_by=eli, added_at=NOW,
    )  # fmt: skip
    body = f'<p>Momentous.</p><figure><img src="/pictures/{picture.pk}.webp" alt="A door"></figure>'
    piece = Article(title="A first evening", slug=slug, topic=topic, summary="Momentous.", body=body)
    piece.write(by=eli, now=NOW - DAY, seen=0)
    put_out(piece, eli, NOW - DAY, **window)
    return piece, picture


def test_f1_a_text_comes_at_its_minute_and_goes_at_its_minute_behind_every_door(eli, client, frozen):
    _piece, picture = on_the_way(eli, "a-first-evening", at=NOW + HOUR, until=NOW + 2 * HOUR)
    own = ["/articles/a-first-evening/", f"/pictures/{picture.pk}.webp", f"/pictures/{picture.pk}-small.webp"]
    lists = ["/articles/", "/articles/feed/", "/sitemap.xml", "/search/?q=momentous"]
    tags: dict[str, str] = {}
    for moment, is_there in (
        (NOW + HOUR - SECOND, False),
        (NOW + HOUR, True),
        (NOW + 2 * HOUR - SECOND, True),
        (NOW + 2 * HOUR, False),
    ):
        frozen.move_to(moment, tick=False)
        for path in own:
            answer = client.get(path, headers={"If-None-Match": tags.get(path, "")})
            assert (answer.status_code in (200, 304)) is is_there, (path, moment)
        for path in lists:
            answer = client.get(path, headers={"If-None-Match": tags.get(path, "")})
            if answer.status_code == 200:
                assert ("a-first-evening" in answer.text) is is_there, (path, moment)
            else:  # the same as a second or an hour before, when it was there too
                assert (answer.status_code, is_there) == (304, moment == NOW + 2 * HOUR - SECOND)
            tags[path] = answer.headers["ETag"]


def test_f1_f2_no_address_leads_to_a_text_before_its_minute_or_after(eli, client, frozen):
    piece, _picture = on_the_way(eli, "first-name")
    piece.slug = "second-name"
    piece.write(by=eli, now=NOW, seen=1)
    put_out(piece, eli, NOW, at=NOW + HOUR, until=NOW + 2 * HOUR)
    first, second = "/articles/first-name/", "/articles/second-name/"
    frozen.move_to(NOW + HOUR - SECOND, tick=False)
    assert (client.get(first).status_code, client.get(second).status_code) == (200, 404)
    frozen.move_to(NOW + HOUR, tick=False)
    moved = client.get(first)
    assert (moved.status_code, moved.headers["Location"]) == (301, second)
    assert client.get(second).status_code == 200
    frozen.move_to(NOW + 2 * HOUR, tick=False)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 404)


@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_f1_no_cache_before_us_answers_from_memory_beyond_the_minute(eli, client, frozen, seconds):
    """An answer of before must be gone when the text comes or goes: redirects, pictures and 404 as well."""
    piece, picture = on_the_way(eli, "first-name")
    piece.slug = "second-name"
    piece.write(by=eli, now=NOW, seen=1)
    put_out(piece, eli, NOW)
    frozen.move_to(NOW + HOUR + timedelta(seconds=seconds), tick=False)
    here = ["/articles/first-name/", "/articles/second-name/", f"/pictures/{picture.pk}.webp", *LISTS]
    for path in [*here, "/articles/nothing/", f"/pictures/{uuid.UUID(int=1)}.webp"]:
        answer = client.get(path)
        rules = dict(rule.strip().partition("=")[::2] for rule in answer.headers["Cache-Control"].split(","))
        assert {"no-store", "no-cache"} & set(rules) or int(rules["s-maxage"]) <= 60 - seconds, (path, rules)
        if not path.startswith("/pictures/"):  # a file never changes, and whoever has it has seen it
            assert {"no-store", "no-cache"} & set(rules) or rules["max-age"] == "0", path
        assert not answer.cookies
        assert "Expires" not in answer.headers or "no-store" in rules


def test_f1_a_page_in_memory_is_not_given_out_once_its_text_is_hidden(eli, client, frozen):
    piece, picture = on_the_way(eli, "a-first-evening")
    path, file = "/articles/a-first-evening/", f"/pictures/{picture.pk}.webp"
    tags = {where: client.get(where).headers["ETag"] for where in (path, file)}
    assert client.get(path, headers={"If-None-Match": tags[path]}).status_code == 304
    piece.take_back(by=eli, now=NOW)
    for where, tag in tags.items():
        assert client.get(where, headers={"If-None-Match": tag}).status_code == 404
        assert client.head(where).status_code == 404


def test_f1_a_page_begun_before_the_minute_and_ready_after_it_is_kept_by_no_cache(
    eli, client, frozen, monkeypatch
):
    on_the_way(eli, "a-first-evening", at=NOW + HOUR)
    frozen.move_to(NOW + HOUR - SECOND, tick=False)
    rendered = public.render

    def slowly(*args, **kwargs):
        response = rendered(*args, **kwargs)
        frozen.shift(2)
        return response

    monkeypatch.setattr(public, "render", slowly)
    answer = client.get("/articles/")
    assert "a-first-evening" not in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=0"
