"""What groups tell people, and when it has lost its point."""

from datetime import date, timedelta

import pytest

from groups.models import Booking
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, residents


@pytest.fixture
def told(make_session) -> Notification:
    """A fourth person got the place of the first of three."""
    session = make_session()
    people = residents(4)
    first, *_others = [session.join(by=person, now=NOW, or_wait=True, adds_me=True) for person in people]
    first.cancel(by=people[0], now=NOW)
    return Notification.objects.get(kind="groups.place")


def test_a_promotion_is_told_once_and_leads_to_the_session(told):
    booking = Booking.objects.get(pk=told.about)
    assert (told.recipient, told.due_on, told.not_before) == (booking.client, date(2026, 11, 24), NOW)
    assert told.not_after == booking.session.starts_at
    assert told.get_absolute_url() == booking.session.get_absolute_url()


def test_a_promotion_is_not_told_to_who_has_left_or_after_the_start(told):
    kind, booking = kinds.get("groups.place"), Booking.objects.get(pk=told.about)
    assert kind.wanted(told, NOW)
    assert not kind.wanted(told, booking.session.starts_at)
    booking.cancel(by=booking.client, now=NOW + timedelta(minutes=1))
    assert not kind.wanted(told, NOW)


def test_a_notice_about_a_booking_that_is_gone_leads_to_the_week(told):
    Booking.objects.filter(pk=told.about).delete()
    assert told.get_absolute_url() == "/schedule/week/"


def test_a_cancellation_leads_to_its_session(make_session, ana, sam):
    session = make_session()
    session.join(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW)
    notice = Notification.objects.get(kind="groups.cancelled")
    assert notice.get_absolute_url() == session.get_absolute_url()
    assert "Seeking" not in notice.notice
