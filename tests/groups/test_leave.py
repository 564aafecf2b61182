"""Days on which a clinician leads nothing: who notes them, and what the page says before."""

from datetime import date, time, timedelta

import pytest

from groups.models import Leave
from groups.refusals import HasLeft, YouAreAway
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
WEEK = [TODAY + timedelta(days=n) for n in range(7)]


def note(person, first: date = WEEK[1], last: date = WEEK[3], by=None) -> Leave:
    return Leave.objects.note(person=person, first=first, last=last, by=by or person, now=NOW)


def test_noted_twice_it_is_one_and_what_overlaps_is_joined(ana, mara):
    first = note(ana)
    assert note(ana) == first
    assert note(ana, WEEK[2], WEEK[2]) == first
    joined = note(ana, WEEK[3], WEEK[5], by=mara)
    standing = Leave.objects.standing().get()
    assert (standing, standing.first, standing.last) == (joined, WEEK[1], WEEK[5])
    assert Leave.objects.get(pk=first.pk).ended_by == mara


def test_who_leads_nothing_any_more_is_not_away(ana, noor):
    ana.is_active = False
    ana.save()
    for person in (ana, noor):
        with pytest.raises(HasLeft):
            note(person)


def test_ended_twice_it_ended_once(ana, mara):
    leave = note(ana)
    leave.end(by=mara, now=NOW)
    leave.end(by=ana, now=NOW + timedelta(hours=1))
    assert (leave.ended_by, leave.ended_at) == (mara, NOW)


def test_before_it_is_noted_the_page_says_what_falls_in_it(client_of, ana, dev, make_session):
    mine = make_session(day=WEEK[2], lead=ana)
    make_session(day=WEEK[4], lead=ana)
    make_session(day=WEEK[2], at=time(16), lead=dev)
    form = {"first": WEEK[1].isoformat(), "last": WEEK[3].isoformat()}
    response = client_of(ana).post(page("leave_list"), form)
    html = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert "One session falls in these days." in html
    assert html.count('name="seen"') == 1
    assert not Leave.objects.exists()
    response = client_of(ana).post(page("leave_list"), form | {"seen": [str(mine.pk)]})
    assert (response.status_code, response.headers["Location"]) == (303, page("attention"))
    assert Leave.objects.get().person == ana


def test_days_without_a_session_are_noted_at_once(client_of, ana):
    form = {"first": WEEK[1].isoformat(), "last": WEEK[1].isoformat()}
    assert client_of(ana).post(page("leave_list"), form).headers["Location"] == page("leave_list")
    assert Leave.objects.get().noted_by == ana


def test_a_clinician_speaks_for_themself_and_a_manager_for_anybody(client_of, ana, dev, mara):
    form = {"first": WEEK[1].isoformat(), "last": WEEK[1].isoformat(), "person": dev.pk}
    client_of(ana).post(page("leave_list"), form)
    client_of(mara).post(page("leave_list"), form)
    assert {(one.person, one.noted_by) for one in Leave.objects.all()} == {(ana, ana), (dev, mara)}
    theirs = Leave.objects.get(person=dev)
    assert client_of(ana).post(page("leave_ending", theirs.pk)).status_code == 404
    assert client_of(mara).post(page("leave_ending", theirs.pk)).status_code == 303
    assert client_of(mara).post(page("leave_ending", theirs.pk)).status_code == 303
    assert [one.person for one in Leave.objects.standing()] == [ana]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (TODAY - timedelta(days=1), TODAY, "Choose a day from today on, within a year."),
        (WEEK[3], WEEK[1], "The last day comes before the first."),
        (WEEK[3], WEEK[3] + timedelta(days=400), "Choose a day within a year of the first."),
    ],
)
def test_days_that_cannot_be_are_refused_beside_the_field(client_of, ana, first, last, words):
    response = client_of(ana).post(page("leave_list"), {"first": first, "last": last})
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert f'value="{first}"' in html
    assert not Leave.objects.exists()


def test_nobody_takes_on_a_session_while_away(ana, make_session):
    note(ana)
    session = make_session(day=WEEK[2])
    with pytest.raises(YouAreAway):
        session.take_over(by=ana, now=NOW)
    assert not session.facilitators.exists()


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_for_one_and_for_many(
    rows, client_of, ana, make_session, django_assert_num_queries
):
    for n in range(rows):
        day = TODAY + timedelta(days=2 * n + 1)
        note(ana, day, day)
        make_session(day=day, lead=ana)
    browser = client_of(ana)
    with django_assert_num_queries(3):
        browser.get(page("leave_list"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_b9_a_day_at_the_end_of_time_is_refused_in_words(client_of, ana, day):
    response = client_of(ana).post(page("leave_list"), {"first": day, "last": day})
    assert response.status_code == 422
    assert "Choose a day from today on, within a year." in response.text


def test_b9_a_leave_sent_empty_is_answered_as_sent(client_of, ana):
    response = client_of(ana).post(page("leave_list"), {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"first", "last"}
