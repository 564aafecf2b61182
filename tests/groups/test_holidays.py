"""A holiday deletes nothing: each session on it is kept, cancelled or moved by somebody (T9)."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from groups.models import Booking, Holiday, KeptOnHoliday, Room, Session
from groups.views import holidays
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents

NEXT = TODAY + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def thanks(mara) -> Holiday:
    """Thursday and Friday of this week."""
    last = NEXT + timedelta(days=1)
    return Holiday.objects.create(name="Harvest day", first=NEXT, last=last, made_by=mara, made_at=NOW)


def undecided() -> list[Session]:
    return list(Session.objects.on_holidays_undecided(NOW).in_order())


def path(name: str, holiday: Holiday) -> str:
    return reverse(f"groups:{name}", args=[holiday.pk])


def test_t9_a_holiday_changes_no_session_and_lists_those_on_its_days(make_session, thanks):
    before = make_session()
    first, second = make_session(day=NEXT), make_session(day=thanks.last)
    make_session(day=thanks.last + timedelta(days=1))
    assert undecided() == [first, second] == list(thanks.undecided(NOW).in_order())
    assert Session.objects.not_cancelled().count() == 4
    assert before not in undecided()
    assert Holiday.objects.ahead(TODAY).with_undecided(NOW).get().left == 2


def test_t9_kept_cancelled_moved_and_resting_sessions_are_decided(
    make_session, make_series, thanks, dev, mara
):
    kept, off, moved, left = (make_session(day=NEXT, at=time(hour)) for hour in (8, 10, 12, 14))
    series = make_series(start_date=NEXT, count=1, rule="FREQ=WEEKLY;BYDAY=TH")
    series.schedule(leads=[dev], by=dev, now=NOW)
    series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    assert thanks.keep([kept.pk], by=dev, now=NOW) == 1
    assert thanks.keep([kept.pk], by=mara, now=NOW) == 0
    assert KeptOnHoliday.objects.get().kept_by == dev
    off.cancel(by=dev, now=NOW)
    Session.objects.filter(pk=moved.pk).update(local_date=thanks.last + timedelta(days=1))
    assert undecided() == [left]
    assert list(thanks.kept_sessions()) == [kept]


def test_t9_a_session_planned_onto_the_day_later_waits_for_a_decision_too(make_session, thanks, dev):
    thanks.keep([make_session(day=NEXT, at=time(9)).pk], by=dev, now=NOW)
    assert undecided() == []
    assert undecided() != [new := make_session(day=NEXT)]
    assert undecided() == [new]


def test_t9_two_holidays_on_one_day_are_decided_on_each(make_session, thanks, dev, mara):
    session = make_session(day=NEXT)
    other = Holiday.objects.create(name="Founders", first=NEXT, last=NEXT, made_by=mara, made_at=NOW)
    thanks.keep([session.pk], by=dev, now=NOW)
    assert undecided() == [session]
    other.keep([session.pk], by=dev, now=NOW)
    assert undecided() == []


def test_t9_taking_a_holiday_off_the_list_leaves_sessions_alone(make_session, thanks, mara, client_of):
    kept, off = make_session(day=NEXT, at=time(9)), make_session(day=NEXT)
    thanks.keep([kept.pk], by=mara, now=NOW)
    off.cancel(by=mara, now=NOW)
    assert client_of(mara).post(path("holiday_removal", thanks)).status_code == 303
    assert not KeptOnHoliday.objects.exists()
    assert list(Session.objects.not_cancelled()) == [kept]


def test_t9_all_are_cancelled_at_once_after_saying_how_many_people_are_told(
    make_session, thanks, sam, noor, mara, client_of
):
    sessions = [make_session(day=NEXT, at=time(9)), make_session(day=NEXT)]
    for session in sessions:
        session.join(by=sam, now=NOW)
    sessions[0].join(by=noor, now=NOW)
    page = client_of(mara).get(path("holiday_cancellation", thanks)).content.decode()
    assert "2 people are on the lists" in page
    assert Session.objects.not_cancelled().count() == 2
    late = make_session(day=NEXT, at=time(16))  # not on the page that was looked at
    chosen = {"session": [session.pk for session in sessions]}
    assert client_of(mara).post(path("holiday_cancellation", thanks), chosen).status_code == 303
    assert undecided() == [late]
    told = Notification.objects.filter(kind="groups.cancelled").values_list("recipient", "about")
    assert set(told) == {(sam.pk, sessions[0].pk), (sam.pk, sessions[1].pk), (noor.pk, sessions[0].pk)}


def test_t9_a_clinician_decides_on_what_they_lead_and_what_nobody_leads(
    make_session, thanks, ana, dev, client_of
):
    mine, free, theirs = (
        make_session(day=NEXT, at=time(hour), lead=lead) for hour, lead in ((8, dev), (10, None), (12, ana))
    )
    page = client_of(dev).get(thanks.get_absolute_url()).content.decode()
    assert page.count("Those who lead it decide on it.") == 1
    everything = {"session": [mine.pk, free.pk, theirs.pk, "nonsense"]}
    client_of(dev).post(path("holiday_keeping", thanks), everything)
    assert undecided() == [theirs]
    client_of(dev).post(path("holiday_cancellation", thanks), everything)
    assert undecided() == [theirs]
    assert list(Session.objects.not_cancelled().in_hands_of(dev).in_order()) == [mine, free]


def test_t9_managers_add_and_change_holidays_and_wrong_days_are_said_in_words(mara, dev, client_of):
    days = {"name": "New Year", "first": "2027-01-01", "last": "2027-01-01"}
    assert client_of(dev).post("/holidays/", days).status_code == 404
    assert client_of(mara).post("/holidays/", days).status_code == 303
    new_year = Holiday.objects.get()
    assert (new_year.made_by, new_year.made_at) == (mara, NOW)
    again = client_of(mara).post("/holidays/", days)
    assert (again.status_code, "stands here already" in again.content.decode()) == (422, True)
    wrong = client_of(mara).post(path("holiday_edit", new_year), days | {"last": "2026-12-31"})
    assert (wrong.status_code, wrong.content.decode().count("comes before the first")) == (422, 2)
    client_of(mara).post(path("holiday_edit", new_year), days | {"last": "2027-01-02"})
    new_year.refresh_from_db()
    assert str(new_year.last) == "2027-01-02"
    assert client_of(dev).get("/holidays/").status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_t9_a_holiday_is_shown_in_as_many_queries_for_one_session_as_for_thirty(
    make_session, thanks, mara, client_of, django_assert_max_num_queries, number
):
    people = residents(2)
    for n in range(number):
        room = Room.objects.create(name=f"Room {n}", capacity=5)
        lead = User.objects.create(username=f"l{n}", chosen_name=f"Lead {n}", role=Role.CLINICIAN)
        session = make_session(day=NEXT, room=room, lead=lead)
        Booking.objects.create(session=session, client=people[n % 2], state="confirmed", joined_at=NOW)
    visitor = client_of(mara)
    with django_assert_max_num_queries(16):
        page = visitor.get(thanks.get_absolute_url()).content.decode()
    assert page.count("Those who lead it decide") == 0
    with django_assert_max_num_queries(12):
        visitor.get("/holidays/")


def test_t9_a_holiday_of_an_age_is_refused_in_words(mara, client_of):
    days = {"name": "Always", "first": "1990-01-01", "last": "2027-01-01"}
    answer = client_of(mara).post("/holidays/", days)
    assert answer.status_code == 422
    assert "less than a year ago" in answer.text


def test_t9_a_long_list_comes_in_parts(make_session, thanks, mara, client_of, monkeypatch):
    monkeypatch.setattr(holidays, "SHOWN", 2)
    for hour in range(9, 13):
        make_session(day=NEXT, at=time(hour), minutes=30)
    html = client_of(mara).get(thanks.get_absolute_url()).text
    assert "And 2 more." in html
    assert "All 2 at once" in html
    assert "Cancel 2 sessions" in " ".join(
        client_of(mara).get(path("holiday_cancellation", thanks)).text.split()
    )


def test_t9_what_is_decided_stays_listed_with_a_way_back(make_session, thanks, dev, ana, client_of):
    kept, off = make_session(day=NEXT, lead=dev), make_session(day=NEXT, at=time(18), lead=dev)
    thanks.keep([kept.pk], by=dev, now=NOW)
    off.cancel(by=dev, now=NOW)
    back, again = reverse("groups:reinstatement", args=[off.pk]), {"session": str(kept.pk), "open": "1"}
    html = {
        who.username: client_of(who).get(thanks.get_absolute_url()).content.decode() for who in (dev, ana)
    }
    assert all(session.get_absolute_url() in html["ana"] for session in (kept, off))
    assert [back in html[name] for name in ("dev", "ana")] == [True, False]
    client_of(ana).post(path("holiday_keeping", thanks), again)
    assert undecided() == []
    assert client_of(dev).post(path("holiday_keeping", thanks), again).status_code == 303
    assert undecided() == [kept]


def test_t9_where_nobody_is_on_the_lists_nobody_is_told(make_session, thanks, dev, sam, client_of):
    session, browser = make_session(day=NEXT, lead=dev), client_of(dev)
    assert "and tell them" not in browser.get(path("holiday_cancellation", thanks)).content.decode()
    session.join(by=sam, now=NOW)
    assert "Cancel and tell them" in browser.get(path("holiday_cancellation", thanks)).content.decode()
