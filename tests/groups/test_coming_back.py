"""A cancelled session comes back only to what is still there, and into the days on which its series rests."""

import uuid
from datetime import time, timedelta

import pytest
from django.urls import reverse

from groups.models import Booking, Room, Session
from groups.models.moving import Move
from groups.refusals import GroupEnded, RoomIsClosed
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
DAY = TODAY + timedelta(weeks=1)


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient__username", flat=True))


@pytest.fixture
def planned(make_series, dev, sam) -> Session:
    make_series(start_date=DAY, count=3).schedule(leads=[dev], by=dev, now=NOW)
    session = Session.objects.get(rule_date=DAY)
    session.join(by=sam, now=NOW)
    return session


def test_c1_no_session_comes_back_to_a_room_that_is_out_of_use(make_session, dev, oak, mara, client_of):
    session = make_session(day=DAY, lead=dev)
    session.cancel(by=dev, now=NOW)
    oak.close(by=mara, now=NOW)
    with pytest.raises(RoomIsClosed):
        session.reinstate(by=dev, now=NOW)
    response = client_of(dev).post(reverse("groups:reinstatement", args=[session.pk]))
    assert response.status_code == 422
    assert "out of use" in response.content.decode()
    session.refresh_from_db()
    assert session.cancelled_at


def test_b9_no_session_comes_back_to_a_group_that_has_ended(make_session, dev, mara, seeking):
    session = make_session(day=DAY, lead=dev)
    session.cancel(by=dev, now=NOW)
    seeking.end(by=mara, now=NOW)
    with pytest.raises(GroupEnded):
        session.reinstate(by=dev, now=NOW)
    session.refresh_from_db()
    assert session.cancelled_at


def test_t9_what_comes_back_into_a_rest_is_told_as_resting(planned, dev, client_of):
    planned.cancel(by=dev, now=NOW)
    planned.series.suspend(first=DAY, last=DAY, by=dev, now=NOW)
    address = reverse("groups:reinstatement", args=[planned.pk])
    page = client_of(dev).post(address, follow=True).content.decode()
    assert "takes place after all" not in page
    assert "rests until" in page
    assert (told("groups.takes_place"), told("groups.rests")) == (set(), {"sam"})


def test_b3_who_waits_beside_the_time_it_really_had_moves_up(make_session, dev, sam, noor, ana):
    """The page was opened before somebody moved it."""
    session = make_session(day=DAY, lead=dev)
    session.join(by=sam, now=NOW)
    opened = Session.objects.get(pk=session.pk)
    to = Move(DAY, time(10), 60, session.room, (dev,))
    session.move(to, by=dev, now=NOW, token=uuid.uuid4())
    small = Room.objects.create(name="Small", capacity=2)
    beside = make_session(day=DAY, at=time(10), room=small, lead=ana)
    Booking.objects.create(session=beside, client=sam, state="waitlisted", joined_at=NOW)
    opened.cancel(by=dev, now=NOW)
    assert sam.bookings.get(session=beside).state == "offered"


def test_t9_one_that_went_to_another_series_while_it_was_awaited_is_held_anew(planned, dev, monkeypatch):
    planned.cancel(by=dev, now=NOW)
    found, original = [], Session.locked

    def locked(self):
        session = original(self)
        found.append(session)
        if len(found) == 1:
            session.series_id = uuid.uuid4()
        return session

    monkeypatch.setattr(Session, "locked", locked)
    planned.reinstate(by=dev, now=NOW)
    assert len(found) == 2
    assert Session.objects.get(pk=planned.pk).cancelled_at is None


def test_b3_who_leaves_from_an_old_page_moves_up_beside_the_time_it_really_has(make_session, dev, sam, ana):
    session = make_session(day=DAY, lead=dev)
    booking = session.join(by=sam, now=NOW)
    opened = Booking.objects.select_related("session").get(pk=booking.pk)
    to = Move(DAY, time(10), 60, session.room, (dev,))
    session.move(to, by=dev, now=NOW, token=uuid.uuid4())
    small = Room.objects.create(name="Small", capacity=2)
    beside = make_session(day=DAY, at=time(10), room=small, lead=ana)
    Booking.objects.create(session=beside, client=sam, state="waitlisted", joined_at=NOW)
    opened.cancel(by=sam, now=NOW)
    assert sam.bookings.get(session=beside).state == "offered"
