"""Pages that everybody may read: the same bytes for everybody, and no trace of who reads."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.models import Article, Topic
from tests.library import put_out

PAGES = ["home:about", "home:families", "home:privacy", "home:help"]

pytestmark = pytest.mark.django_db


def write_article(by, title: str, now=None) -> Article:
    topic, _new = Topic.objects.get_or_create(name="Staying", slug="staying")
    article = Article(topic=topic, title=title, body="<p>Words.</p>", summary=f"About {title}.")
    article.write(by=by, now=now or timezone.now(), seen=0)
    return article


def publish(article: Article, by, now) -> None:
    at = max(now, timezone.now())
    put_out(article, by, min(now, timezone.now()), at=at if at == now else None)


def leaves_no_trace(response) -> bool:
    return not response.cookies and "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_is_the_same_bytes_for_everybody(name, cast, client_of, lines):
    page = Client().get(reverse(name))
    assert page.status_code == 200
    assert leaves_no_trace(page)
    for user in cast.values():
        response = client_of(user).get(reverse(name))
        assert response.content == page.content
        assert leaves_no_trace(response)


def test_the_front_door_is_the_same_for_each_stranger(eli, django_assert_max_num_queries):
    publish(write_article(eli, "Small acts"), eli, timezone.now())
    with django_assert_max_num_queries(2):
        page = Client().get("/")
    assert leaves_no_trace(page)
    stale = Client()
    stale.cookies["sessionid"] = "0" * 32
    assert stale.get("/").content == Client().get("/").content == page.content


def test_whoever_is_signed_in_goes_on_to_today(cast, client_of):
    for user in cast.values():
        response = client_of(user).get("/")
        assert (response.status_code, response.url) == (302, reverse("home:today"))


def test_f1_the_front_door_shows_only_what_is_published(eli):
    now = timezone.now()
    for number in range(4):
        publish(write_article(eli, f"Told {number}"), eli, now - timedelta(days=10 - number))
    write_article(eli, "Still a draft")
    publish(write_article(eli, "Of tomorrow"), eli, now + timedelta(days=1))
    page = Client().get("/").content.decode()
    assert re.findall(r"Told \d", re.sub(r"<[^>]+>|About Told \d", "", page)) == [
        "Told 3",
        "Told 2",
        "Told 1",
    ]
    assert "Still a draft" not in page
    assert "Of tomorrow" not in page


def test_a_house_without_articles_has_a_front_door():
    assert "Worth reading" not in Client().get("/").content.decode()


@pytest.mark.parametrize("name", ["home:front", *PAGES])
def test_a_public_page_calls_no_other_host(name, lines, settings):
    page = Client().get(reverse(name)).content.decode()
    assert re.findall(r'(?:src|srcset|action)="(?:https?:)?//', page) == []
    links = set(re.findall(r'<(?:a|link)\b[^>]*href="(https?://[^"]+)"', page))
    own = settings.SITE_URL + reverse(name)
    assert links <= {own, "https://988lifeline.org/chat/"}


@pytest.mark.parametrize("name", ["home:front", *PAGES, "home:leave", "home:health"])
def test_a_public_page_takes_no_post(name):
    assert Client().post(reverse(name)).status_code == 405


@pytest.mark.parametrize("path", ["/nowhere/", "/people/", "/sessions/x/", "/%F0%9F%8C%B1/", "/a%20b"])
def test_a_404_keeps_the_way_around_of_whoever_is_signed_in(path, sam, client_of):
    page = client_of(sam).get(path)
    assert page.status_code == 404
    text = page.content.decode()
    assert reverse("checkins:check_in") in text
    assert "Signed in as Sam" in " ".join(text.split())
    assert reverse("home:help") in text


def test_a_404_of_a_stranger_touches_no_session(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert leaves_no_trace(page)
    assert reverse("home:help") in page.content.decode()


@pytest.mark.parametrize("path", ["/?x=%00", "/help/?next=%00", "/people/%00/"])
def test_a_nul_in_an_address_is_a_plain_400(path):
    assert Client().get(path).status_code in (400, 404)
