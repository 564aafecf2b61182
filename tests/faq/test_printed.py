"""An open page is rendered once for each edition of the library, and never shows an earlier one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import Edition, Stale
from faq.views import printed
from tests.library import put_out


def test_every_change_makes_a_new_edition(article, topic, eli):
    now = timezone.now()
    piece = article("Being heard", draft=True)
    marks = [Edition.objects.current()]
    for change in (
        lambda: piece.write(by=eli, now=now, seen=1),
        lambda: put_out(piece, eli, now),
        lambda: piece.end(by=eli, now=now, until=now + timedelta(days=1)),
        lambda: piece.take_back(by=eli, now=now),
        lambda: piece.publish(by=eli, now=now, seen=2),
        topic.keep,
    ):
        change()
        marks.append(Edition.objects.current())
    assert len(set(marks)) == 7
    assert Edition.objects.count() == 1


def test_a_change_that_fails_makes_no_new_edition(article, eli):
    piece = article("Being heard")
    before = Edition.objects.current()
    with pytest.raises(Stale):
        piece.write(by=eli, now=timezone.now(), seen=0)
    assert Edition.objects.current() == before


def test_what_stands_beside_a_text_is_as_fresh_as_the_text(article, question, topic, client, eli):
    asked = question("Must I speak?")
    article("Being heard", asked=[asked])
    assert "Must I speak?" in client.get("/articles/being-heard/").text
    asked.take_back(by=eli, now=timezone.now())
    assert "Must I speak?" not in client.get("/articles/being-heard/").text
    asked.publish(by=eli, now=timezone.now(), seen=1)
    topic.name = "Company"
    topic.keep()
    page = client.get("/articles/being-heard/").text
    assert "Must I speak?" in page
    assert "Company</span> ·" in page


def test_a_text_appears_within_a_minute_of_its_date(article, client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    article("Ahead of time", public_from=timedelta(hours=1))
    assert "Ahead of time" not in client.get("/articles/").text
    time_machine.shift(timedelta(hours=1, seconds=printed.SECONDS))
    assert "Ahead of time" in client.get("/articles/").text


def test_the_memory_of_a_process_holds_so_many_pages_and_no_more(article, client, monkeypatch):
    monkeypatch.setattr(printed, "MOST", 2)
    slugs = [article(f"Number {number}").slug for number in range(5)]
    for slug in slugs * 2:
        assert f"<title>Number {slug[-1]}</title>" in client.get(f"/articles/{slug}/").text


def test_what_is_not_there_is_not_kept(article, client, eli):
    assert client.get("/articles/being-heard/").status_code == 404
    article("Being heard")
    assert client.get("/articles/being-heard/").status_code == 200
