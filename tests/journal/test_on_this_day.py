"""Pages of the same day come up for who asked for it, and for nobody else (J5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from journal.coming_up import days_before, memories
from journal.models import OnThisDay

TODAY, PATH = date(2026, 11, 24), "/journal/on-this-day/"


def test_j5_off_until_it_is_wished_and_says_what_it_does(sam, client_of, write):
    write(sam, title="Sentinel title", on=TODAY - timedelta(days=7))
    browser = client_of(sam)
    browser.get("/journal/")
    assert "A week ago" not in browser.get("/journal/").text
    page = browser.get(PATH).text
    assert "This is off" in page
    assert "Sentinel" not in page
    browser.post(PATH, {"wish": "on"})
    browser.post(PATH, {"wish": "on"})
    for place in (PATH, "/journal/"):
        page = browser.get(place).text
        assert "A week ago" in page
        assert "Sentinel title" in page
    browser.post(PATH, {"wish": "off"})
    assert "A week ago" not in browser.get("/journal/").text
    assert not OnThisDay.objects.exists()


def test_j5_a_page_rests_from_right_there(sam, client_of, write):
    entry = write(sam, on=TODAY - timedelta(days=7))
    OnThisDay.objects.turn_on(by=sam, now=timezone.now())
    browser = client_of(sam)
    assert "A week ago" in browser.get("/journal/").text
    answer = browser.post(f"/journal/{entry.pk}/rest/", {"list": "1"})
    assert answer["Location"] == "/journal/"
    assert "A week ago" not in browser.get("/journal/").text


def test_j5_what_is_deleted_or_somebody_elses_does_not_come_up(sam, noor, write):
    write(sam, on=TODAY - timedelta(days=7)).discard(by=sam, now=timezone.now())
    write(noor, on=TODAY - timedelta(days=7))
    write(sam, on=TODAY - timedelta(days=8))
    assert memories(sam, TODAY) == []


@pytest.mark.parametrize(
    ("today", "day", "ago"),
    [
        (date(2026, 11, 24), date(2026, 11, 17), "A week ago"),
        (date(2026, 11, 24), date(2026, 10, 24), "A month ago"),
        (date(2026, 1, 5), date(2025, 12, 5), "A month ago"),
        (date(2026, 3, 31), date(2026, 2, 28), None),
        (date(2026, 11, 24), date(2025, 11, 24), "A year ago"),
        (date(2026, 11, 24), date(1986, 11, 24), "40 years ago"),
        (date(2028, 2, 29), date(2024, 2, 29), "4 years ago"),
        (date(2028, 2, 28), date(2024, 2, 29), None),
        (date(2027, 2, 28), date(2024, 2, 29), "3 years ago"),
        (date(2026, 11, 24), date(2026, 11, 24), None),
    ],
)
def test_j5_the_days_that_come_up(today, day, ago):
    assert days_before(today).get(day) == ago


def test_a6_who_was_discharged_meanwhile_turns_on_what_they_may_read(luz, ana, frozen):
    OnThisDay.objects.turn_on(by=luz, now=timezone.now())
    with pytest.raises(PermissionDenied):
        OnThisDay.objects.turn_on(by=ana, now=timezone.now())
    assert OnThisDay.objects.get().owner == luz
