"""Pages of an edit that are sent twice, or late, or by who gave the series away (T6, T7)."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from groups.models import Booking, Edit, Facilitator, Series, Session
from groups.models.moving import Move
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import WEEK, on
from tests.groups.test_series_pages import path, typed

pytestmark = pytest.mark.django_db


def undo_of(edit: Edit) -> str:
    return reverse("groups:edit_undo", args=[edit.pk])


def test_t7_following_sent_twice_leads_to_the_linked_series(weekly, client_of, dev):
    visitor, address = client_of(dev), path(weekly, on(weekly, TODAY + 2 * WEEK))
    data = typed(visitor, address, end_time="19:30", scope="following")
    answers = [visitor.post(address, data) for _time in range(2)]
    linked = Series.objects.get(follows=weekly).get_absolute_url()
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, linked)] * 2
    assert Edit.objects.count() == 1


def test_t7_a_series_given_away_twice_is_given_away(weekly, client_of, dev, ana):
    visitor = client_of(dev)
    data = typed(visitor, path(weekly), lead=ana.pk, scope="all")
    assert [visitor.post(path(weekly), data).status_code for _time in range(2)] == [303, 303]
    assert visitor.get(path(weekly)).status_code == 404
    assert client_of(ana).post(path(weekly), data | {"client_token": uuid.uuid4()}).status_code == 409


def test_t7_the_token_of_somebody_else_opens_nothing(weekly, client_of, dev, ana, eli):
    visitor = client_of(dev)
    data = typed(visitor, path(weekly), end_time="19:30")
    visitor.post(path(weekly), data)
    assert client_of(ana).post(path(weekly), data).status_code == 404
    assert client_of(ana).post(path(weekly), {"client_token": "nonsense"}).status_code == 404


def test_t7_a_session_given_away_twice_is_given_away(weekly, client_of, dev, ana):
    session, visitor = on(weekly, TODAY + WEEK), client_of(dev)
    address = reverse("groups:session_move", args=[session.pk])
    data = typed(visitor, address, at="18:00", day=session.local_date.isoformat(), lead=ana.pk)
    first = visitor.post(address, data)
    Facilitator.objects.filter(session=session).update(role="lead", stands_in_for=None)  # for good
    assert visitor.get(address).status_code == 404
    second, there = visitor.post(address, data), session.get_absolute_url()
    assert [(one.status_code, one.headers["Location"]) for one in (first, second)] == [(303, there)] * 2


def test_t7_who_gave_a_series_away_may_take_that_back(weekly, client_of, dev, ana, eli):
    visitor = client_of(dev)
    visitor.post(path(weekly), typed(visitor, path(weekly), lead=ana.pk, scope="all"))
    undo = undo_of(Edit.objects.get())
    assert undo in visitor.get(weekly.get_absolute_url()).content.decode()
    assert undo not in client_of(eli).get(weekly.get_absolute_url()).content.decode()
    assert visitor.post(undo).status_code == 303
    assert weekly.people() == [dev]


def test_t7_an_undo_that_is_offered_is_done_and_no_other_is_offered(
    weekly, change, client_of, dev, ana, mara
):
    session, page = on(weekly, TODAY + WEEK), weekly.get_absolute_url()
    edit = session.move(replace(Move.of(session), leads=(ana,)), by=dev, now=NOW, token=uuid.uuid4())
    assert client_of(dev).get(page).context["undoable"] == edit
    assert client_of(dev).post(undo_of(edit)).status_code == 303
    edit = change(weekly, leads=(ana,), by=mara)
    assert client_of(dev).get(page).context["undoable"] is None
    assert client_of(dev).post(undo_of(edit)).status_code == 404
    assert client_of(ana).get(page).context["undoable"] == edit
    assert client_of(ana).post(undo_of(edit)).status_code == 303


def test_t6_a_series_that_changed_meanwhile_is_ended_when_it_is_sent_again(weekly, client_of, dev, sam):
    visitor, address = client_of(dev), path(weekly, page="series_end")
    data = typed(visitor, address, on=TODAY + WEEK, sure=(TODAY + WEEK).isoformat())
    weekly.suspend(first=TODAY + WEEK, last=TODAY + WEEK, by=dev, now=NOW)
    answer = visitor.post(address, data)
    assert answer.status_code == 409
    assert "Somebody changed this series" in answer.content.decode()
    again = answer.context["form"]
    data |= {"mark": again["mark"].value(), "client_token": again["client_token"].value()}
    assert visitor.post(address, data).status_code == 303
    assert visitor.post(address, data).status_code == 303
    weekly.refresh_from_db()
    assert (weekly.until, Edit.objects.count()) == (TODAY + WEEK, 1)


def test_t7_a_count_stays_when_a_session_begins_while_somebody_types(make_series, client_of, dev, frozen):
    series = make_series(start_date=TODAY + WEEK, count=6)
    series.schedule(leads=[dev], by=dev, now=NOW)
    visitor = client_of(dev)
    data = typed(visitor, path(series), end_time="19:30")
    frozen.move_to(NOW + WEEK + timedelta(hours=9))
    visitor = client_of(dev)
    assert visitor.post(path(series), data).status_code == 303
    series.refresh_from_db()
    assert (series.count, Session.objects.count()) == (6, 6)


def test_t1_a_number_of_times_ends_within_two_years(weekly, client_of, dev):
    visitor = client_of(dev)
    data = typed(visitor, path(weekly), often="8", ends="after", count="200", scope="all")
    answer = visitor.post(path(weekly), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["count"]
    assert (Edit.objects.count(), Facilitator.objects.filter(session__local_date__year__gt=2027).count()) == (
        0,
        0,
    )
    assert not Booking.objects.exists()
