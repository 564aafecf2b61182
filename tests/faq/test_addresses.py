"""An address leads to its text for good, in one step and never round (F2)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faq.models import Act, Address, AddressTaken, Article, NotReady, Question, Release, Remark, Stale, Topic
from tests.faq.test_races import at_once
from tests.library import put_out, second_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def at(piece, rest: str = "") -> str:
    return f"/library/{piece.shelf}/{piece.pk}/addresses/{rest}"


def moved(client, path: str) -> str | int:
    """Where readers of this address come to."""
    answer = client.get(path)
    return answer.headers["Location"] if answer.status_code == 301 else answer.status_code


def rename(piece, slug: str, by) -> None:
    piece.slug = slug
    piece.write(by=by, now=timezone.now(), seen=piece.revision)
    put_out(piece, by, timezone.now())


def test_f2_an_old_address_leads_to_the_one_of_now_in_one_step(desk, client, article, eli):
    piece = article("One")
    for slug in ("two", "three"):
        rename(piece, slug, eli)
    assert [moved(client, f"/articles/{slug}/") for slug in ("one", "two", "three")] == [
        "/articles/three/",
        "/articles/three/",
        200,
    ]
    page = " ".join(desk.get(at(piece)).text.split())
    assert page.count("Leads here") == 2
    assert page.count("Its page") == 1
    rename(piece, "one", eli)
    assert [moved(client, f"/articles/{slug}/") for slug in ("one", "three")] == [200, "/articles/one/"]


def test_f2_a_way_on_is_asked_for_each_time_so_that_going_back_leads_no_browser_round(client, article, eli):
    rename(article("One"), "two", eli)
    assert "max-age=0" in client.get("/articles/one/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/articles/old-name/", "/articles/old-name/"),
        ("questions/Old_name", "/questions/Old_name/"),
        (" https://old.example/articles/old-name ", "/articles/old-name/"),
    ],
)
def test_f2_an_address_from_before_is_made_to_lead_here(desk, client, article, typed, path):
    piece = article("One")
    assert client.get(path).status_code == 404
    for _ in range(2):
        assert desk.post(at(piece), {"address": typed}).status_code == 303
    assert moved(client, path) == "/articles/one/"
    remark = Remark.objects.filter(act=Act.MOVED).get()
    assert remark.text == path


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write an address like /articles/being-heard/."),
        ("/library/", "Write an address like /articles/being-heard/."),
        ("javascript:alert(1)", "Write an address like /articles/being-heard/."),
        ("/articles/two words/", "Write an address like /articles/being-heard/."),
        (f"/articles/{'a' * 81}/", "Write an address like /articles/being-heard/."),
        ("a" * 501, "This is longer than we can keep."),
        ("/articles/two/", "This address leads to another text."),
        ("/articles/not-yet/", "This address leads to another text."),
        ("/articles/was-two/", "This address leads to another text."),
        ("/articles/feed/", "This address leads to another text."),
    ],
)
def test_f2_an_address_of_another_text_is_refused_in_words(desk, article, eli, typed, words):
    piece, other = article("One"), article("Was two")
    rename(other, "two", eli)
    article("Not yet", draft=True)
    before = set(Address.objects.values_list("shelf", "slug", "article"))
    answer = desk.post(at(piece), {"address": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert set(Address.objects.values_list("shelf", "slug", "article")) == before


def test_f2_an_address_that_leads_somewhere_is_given_to_no_new_text(article, eli):
    piece = article("One")
    piece.lead_here("articles", "old-name", by=eli, now=timezone.now())
    assert article("Old name", draft=True).slug == "old-name-2"
    other = article("Other", draft=True)
    other.slug = "old-name"
    with pytest.raises(AddressTaken):
        other.write(by=eli, now=timezone.now(), seen=1)


def test_f2_readers_of_a_text_that_is_gone_come_to_another(desk, client, article, question, eli):
    gone, asked = article("One"), question("Must I speak?")
    rename(gone, "two", eli)
    refused = desk.post(at(gone, "handover/"), {"address": "/questions/must-i-speak/"})
    assert refused.status_code == 422  # it is public still
    gone.take_back(by=eli, now=timezone.now())
    assert moved(client, "/articles/one/") == 404
    assert "This text does not come back?" in desk.get(at(gone)).text
    assert desk.post(at(gone, "handover/"), {"address": "/questions/must-i-speak/"}).status_code == 303
    assert {moved(client, f"/articles/{slug}/") for slug in ("one", "two")} == {"/questions/must-i-speak/"}
    rename(asked, "may-i-listen", eli)
    assert {moved(client, f"/articles/{slug}/") for slug in ("one", "two")} == {"/questions/may-i-listen/"}
    asked.take_back(by=eli, now=timezone.now())
    assert moved(client, "/articles/one/") == 404


@pytest.mark.parametrize("typed", ["/articles/one/", "/articles/not-yet/", "/articles/nowhere/", ""])
def test_f2_addresses_are_handed_to_nothing_that_is_not_public(desk, article, eli, typed):
    piece = article("One")
    piece.take_back(by=eli, now=timezone.now())
    article("Not yet", draft=True)
    assert desk.post(at(piece, "handover/"), {"address": typed}).status_code == 422
    assert Address.objects.get().piece == piece


def test_f2_a_text_whose_address_was_handed_over_needs_another_before_it_comes_back(
    desk, client, article, eli
):
    piece, other = article("One"), article("Two")
    piece.take_back(by=eli, now=timezone.now())
    piece.hand_over(other, by=eli, now=timezone.now())
    answer = desk.post(f"/library/articles/{piece.pk}/publication/", {"seen": 1}, follow=True)
    assert "Its address leads to another text now." in answer.text
    assert moved(client, "/articles/one/") == "/articles/two/"
    piece.refresh_from_db()
    assert piece.state == "approved"
    rename(piece, "one-again", eli)
    assert [moved(client, f"/articles/{slug}/") for slug in ("one", "one-again")] == ["/articles/two/", 200]


def test_what_is_planned_keeps_its_addresses(article, eli):
    piece, other = article("One", public_from=timedelta(days=3)), article("Two")
    with pytest.raises(NotReady):
        piece.hand_over(other, by=eli, now=timezone.now())
    with pytest.raises(NotReady):
        other.hand_over(other, by=eli, now=timezone.now())


@pytest.mark.parametrize("name", ["sam", "ana", "dev"])
def test_f2_others_find_no_addresses(cast, client_of, article, name):
    piece, browser = article("One"), client_of(cast[name])
    assert browser.get(at(piece)).status_code == 404
    for rest in ("", "handover/"):
        assert browser.post(at(piece, rest), {"address": "/articles/old/"}).status_code == 404
    assert Address.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_addresses_ask_as_often_for_many(desk, article, eli, rows, django_assert_num_queries):
    piece = article("One")
    for number in range(rows):
        piece.lead_here("articles", f"old-{number}", by=eli, now=timezone.now())
    with django_assert_num_queries(5):  # session, person, text, what is out, addresses
        assert desk.get(at(piece)).text.count("Leads here") == rows


NAMES = st.sampled_from(["a", "b", "c", "d"])
WHO = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), WHO, NAMES),
        st.tuples(st.just("publish"), WHO, st.sampled_from([0, 0, 1])),
        st.tuples(st.just("take back"), WHO, st.none()),
        st.tuples(st.just("unschedule"), WHO, st.none()),
        st.tuples(st.just("lead"), WHO, st.tuples(st.sampled_from(["articles", "questions"]), NAMES)),
        st.tuples(st.just("hand over"), WHO, WHO),
        st.tuples(st.just("wait"), st.just(0), st.none()),
    ),
    max_size=14,
)


def do(step: str, piece, what, pieces, eli, now: datetime) -> None:
    if step == "rename":
        piece.slug = what
        piece.write(by=eli, now=now, seen=piece.revision)
    elif step == "publish":
        piece.approve(by=second_reader(), now=now, seen=piece.revision)
        piece.publish(by=eli, now=now, seen=piece.revision, at=now + timedelta(hours=what))
    elif step == "take back":
        piece.take_back(by=eli, now=now)
    elif step == "unschedule":
        piece.unschedule(by=eli, now=now)
    elif step == "lead":
        piece.lead_here(*what, by=eli, now=now)
    elif step == "hand over":
        piece.hand_over(pieces[what], by=eli, now=now)


@given(steps=STEPS)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_f2_whatever_editors_do_each_address_is_one_step_from_a_public_text(eli, steps):
    """No chain, no loop, no dead end in the middle: the way of a reader is never longer than one step."""
    now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    with transaction.atomic():
        topic = Topic(name="Connection")
        topic.keep()
        pieces = [Article(title="P"), Article(title="Q"), Question(title="R")]
        for piece in pieces:
            piece.topic, piece.body = topic, "<p>x</p>"
            piece.write(by=eli, now=now, seen=0)
        read: set[str] = set()
        for step, who, what in steps:
            now += timedelta(minutes=31 if step == "wait" else 1)
            piece = type(pieces[who]).objects.get(pk=pieces[who].pk)
            with suppress(AddressTaken, NotReady, Stale):
                do(step, piece, what, pieces, eli, now)
            for release in Release.objects.public(now):
                read.add(release.get_absolute_url())
                found = Address.objects.get(shelf=release.shelf, slug=release.slug)
                assert found.piece_id == release.piece_id
        assert read <= {str(address) for address in Address.objects.all()}, "kept for good"
        walk(now)
        transaction.set_rollback(True)


def walk(now: datetime) -> None:
    """By every address that the texts can have had."""
    client = Client()
    with time_machine.travel(now, tick=False):
        for path in [f"/{shelf}/{slug}/" for shelf in ("articles", "questions") for slug in "abcdpqr"]:
            answer = client.get(path)
            assert answer.status_code in (200, 301, 404), path
            if answer.status_code == 301:
                assert client.get(answer.headers["Location"]).status_code == 200, path


@pytest.mark.django_db(transaction=True)
def test_f2_one_address_wanted_by_many_texts_at_once_leads_to_one(article, eli):
    pieces = [article(f"Text {number}") for number in range(8)]

    def work(number: int) -> str | None:
        try:
            pieces[number].lead_here("articles", "old-name", by=eli, now=timezone.now())
        except AddressTaken:
            return None
        return pieces[number].title

    winners = [title for title in at_once(work) if title]
    assert winners == [Address.objects.get(slug="old-name").piece.title]


@pytest.mark.django_db(transaction=True)
def test_f2_two_texts_handed_to_each_other_at_once_lead_nowhere_round(article, client, eli):
    one, two = article("One"), article("Two")
    three = article("Three")
    for piece in (one, two):
        piece.take_back(by=eli, now=timezone.now())

    def work(number: int) -> None:
        giver, taker = [(one, two), (two, one), (one, three), (two, three)][number % 4]
        try:
            giver.hand_over(taker, by=eli, now=timezone.now())
        except NotReady:
            return

    at_once(work)
    assert {moved(client, f"/articles/{slug}/") for slug in ("one", "two")} == {"/articles/three/"}
