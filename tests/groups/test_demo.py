"""The demo program, on whichever day and at whichever hour it is first run."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.models import OutreachTask
from groups.models import (
    Admission,
    Attendance,
    Booking,
    Company,
    Encouragement,
    Group,
    Membership,
    Room,
    Session,
    SessionNote,
)
from groups.unrecorded import left_blank
from notifications.models import Notification
from recovery_site.demo import groups, people


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        datetime(2027, 3, 14, 7, 30, tzinfo=UTC),  # in the hour that clocks skip
        datetime(2026, 10, 31, 3, 50, tzinfo=UTC),  # ten minutes before midnight, a day before clocks go back
    ],
)
def test_sam_has_a_day_and_waits_second_whenever_the_demo_begins(time_machine, now):
    time_machine.move_to(now, tick=False)
    everybody = people.seed(now)
    groups.seed(everybody, now)
    sam, today = everybody["sam"], timezone.localdate(now)
    sessions, _offers = Session.objects.day_and_offers(sam, today, now)
    day = {session.group.name: session for session in sessions}
    assert day["Morning circle"].my_state == Booking.State.CONFIRMED
    waited = day["Seeking safety"]
    assert (waited.free, waited.my_state, waited.my_position) == (0, Booking.State.WAITLISTED, 2)
    rows = [model.objects.count() for model in (Room, Group, Session, Booking, Attendance)]
    assert rows[:2] == [6, 10]
    assert Session.objects.exclude(cancelled_at=None).count() == 1
    groups.seed(everybody, now)
    assert [model.objects.count() for model in (Room, Group, Session, Booking, Attendance)] == rows


@pytest.mark.django_db
def test_nobody_in_the_demo_is_in_two_places_at_once(frozen):
    now = timezone.now()
    groups.seed(people.seed(now), now)
    spans: dict = {}
    confirmed = Booking.objects.confirmed().select_related("session").order_by("session__starts_at")
    for booking in confirmed:
        start, end = booking.session.starts_at, booking.session.ends_at
        assert spans.get(booking.client_id, start) <= start
        spans[booking.client_id] = end
    assert len(spans) > 20


@pytest.mark.django_db
def test_the_demo_takes_part_in_everything(frozen):
    """An offer, members, a request, word of not coming, a walk-in, a note, a kind sentence, a blank sheet."""
    now = timezone.now()
    everybody = people.seed(now)
    groups.seed(everybody, now)
    sam, noor = everybody["sam"], everybody["noor"]
    offer = Booking.objects.get(state=Booking.State.OFFERED)
    assert (offer.client, offer.session.places_left(), offer.held_until > now) == (sam, 0, True)
    assert sam.notices.filter(about=offer.pk, shown_at=now).exists()
    assert not Notification.objects.exclude(state=Notification.State.NOTED).exists()  # nothing to mail
    (behind,) = offer.session.bookings.waiting()
    assert behind.priority_reason()
    closed = Group.objects.get(admission=Admission.CLOSED)
    assert Membership.objects.filter(group=closed).count() == 4
    assert [request.client for request in closed.join_requests.open()] == [noor]
    assert Booking.objects.exclude(apology_at=None).count() == 2
    assert Attendance.objects.filter(walked_in=True).count() == 1
    places = {(place.session_id, place.client_id) for place in Booking.objects.confirmed()}
    on_list = Attendance.objects.filter(walked_in=False)
    assert all((mark.session_id, mark.client_id) in places for mark in on_list)
    assert SessionNote.objects.get().opened(by=everybody["ana"])
    assert len(Encouragement.objects.shown_to(sam, now)) == 1
    assert Company.objects.count() == 3
    assert OutreachTask.objects.filter(client=everybody["cole"], reason="missed_sessions").exists()
    assert left_blank(now).exists()
    assert Session.objects.expect_people(now) == 0  # nobody is missing where they are expected
