"""One day, planned like any other; and what the look at a plan says about its room."""

import uuid
from datetime import date

import pytest

from groups.models import Series
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def once(oak, seeking, dev) -> dict:
    return {
        "client_token": str(uuid.uuid4()),
        "group": seeking.pk,
        "lead": dev.pk,
        "room": oak.pk,
        "often": "once",
        "start_date": "2026-11-26",
        "start_time": "18:00",
        "end_time": "19:00",
    }


def test_t1_just_once_asks_for_no_weekday_and_no_end(client_of, ana, once):
    assert client_of(ana).post(page("series_create"), once).status_code == 303
    series = Series.objects.get()
    assert (series.start_date, series.count, series.until) == (date(2026, 11, 26), 1, None)
    assert [session.local_date for session in series.sessions.all()] == [date(2026, 11, 26)]


def test_t1_what_stands_in_hidden_fields_does_not_count(client_of, ana, once):
    hidden = {"weekdays": ["0", "9"], "ends": "on", "until": "nonsense", "count": "-3"}
    assert client_of(ana).post(page("series_create"), once | hidden).status_code == 303
    assert Series.objects.get().sessions.get().local_date == date(2026, 11, 26)


def test_the_look_at_a_plan_says_when_it_is(client_of, ana, once):
    html = client_of(ana).post(page("series_dates"), once).content.decode()
    assert "Once, on Thursday, 26 November, 6:00 p.m. to 7:00 p.m." in html


@pytest.mark.parametrize(("places", "is_said"), [(8, False), (9, True)])
def test_c5_a_room_that_is_smaller_than_its_group_is_told(client_of, ana, seeking, once, places, is_said):
    seeking.capacity = places
    seeking.save()
    html = client_of(ana).post(page("series_dates"), once).content.decode()
    assert ("Oak room has 8 places, so no more can come." in " ".join(html.split())) is is_said
