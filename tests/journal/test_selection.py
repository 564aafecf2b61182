"""Some pages, or all, go to paper or into one file, after showing once more who one is (A7, J5)."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session as Stored
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from journal.models import Entry

PATH, TODAY = "/journal/selection/", date(2026, 11, 24)


@pytest.fixture
def shown(frozen, sam, client_of, monkeypatch):
    """Somebody who showed a moment ago that it is still them."""
    monkeypatch.setattr("accounts.gates.showed_it_is_them", lambda request: True)
    return client_of(sam)


def file_of(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def test_a7_pages_leave_only_after_signing_in_again(frozen, sam, client_of, write):
    entry, browser = write(sam, "Sentinel words"), client_of(sam)
    answer = browser.get(f"{PATH}?page={entry.pk}")
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    answer = browser.post(PATH, {"page": str(entry.pk), "note": "sentinelbody"})
    assert (answer.status_code, answer["Location"]) == (303, PATH)
    assert not any("sentinelbody" in str(row.get_decoded()) for row in Stored.objects.all())


def test_a7_the_file_holds_what_was_ticked_and_stands_for_itself(shown, sam, noor, write):
    first = write(sam, "First <b>words</b>\n\nMore.", title="A & B", prompt="What is warm?")
    write(sam, "Sentinel other")
    november = write(sam, "Of the first of November", on=date(2026, 11, 1))
    write(sam, "Of October", on=date(2026, 10, 31))
    gone = write(sam, "Sentinel deleted")
    gone.discard(by=sam, now=timezone.now())
    theirs = write(noor, "Sentinel hers")
    ticked = {"page": [str(row.pk) for row in (first, gone, theirs)] + ["nonsense"], "month": "2026-10"}
    answer = shown.post(PATH, ticked)
    assert answer["Content-Disposition"] == 'attachment; filename="pages-2026-11-24.html"'
    text = file_of(answer)
    assert "First &lt;b&gt;words&lt;/b&gt;" in text
    assert "A &amp; B" in text
    assert "What is warm?" in text
    assert text.index("Of October") < text.index("First &lt;b")
    assert "Sentinel" not in text
    assert "Of the first" not in text
    assert not any(way in text for way in ("http:", "https:", "src=", "<link", "<script", "csrf"))
    assert AuditEvent.objects.get(act="exported").detail == ""  # managers read it
    everything = file_of(shown.post(PATH, {"all": "1"}))
    assert all(words in everything for words in ("Of October", "Sentinel other", "Of the first"))
    assert "Sentinel deleted" not in everything
    assert november.pk


def test_j5_they_are_shown_to_print(shown, sam, write):
    write(sam, "First words")
    page = shown.post(PATH, {"all": "1", "then": "print"}).text
    assert "First words" in page
    assert "data-print" in page
    assert not AuditEvent.objects.filter(act="exported").exists()


def test_j5_pages_are_chosen_by_the_month_or_one_by_one(shown, sam, write):
    entry = write(sam, title="Of this month")
    write(sam, title="Of another", on=date(2026, 3, 1))
    page = shown.get(PATH).text
    assert 'value="2026-11"' in page
    assert 'value="2026-03"' in page
    assert "Of this month" not in page
    assert "Of this month" in shown.get(f"{PATH}?month=2026-11").text
    assert f'value="{entry.pk}" checked' in shown.get(f"{PATH}?page={entry.pk}").text
    assert shown.get(f"{PATH}?month=nonsense&page=nonsense").status_code == 200


@pytest.mark.parametrize("ticked", [{}, {"page": "nonsense"}, {"month": "2026-13"}, {"month": "2020-01"}])
def test_j5_nothing_chosen_is_said_in_words(shown, sam, write, ticked):
    write(sam)
    answer = shown.post(PATH, ticked)
    assert answer.status_code == 422
    assert "Choose a month or a page first." in answer.text


def test_j1_a_page_that_does_not_open_says_so_and_the_others_follow(shown, sam, write):
    bad, _good = write(sam, "Sentinel", on=TODAY - timedelta(days=1)), write(sam, "Good words")
    Entry.objects.filter(pk=bad.pk).update(text_sealed=b"\x01nonsense")
    text = file_of(shown.post(PATH, {"all": "1"}))
    assert "This page cannot be opened right now." in text
    assert "Good words" in text


def test_a6_who_left_takes_pages_along(frozen, luz, client_of, monkeypatch):
    monkeypatch.setattr("accounts.gates.showed_it_is_them", lambda request: True)
    assert "We sat by the water." in file_of(client_of(luz).post(PATH, {"all": "1"}))


@pytest.mark.parametrize("number", [1, 30])
def test_j5_choosing_takes_the_same_queries_however_many_pages(
    shown, sam, write, django_assert_num_queries, number
):
    for _number in range(number):
        write(sam, title="One of these")
    with django_assert_num_queries(5):  # session, person, months, pages, key
        assert shown.get(f"{PATH}?month=2026-11").text.count("One of these") == number
