"""Nothing is saved before each date that clashes has its answer (C2, C4)."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from groups.answers import Answer
from groups.clashes import Clashes
from groups.models import Facilitator, Room, Series, Session, SkippedDate
from groups.refusals import NothingToPlan
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

FIRST, SECOND = date(2026, 12, 8), date(2026, 12, 15)


@pytest.fixture
def studio(db) -> Room:
    return Room.objects.create(name="Studio", capacity=12, turnover_minutes=5)


@pytest.fixture
def typed(oak, seeking, dev) -> dict:
    return {
        "client_token": str(uuid.uuid4()),
        "group": seeking.pk,
        "lead": dev.pk,
        "room": oak.pk,
        "often": "1",
        "weekdays": ["1"],
        "start_date": "2026-12-01",
        "start_time": "18:00",
        "end_time": "19:00",
        "ends": "after",
        "count": "4",
    }


def days_of(series: Series) -> list[date]:
    return sorted(series.sessions.values_list("local_date", flat=True))


def refused(series: Series, answer: Answer, **who) -> None:
    with pytest.raises(Clashes):
        series.schedule(answer=answer, now=NOW, **who)
    assert Series.objects.count() == 0
    assert not Session.objects.filter(series__isnull=False).exists()


def test_c4_dates_are_left_out_by_name(make_session, make_series, ana, dev):
    make_session(day=FIRST, at=time(18), lead=ana)
    series = make_series(count=4)
    assert series.schedule(leads=[dev], by=ana, now=NOW, answer=Answer(skip=frozenset([FIRST]))) == 3
    assert FIRST not in days_of(series)
    assert list(SkippedDate.objects.values_list("day", "skipped_by")) == [(FIRST, ana.pk)]


def test_c4_a_clash_that_was_not_on_the_page_is_asked_about(make_session, make_series, ana, dev):
    for day in (FIRST, SECOND):
        make_session(day=day, at=time(18), lead=ana)
    refused(make_series(count=4), Answer(skip=frozenset([FIRST])), leads=[dev], by=dev)


def test_c4_a_date_that_came_free_since_takes_place(make_series, dev):
    series = make_series(count=4)
    assert series.schedule(leads=[dev], by=dev, now=NOW, answer=Answer(skip=frozenset([FIRST]))) == 4
    assert not SkippedDate.objects.exists()


def test_c4_another_room_is_the_sessions_own(make_session, make_series, studio, oak, ana, dev):
    make_session(day=FIRST, at=time(18), lead=ana)
    series = make_series(count=4)
    series.schedule(leads=[dev], by=dev, now=NOW, answer=Answer(rooms={FIRST: studio, SECOND: studio}))
    there = {row.local_date: (row.room, row.own_room) for row in series.sessions.select_related("room")}
    assert there[FIRST] == (studio, True)
    assert there[SECOND] == (oak, False)
    moved = series.sessions.get(local_date=FIRST)
    assert moved.room_free_at - moved.ends_at == timedelta(minutes=5)


def test_c4_another_room_that_was_taken_meanwhile_is_asked_about(make_session, make_series, studio, ana, dev):
    make_session(day=FIRST, at=time(18), lead=ana)
    make_session(day=FIRST, at=time(18), room=studio)
    series = make_series(count=4)
    refused(series, Answer(rooms={FIRST: studio}), leads=[dev], by=dev)


def test_c4_all_dates_left_out_is_no_plan(make_session, make_series, ana, dev):
    make_session(at=time(18), lead=ana)
    with pytest.raises(NothingToPlan):
        make_series(count=1).schedule(leads=[dev], by=dev, now=NOW, answer=Answer(skip=frozenset([TODAY])))


def test_c2_a_manager_lets_somebody_be_in_two_places_and_says_why(
    make_session, make_series, studio, ana, dev, mara
):
    make_session(day=FIRST, at=time(18), lead=dev)
    series, answer = make_series(room=studio, count=4), Answer(twice=frozenset([FIRST]), reason="Door open.")
    refused(series, answer, leads=[dev], by=ana)  # a clinician may not
    refused(series, Answer(twice=frozenset([FIRST])), leads=[dev], by=mara)  # not without a reason
    refused(series, Answer(twice=frozenset([SECOND]), reason="x"), leads=[dev], by=mara)
    assert series.schedule(leads=[dev], by=mara, now=NOW, answer=answer) == 4
    kept = Facilitator.objects.exclude(overlap_allowed_by=None)
    assert [(row.session.local_date, row.overlap_allowed_by, row.overlap_reason) for row in kept] == [
        (FIRST, mara, "Door open.")
    ]


def test_c2_no_reason_opens_a_taken_room(make_session, make_series, dev, mara):
    make_session(day=FIRST, at=time(18), lead=dev)
    refused(make_series(), Answer(twice=frozenset([FIRST]), reason="x"), leads=[dev], by=mara)


def answers_on(html: str, choice: str) -> dict[str, str]:
    """What a page asks, with this choice for each question that offers it."""
    names = re.findall(r'name="(clash-dates_(\d+))"\s+value="([^"]*)"', html)
    offered = dict.fromkeys(re.findall(r'name="clash-choice_(\d+)"\s+value="' + choice, html))
    return {name: value for name, _n, value in names} | {f"clash-choice_{n}": choice for n in offered}


def test_c4_the_page_asks_and_saves_after_the_answer(
    client_of, ana, dev, make_session, studio, typed, frozen
):
    for day in (FIRST, SECOND):
        make_session(day=day, at=time(17, 30), lead=ana)
    browser = client_of(ana)
    response = browser.post(page("series_create"), typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Nothing is saved yet: 2 dates are taken" in html
    assert "Meet in Studio (12 places)" in html
    again = browser.post(page("series_create"), typed | answers_on(html, f"room:{studio.pk}"))
    assert again.status_code == 303
    assert Series.objects.get().sessions.filter(room=studio, own_room=True).count() == 2


def test_c4_dates_without_one_free_room_are_asked_about_one_by_one(
    client_of, ana, make_session, studio, typed, frozen
):
    library = Room.objects.create(name="Library", capacity=5)
    for day, other in ((FIRST, studio), (SECOND, library)):
        make_session(day=day, at=time(17, 30), lead=ana)
        make_session(day=day, at=time(17, 30), room=other)
    html = client_of(ana).post(page("series_create"), typed).content.decode()
    assert html.count('name="clash-dates_') == 2
    assert ("Meet in Studio" in html, "Meet in Library" in html) == (True, True)


def test_c4_an_answer_goes_for_the_dates_that_were_shown(client_of, ana, make_session, typed, frozen):
    make_session(day=FIRST, at=time(17, 30), lead=ana)
    browser = client_of(ana)
    html = browser.post(page("series_create"), typed).content.decode()
    make_session(day=SECOND, at=time(17, 30), lead=ana)
    response = browser.post(page("series_create"), typed | answers_on(html, "skip"))
    assert (response.status_code, Series.objects.count()) == (422, 0)
    assert "Choose one, or change the plan." in response.content.decode()


def test_c2_a_manager_is_asked_for_the_reason(client_of, mara, dev, make_session, studio, typed, frozen):
    make_session(day=FIRST, at=time(17, 30), lead=dev, room=studio)
    browser = client_of(mara)
    html = browser.post(page("series_create"), typed).content.decode()
    sent = typed | answers_on(html, "twice")
    response = browser.post(page("series_create"), sent)
    assert response.status_code == 422
    assert "Write why this person may be in two places." in response.content.decode()
    assert browser.post(page("series_create"), sent | {"clash-reason": "Next door."}).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"clash-dates_0": "2026-12-08", "clash-choice_0": ""},
        {"clash-dates_0": "2026-12-08", "clash-choice_0": "room:Oak"},
        {"clash-dates_0": "2026-12-08", "clash-choice_0": f"room:{uuid.uuid4()}"},
        {"clash-dates_0": "2026-12-08", "clash-choice_0": "twice", "clash-reason": "because"},
        {"clash-dates_0": "never,\0", "clash-choice_0": "skip"},
        {"clash-dates_0": "2026-12-08," * 9999, "clash-choice_0": "twice", "clash-reason": "\0"},
        {"clash-dates_1": "2026-12-08", "clash-choice_1": "skip"},
    ],
    ids=range(7),
)
def test_c4_a_nonsense_answer_is_none(client_of, ana, make_session, typed, wrong, frozen):
    make_session(day=FIRST, at=time(17, 30), lead=ana)
    response = client_of(ana).post(page("series_create"), typed | wrong)
    assert (response.status_code, Series.objects.count()) == (422, 0)


@pytest.mark.django_db(transaction=True)
def test_c4_sent_twice_at_once_in_two_rooms_is_one_series(make_series, studio, oak, dev, ana):
    """Neither waits for the other's room or people, so only the token shows that they are the same."""
    token, start = uuid.uuid4(), Barrier(2)

    def send(number):
        series = make_series(client_token=token, room=(oak, studio)[number], count=3)
        try:
            start.wait(timeout=30)
            return series.schedule(leads=[(dev, ana)[number]], by=dev, now=NOW)
        except Exception as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        results = sorted(threads.map(send, range(2)), key=str)
    assert results == [3, "PlannedBefore"]
    assert Series.objects.count() == 1
