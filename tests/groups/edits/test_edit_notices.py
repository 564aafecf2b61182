"""However many sessions a change moves or takes out, each client reads of it once (T8, K5)."""

from datetime import time, timedelta

import pytest

from groups import notices, recurrence
from groups.models import Booking, Session
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import book, on, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(weekly, seeking, sam, noor) -> Session:
    """Sam has the one place of each session, Noor waits for it; this is the first."""
    seeking.capacity = 1
    seeking.save()
    for session in Session.objects.upcoming(NOW):
        book(session, sam)
        book(session, noor, "waitlisted")
    return on(weekly, TODAY)


def test_t8_each_client_hears_once_that_sessions_moved(weekly, change, first, dev, sam, noor):
    edit = change(weekly, start_time=time(17))
    rows = Notification.objects.filter(recipient__in=[sam, noor])
    assert set(rows.values_list("recipient", "kind", "about")) == {
        (sam.pk, notices.MOVED, first.pk),
        (noor.pk, notices.MOVED, first.pk),
    }
    edit.undo(by=dev, now=NOW + timedelta(minutes=1))
    assert rows.count() == 2


def test_t8_each_client_hears_once_that_places_were_lost_and_are_back(weekly, change, first, dev, sam, noor):
    edit = change(weekly, rule=recurrence.weekly([3]))
    assert (told(notices.NEEDS_PLACE), told(notices.CANCELLED)) == ([sam.pk], [noor.pk])
    message = Notification.objects.get(kind=notices.NEEDS_PLACE)
    assert Booking.objects.get(pk=message.about).session == first
    edit.undo(by=dev, now=NOW + timedelta(minutes=1))
    assert (told(notices.NEEDS_PLACE), told(notices.PLACE)) == ([], [sam.pk])


def test_t8_it_is_said_until_the_last_of_the_lost_places_is_settled(weekly, change, first, dev, sam):
    change(weekly, rule=recurrence.weekly([3]))
    message = Notification.objects.get(kind=notices.NEEDS_PLACE)
    wanted = kinds.get(notices.NEEDS_PLACE).wanted
    one, *others = Booking.objects.filter(client=sam, needs_place_since__isnull=False).order_by(
        "session__starts_at"
    )
    one.settle(by=dev, now=NOW)
    assert wanted(message, NOW)
    for booking in others:
        booking.settle(by=dev, now=NOW)
    assert not wanted(message, NOW)
