"""The weekly questions: sealed, merged, changed until the week ends, read item by item (K1, A5, J1)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from checkins.bam import DAY_STEPS, ITEMS, SUMS, Week
from checkins.models import Measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PAGE = reverse("checkins:measure")


def said(client) -> Week | None:
    opened = Measure.objects.of_week(client, by=client, now=timezone.now())
    return opened and opened.answers


def answer(client, **answers) -> Measure:
    week = Week({name.removeprefix("q"): value for name, value in answers.items()})
    return Measure.objects.answer(week, by=client, now=timezone.now())


def test_the_published_sums_leave_question_17_out_and_have_no_total():
    most = Week({item.name: max(value for value, _words in item.choices) for item in ITEMS})
    assert most.sums() == ["12 of 12", "24 of 24", "24 of 24"]
    summed = [name for _title, names in SUMS for name in names]
    assert len(summed) == len(set(summed)) == 15
    assert not {"7a", "17"} & set(summed)
    assert Week({"4": 1, "5": 0, "6": 7}).sums() == [
        f"{DAY_STEPS[1] + DAY_STEPS[7]} of 12",
        "not told",
        "not told",
    ]


def test_j1_what_is_stored_tells_nothing_and_is_bound_to_its_row(sam):
    row = answer(sam, q6=5)
    stored = bytes(Measure.objects.get().answers_sealed)
    assert b'"6"' not in stored
    row.refresh_from_db()
    Measure.objects.update(revision=row.revision + 1)
    (opened,) = Measure.objects.opened(by=sam, now=timezone.now())
    assert opened.answers is None  # an older text under another revision does not open


def test_half_a_week_is_continued_and_an_old_page_takes_nothing_away(sam):
    answer(sam, q1=2)
    answer(sam, q8=3)
    assert said(sam) == {"1": 2, "8": 3}
    answer(sam, q8=-1)
    assert said(sam) == {"1": 2}
    row = Measure.objects.get()
    assert answer(sam, q1=2).revision == row.revision  # nothing new, nothing written


def test_k1_a_week_ends_with_the_clients_own_sunday_night(sam, frozen):
    answer(sam, q1=2)
    (row,) = Measure.objects.all()
    assert row.week == date(2026, 11, 23) == sam.local_day(timezone.now()) - timedelta(days=1)
    frozen.shift(timedelta(days=7))
    assert said(sam) is None
    answer(sam, q1=3)
    assert Measure.objects.count() == 2


def test_the_page_keeps_answers_and_every_question_may_stay_open(sam, client_of):
    browser = client_of(sam)
    assert browser.post(PAGE, {}).status_code == 422
    assert browser.post(PAGE, {"item_8": "9"}).status_code == 422
    assert browser.post(PAGE, {"item_8": "3", "item_7a": "2"}).status_code == 303
    assert said(sam) == {"8": 3, "7a": 2}


def test_an_old_weeks_page_is_asked_again_before_it_counts_for_this_week(sam, client_of):
    sent = {"week": "2026-11-16", "item_8": "3"}
    page = client_of(sam).post(PAGE, sent)
    assert page.status_code == 422
    assert said(sam) is None
    assert 'value="2026-11-23"' in page.content.decode()


def test_h1_help_lines_stand_first_beside_heavy_answers(sam, client_of):
    browser = client_of(sam)
    answer(sam, q8=2)
    assert "help-first" not in browser.get(PAGE).content.decode()
    answer(sam, q8=3)
    page = browser.get(PAGE).content.decode()
    assert "help-first" in page
    assert 'href="tel:988"' in page


def test_a5_the_care_team_reads_it_and_the_look_is_noted(sam, ana, dev, client_of):
    answer(sam, q16=5)
    path = reverse("checkins:measure_history", args=[sam.pk])
    assert client_of(dev).get(path).status_code == 404
    assert not AccessRecord.objects.exists()
    page = client_of(ana).get(path).content.decode()
    assert "5 of 7 days" in page
    assert AccessRecord.objects.filter(actor=ana, subject_id=sam.pk, what="check_in").count() == 1


def test_the_client_reads_the_same_answers_without_sums_and_is_not_noted(sam, client_of):
    answer(sam, q4=0, q5=0, q6=2)
    page = client_of(sam).get(reverse("checkins:measure_weeks")).content.decode()
    assert "2 of 7 days" in page
    assert "of 12" not in page
    assert not AccessRecord.objects.exists()


def test_twelve_weeks_cost_no_more_questions_than_one(
    sam, ana, client_of, frozen, django_assert_max_num_queries
):
    browser, path = client_of(ana), reverse("checkins:measure_history", args=[sam.pk])
    answer(sam, q4=0)
    browser.get(path)
    with django_assert_max_num_queries(40) as one:
        browser.get(path)
    for _week in range(11):
        frozen.shift(timedelta(days=-7))
        answer(sam, q4=1)
    frozen.shift(timedelta(days=77))
    with django_assert_max_num_queries(len(one)):
        browser.get(path)
