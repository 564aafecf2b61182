"""K7 and H1: the help lines first, then one button, then honestly what came of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutreachTask
from notifications.models import Heartbeat
from tests.accounts.test_calling import FIFTEEN, clinician, on_duty

URL = "/check-in/someone/"


@pytest.fixture
def sams(sam, ana, client_of, frozen):
    for part in Heartbeat.PARTS:
        Heartbeat.beat(part)
    return client_of(sam)


def told(browser, **headers) -> str:
    return " ".join(browser.get(URL, headers=headers).content.decode().split())


def task() -> OutreachTask:
    return OutreachTask.objects.get()


def test_h1_the_help_lines_stand_before_the_first_form_of_the_page(sams):
    main = told(sams).partition("<main")[2]
    assert 0 < main.index('href="tel:988"') < main.index("<form")
    sams.post(URL)
    assert 'href="tel:988"' in told(sams).partition("Nobody has answered yet.")[0]


def test_k7_one_tap_asks_and_however_often_it_is_tapped_it_is_one_wish(sams, ana):
    for _tap in range(3):
        assert sams.post(URL)["Location"] == URL
    assert (task().reason, ana.notices.count()) == ("asked", 1)


def test_k7_the_client_reads_who_was_called_who_has_seen_it_and_who_comes(sams, sam, ana, client_of, frozen):
    on_duty(ana)
    clinician("Mo", sam)
    sams.post(URL)
    page = told(sams)
    assert "Nobody has answered yet." in page
    assert "At 10 a.m. we called Ana Ruiz." in page
    assert "If nobody has answered by 10:15 a.m., we call the next person, until somebody comes." in page
    frozen.shift(FIFTEEN)
    OutreachTask.objects.call_next(timezone.now())
    sams = client_of(sam)
    assert "At 10:15 a.m. we called Mo." in told(sams)
    client_of(ana).get("/today/")
    assert "At 10:15 a.m. Ana Ruiz had it on the screen." in told(sams)
    task().take(by=ana, now=timezone.now())
    page = told(sams)
    assert "Ana Ruiz will come to you." in page
    assert "Ana Ruiz has seen it at 10:15 a.m. and said: I will go." in page
    assert "we call the next person" not in page
    task().close(by=ana, now=timezone.now())
    assert "Ana Ruiz talked with you." in told(sams)
    assert '<button class="button">' in told(sams).partition("<main")[2]
    frozen.shift(timedelta(days=1))
    assert "talked with you" not in told(client_of(sam))


def test_k7_an_engine_that_is_silent_is_not_hidden(sams, frozen):
    assert "Calls do not go out by themselves now." not in told(sams)
    frozen.shift(timedelta(minutes=11))
    assert "Calls do not go out by themselves now." in told(sams)  # before anybody relies on it
    sams.post(URL)
    assert "Calls do not go out by themselves now." in told(sams)


def test_k7_a_page_that_asks_by_itself_gets_the_story_alone_and_stops_once_it_is_answered(sams, ana):
    sams.post(URL)
    part = told(sams, **{"HX-Request": "true"})
    assert "<main" not in part
    assert "X-Background" in part
    task().take(by=ana, now=timezone.now())
    assert "hx-trigger" not in told(sams, **{"HX-Request": "true"})


def test_a6_whoever_has_left_finds_no_such_page(luz, client_of, frozen):
    answers = [getattr(client_of(luz), method)(URL).status_code for method in ("get", "post")]
    assert (answers, OutreachTask.objects.count()) == ([404, 404], 0)


def test_a4_a_page_that_asks_by_itself_keeps_nobody_signed_in(sams, frozen):
    sams.post(URL)
    for _minute in range(16):
        frozen.shift(60)
        answer = sams.get(URL, headers={"HX-Request": "true", "X-Background": "1"})
    assert "HX-Redirect" in answer.headers


@pytest.mark.parametrize("steps", [1, 30])
def test_k7_the_page_costs_the_same_after_one_call_and_after_thirty(
    sams, sam, ana, client_of, frozen, steps, django_assert_num_queries
):
    sams.post(URL)
    for _step in range(steps):
        frozen.shift(FIFTEEN)
        OutreachTask.objects.call_next(timezone.now())
    sams = client_of(sam)
    sams.get(URL)
    # session, person, task, calls, engine, lines, and who can see the wish
    with django_assert_num_queries(7):
        assert sams.get(URL, headers={"X-Background": "1"}).status_code == 200
