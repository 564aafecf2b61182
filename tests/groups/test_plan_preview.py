"""What the page of planning says of the dates before anything is planned (T3, T9, C4)."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.models import Holiday, Leave, Series, Session
from tests.groups.conftest import NOW
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_dates_are_shown_before_planning(client_of, ana, typed):
    response = client_of(ana).post(page("series_dates"), typed, headers={"HX-Request": "true"})
    assert "Tue 1 Dec 2026, 6:00 p.m." in response.content.decode()
    assert Series.objects.count() == 0


def test_c4_the_dates_say_which_of_them_are_taken(client_of, ana, dev, make_session, typed):
    for day in (date(2026, 12, 8), date(2026, 12, 15)):
        make_session(day=day, at=time(17, 30), lead=dev)
    response = client_of(ana).post(page("series_dates"), typed, headers={"HX-Request": "true"})
    listed, _clashes = response.content.decode().split('<div class="notice">')
    items = [" ".join(item.split()) for item in re.findall(r"<li>(.*?)</li>", listed, re.S)]
    assert [item[:10] for item in items if "taken" in item] == ["Tue 8 Dec ", "Tue 15 Dec"]
    assert len(items) == 8
    assert "2 dates: Oak room and Dev Patel are taken by Seeking safety" in response.content.decode()


def test_t3_the_form_warns_of_an_hour_that_the_clocks_skip(client_of, ana, typed):
    sent = typed | {"weekdays": ["6"], "start_time": "02:30", "end_time": "03:30"}
    html = client_of(ana).post(page("series_dates"), sent).content.decode()
    assert "On 14 March 2027 the clocks skip this hour." in html


def test_t9_the_dates_name_holidays_and_plan_them_all_the_same(client_of, ana, mara, typed):
    Holiday.objects.create(
        name="Quiet week", first=date(2026, 12, 20), last=date(2026, 12, 27), made_by=mara, made_at=NOW
    )
    html = client_of(ana).post(page("series_dates"), typed, headers={"HX-Request": "true"}).content.decode()
    assert "Tue 22 Dec 2026: Quiet week" in html
    client_of(ana).post(page("series_create"), typed)
    assert Session.objects.filter(local_date=date(2026, 12, 22)).exists()


def test_the_dates_stand_there_before_the_room_is_chosen(client_of, ana, typed):
    sent = typed | {"room": "", "lead": "", "group": ""}
    html = client_of(ana).post(page("series_dates"), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Tue 1 Dec 2026, 6:00 p.m." in html


def test_what_is_wrong_with_the_dates_is_said_beside_them(client_of, ana, typed):
    sent = typed | {"end_time": "18:05"}
    html = client_of(ana).post(page("series_dates"), sent, headers={"HX-Request": "true"}).content.decode()
    assert "To: Choose an end that is 10 minutes to 8 hours after the start." in html


def test_the_preview_takes_the_same_queries_for_one_clash_and_for_thirty(
    client_of, ana, dev, typed, make_session
):
    browser, sent = client_of(ana), typed | {"weekdays": list("0123456"), "start_date": "2026-11-25"}

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "taken" in browser.post(page("series_dates"), sent).content.decode()
        return len(captured)

    make_session(day=date(2026, 11, 26), at=time(18), lead=dev)
    queries()  # the first in a browser also reads the session
    once = queries()
    for n in range(29):
        make_session(day=date(2026, 11, 27) + timedelta(days=n), at=time(18), lead=dev)
    assert queries() == once


@pytest.mark.parametrize("asked", ["date=2026-11-26", "room=1", ""])
def test_c4_a_form_that_a_link_filled_in_asks_for_its_dates_at_once(client_of, ana, asked):
    html = client_of(ana).get(f"{page('series_create')}?{asked}").content.decode()
    assert ('hx-trigger="load, input from' in html) == bool(asked)


def test_b9_the_preview_says_who_is_away_on_how_many_dates(client_of, ana, dev, typed):
    for first, last in (
        ("2026-11-25", "2026-12-09"),
        ("2026-12-15", "2026-12-15"),
        ("2027-06-01", "2027-06-02"),
    ):
        Leave.objects.note(
            person=dev, first=date.fromisoformat(first), last=date.fromisoformat(last), by=dev, now=NOW
        )
    sent = typed | {"co_lead": ana.pk}
    html = client_of(ana).post(page("series_dates"), sent).content.decode()
    assert "Dev Patel is away on 3 of these dates." in html
    assert "Ana Ruiz is away" not in html
    assert client_of(ana).post(page("series_create"), sent).status_code == 303
