"""A clinician plans sessions: what the form does, and what nonsense it survives."""

import re
import uuid
from datetime import date, time

import pytest

from groups.models import Group, Series, Session
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")


NEW_GROUP = {
    "new-name": "Grief circle",
    "new-purpose": "Room for what is gone.",
    "new-kind": "circle",
    "new-pace": "1",
    "new-capacity": "8",
    "new-admission": "open",
}


def test_a_clinician_plans_a_weekly_group(client_of, ana, dev, typed):
    response = client_of(ana).post(page("series_create"), typed)
    assert (response.status_code, response.headers["Location"]) == (303, "/schedule/?week=2026-W49")
    series = Series.objects.get()
    assert (series.start_date, series.rule) == (date(2026, 12, 1), "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU")
    assert series.sessions.count() == 12
    assert "Seeking safety" in client_of(ana).get(response.headers["Location"]).content.decode()


def test_a_clinician_plans_a_new_group_on_the_same_page(client_of, ana, typed):
    response = client_of(ana).post(page("series_create"), typed | NEW_GROUP | {"group": ""})
    assert response.status_code == 303
    assert Series.objects.get().group.name == "Grief circle"


def test_a_plan_sent_twice_is_one_series(client_of, ana, typed):
    browser, sent = client_of(ana), typed | NEW_GROUP | {"group": ""}
    assert [browser.post(page("series_create"), sent).status_code for _ in range(2)] == [303, 303]
    assert Series.objects.count() == 1


def resent(client_of, ana, first: dict, second: dict) -> str:
    """What is answered when one form is sent, changed, and sent again."""
    browser = client_of(ana)
    assert browser.post(page("series_create"), first).status_code == 303
    response = browser.post(page("series_create"), second)
    assert (response.status_code, Series.objects.count()) == (422, 1)
    return response.content.decode()


@pytest.mark.parametrize(("name", "value"), [("end_time", "18:55"), ("start_time", "17:30"), ("often", "2")])
def test_c4_a_plan_sent_again_in_other_words_is_not_lost(client_of, ana, typed, name, value):
    html = resent(client_of, ana, typed, typed | {name: value})
    assert "You sent this form before, and those sessions are planned." in html
    assert re.search(rf'name="{name}"\s[^>]*value="{value}"|value="{value}"\s+selected', html)


def test_c4_what_was_sent_in_other_words_is_planned_when_it_is_sent_once_more(client_of, ana, dev, typed):
    other = typed | {"lead": ana.pk, "start_time": "20:00", "end_time": "21:00"}
    html = resent(client_of, ana, typed, other)
    [token] = re.findall(r'name="client_token"\s+value="([^"]*)"', html)
    response = client_of(ana).post(page("series_create"), other | {"client_token": token})
    assert (response.status_code, Series.objects.count()) == (303, 2)


def test_c4_a_plan_with_somebody_else_is_another_plan(client_of, ana, typed):
    assert "You sent this form before" in resent(client_of, ana, typed, typed | {"co_lead": ana.pk})


def test_c4_a_plan_for_a_new_group_sent_again_in_other_words_is_not_lost(client_of, ana, typed):
    first = typed | NEW_GROUP | {"group": ""}
    html = resent(client_of, ana, first, first | {"new-purpose": "Room for loss."})
    assert "You sent this form before" in html
    assert 'value="Room for loss."' in html


def test_c4_a_clash_is_listed_and_the_typed_text_kept(client_of, ana, dev, make_session, typed):
    make_session(day=date(2026, 12, 8), at=time(17, 30), lead=ana)
    response = client_of(ana).post(page("series_create"), typed | {"end_time": "18:55"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Tue 8 Dec 2026: Oak room is taken by Seeking safety" in html
    assert 'value="18:55"' in html
    assert Series.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_date": "1800-01-01"},
        {"start_date": "99999-01-01"},
        {"start_date": "2026-11-23"},
        {"start_date": "x\0"},
        {"ends": "on", "until": "9999-12-31"},
        {"ends": "on", "until": "2026-11-25"},
        {"ends": "on", "until": ""},
        {"ends": "after", "count": ""},
        {"ends": "after", "count": "0"},
        {"ends": "after", "count": "1e9"},
        {"ends": "after", "count": "200"},
        {"ends": "soon"},
        {"ends": ""},
        {"start_time": "25:00"},
        {"end_time": ""},
        {"end_time": "18:05"},
        {"end_time": "17:00"},
        {"weekdays": ["9"]},
        {"weekdays": []},
        {"often": "0"},
        {"often": "9"},
        {"often": "fifth"},
        {"room": "0c0ffee0-0000-4000-8000-000000000000"},
        {"room": "Oak"},
        {"lead": ""},
        {"client_token": "again"},
        {"group": "x"},
        {"group": ""},
        {"group": "", **NEW_GROUP, "new-name": "\u202e \u202c"},
        {"group": "", **NEW_GROUP, "new-name": "a" * 1_000_000},
        {"group": "", **NEW_GROUP, "new-purpose": "NUL \0"},
        {"group": "", **NEW_GROUP, "new-capacity": "0"},
        {"group": "", **NEW_GROUP, "new-capacity": "99999999999"},
        {"group": "", **NEW_GROUP, "new-name": "Seeking safety"},
    ],
    ids=lambda wrong: ",".join(f"{name}={value!r:.20}" for name, value in wrong.items())[-60:],
)
def test_nonsense_is_refused_in_words(client_of, ana, typed, wrong):
    response = client_of(ana).post(page("series_create"), typed | wrong)
    assert response.status_code == 422
    assert "Something needs another look" in response.content.decode()
    assert client_of(ana).post(page("series_dates"), typed | wrong).status_code == 200
    assert (Series.objects.count(), Session.objects.count(), Group.objects.count()) == (0, 0, 1)


def test_a_manager_adds_a_room_once(client_of, mara, oak):
    sent = {"name": "Library", "place": "first floor", "capacity": "6", "turnover_minutes": "10"}
    assert client_of(mara).post(page("room_list"), sent).status_code == 303
    response = client_of(mara).post(page("room_list"), sent)
    assert response.status_code == 422
    assert "There is a room of this name already." in response.content.decode()
    assert (
        client_of(mara).post(page("room_list"), sent | {"name": "X", "turnover_minutes": "31"}).status_code
        == 422
    )


def test_b6_a_changed_agreement_is_a_new_version(client_of, ana, seeking):
    sent = {name.removeprefix("new-"): value for name, value in NEW_GROUP.items()}
    for agreement in ("Be kind.", "Be kind.", "Be kind, be on time."):
        response = client_of(ana).post(page("group_edit", seeking.pk), sent | {"agreement": agreement})
        assert response.status_code == 303
    seeking.refresh_from_db()
    assert seeking.agreement_version == 3


def test_b6_line_ends_alone_are_no_new_agreement(client_of, ana, seeking):
    Group.objects.update(agreement="Be kind.\nBe on time.")
    sent = {name.removeprefix("new-"): value for name, value in NEW_GROUP.items()}
    sent["agreement"] = "Be kind.\r\nBe on time."
    assert client_of(ana).post(page("group_edit", seeking.pk), sent).status_code == 303
    seeking.refresh_from_db()
    assert (seeking.name, seeking.agreement_version) == ("Grief circle", 1)


def test_fields_of_a_new_group_do_not_hold_up_a_plan_for_an_old_one(client_of, ana, seeking):
    html = client_of(ana).get(page("series_create"), {"group": str(seeking.pk)}).content.decode()
    assert f'value="{seeking.pk}" selected' in " ".join(html.split())
    name = html[html.index('name="new-name"') :]
    assert "required" not in name[: name.index(">")]
    assert client_of(ana).get(page("series_create"), {"group": "forged' OR 1=1"}).status_code == 200


def test_a_free_place_on_the_board_fills_the_form(client_of, ana, dev, oak, seeking):
    asked = {"date": "2026-12-10", "time": "13:30", "room": oak.pk, "lead": dev.pk, "group": seeking.pk}
    html = " ".join(client_of(ana).get(page("series_create"), asked).content.decode().split())
    assert 'value="2026-12-10"' in html
    assert 'value="13:30"' in html
    assert 'value="14:30"' in html
    assert re.search(r'value="3"[^>]* checked', html)  # it is a Thursday
    for row in (oak, dev, seeking):
        assert f'value="{row.pk}" selected' in html


@pytest.mark.parametrize(
    "asked",
    [
        {"date": "2026-11-23", "time": "25:00", "room": "Oak", "lead": "' OR 1=1", "group": "x"},
        {"date": "9999-99-99", "time": "noon", "room": str(uuid.uuid4()), "lead": "1", "group": "1"},
        {"date": "2036-01-01", "time": ""},
    ],
    ids=range(3),
)
def test_nonsense_in_a_link_is_left_out(client_of, ana, seeking, asked):
    html = " ".join(client_of(ana).get(page("series_create"), asked).content.decode().split())
    assert 'value="2026-11-24"' in html  # today
    assert f'value="{ana.pk}" selected' in html


def test_t1_by_the_month_and_so_many_times(client_of, ana, typed):
    sent = typed | {"often": "last", "weekdays": ["4"], "ends": "after", "count": "6", "until": "2026-12-01"}
    html = client_of(ana).post(page("series_dates"), sent, headers={"HX-Request": "true"}).content.decode()
    assert "On the last Friday of each month, 6:00 p.m. to 7:00 p.m., 6 times" in html
    assert "Fri 27 Nov 2026" in html
    assert "Fri 25 Dec 2026" in html
    assert client_of(ana).post(page("series_create"), sent).status_code == 303
    series = Series.objects.get()
    assert (series.rule, series.until, series.sessions.count()) == ("FREQ=MONTHLY;BYDAY=-1FR", None, 6)


def test_t4_an_end_before_the_start_is_on_the_next_day(client_of, ana, typed):
    sent = typed | {"start_time": "23:00", "end_time": "00:30", "ends": "after", "count": "1"}
    assert client_of(ana).post(page("series_create"), sent).status_code == 303
    assert Series.objects.get().minutes == 90
