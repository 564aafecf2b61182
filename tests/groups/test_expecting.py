"""The job that puts people on lists: what stops it, and whom it leaves out (B2, B6, C3)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups import expecting
from groups.models import Admission, Group, Session
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def closed(seeking) -> Group:
    seeking.admission = Admission.CLOSED
    seeking.save()
    return seeking


@pytest.fixture
def one_fails(monkeypatch):
    """Whatever is done with the first session goes wrong."""
    put_on = expecting.put_on

    def fail(first: Session) -> None:
        def act(session, now):
            if session.pk == first.pk:
                raise RuntimeError("Sam")
            return put_on(session, now)

        monkeypatch.setattr(expecting, "put_on", act)

    return fail


def test_b6_a_session_that_fails_keeps_nobody_from_the_others(seeking, make_session, sam, one_fails, caplog):
    Group.objects.update(admission=Admission.MANDATORY)
    first, second = (make_session(day=TODAY + n * DAY) for n in (1, 2))
    one_fails(first)
    assert Session.objects.expect_people(NOW) == 1
    assert second.bookings.filter(client=sam).exists()
    assert "RuntimeError" in caplog.text
    assert "Sam" not in caplog.text


def test_b6_a_member_stays_added_and_ended_when_a_list_fails(
    closed, make_session, sam, ana, one_fails, monkeypatch
):
    one_fails(make_session(day=TODAY + DAY))
    make_session(day=TODAY + 2 * DAY)
    membership = closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert sam.bookings.count() == 1

    def fails(session, now):
        raise RuntimeError

    monkeypatch.setattr(Session, "promote_beside", fails)
    membership.end(on=TODAY, by=ana, now=NOW)
    assert membership.ends_on == TODAY
    assert not sam.bookings.active().exists()


def test_b6_a_new_member_has_the_next_weeks_at_once_and_the_rest_from_the_job(closed, make_session, sam, ana):
    for n in range(84):
        make_session(day=TODAY + (n + 1) * DAY)
    with CaptureQueriesContext(connection) as queries:
        closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    assert sam.bookings.count() == 27
    assert len(queries) < 350
    assert Session.objects.expect_people(NOW) == 84 - 27


def test_c3_who_was_elsewhere_when_it_was_called_off_is_expected_when_it_takes_place_and_they_are_free(
    seeking, make_session, other_group, dev, sam
):
    Group.objects.update(admission=Admission.MANDATORY)
    session = make_session(day=TODAY + DAY, lead=dev)
    Session.objects.expect_people(NOW)
    art = make_session(day=TODAY + DAY, **other_group("Art"))
    session.cancel(by=dev, now=NOW)
    booked = art.join(by=sam, now=NOW)
    session.reinstate(by=dev, now=NOW + HOUR)
    Session.objects.expect_people(NOW + HOUR)
    assert not session.bookings.confirmed().exists()
    booked.cancel(by=sam, now=NOW + HOUR)
    Session.objects.expect_people(NOW + 2 * HOUR)
    assert session.bookings.confirmed().filter(client=sam).exists()


def test_b2_who_had_left_before_it_was_called_off_is_not_brought_back(closed, make_session, sam, dev, ana):
    session = make_session(day=TODAY + DAY, lead=dev)
    closed.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    session.bookings.get().cancel(by=sam, now=NOW)
    session.cancel(by=dev, now=NOW)
    session.reinstate(by=dev, now=NOW + HOUR)
    Session.objects.expect_people(NOW + 2 * HOUR)
    assert not session.bookings.active().exists()
