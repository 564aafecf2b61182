"""The sheet that a facilitator fills (B7), and who may look at it."""

import re
from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord
from groups.models import Attendance, Booking, Session
from tests.groups.conftest import NOW, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State


@pytest.fixture
def led(make_session, dev, sam, noor) -> Session:
    """A session of Dev's that began an hour ago, with Sam and Noor."""
    session = make_session(at=time(9), lead=dev)
    for person in (sam, noor):
        session.bookings.create(client=person, state=State.CONFIRMED, joined_at=NOW - timedelta(days=1))
    return session


def marks(session: Session) -> dict:
    return dict(session.attendance.values_list("client__username", "state"))


def test_b7_marks_are_kept_and_blanks_stay_unrecorded(client_of, dev, sam, led):
    response = client_of(dev).post(page("attendance", led.pk), {str(sam.pk): "late"})
    assert (response.status_code, marks(led)) == (303, {"sam": "late"})
    html = client_of(dev).get(page("attendance", led.pk)).content.decode()
    assert "1 of 2 recorded" in html
    assert html.count(" checked") == 1


def test_b7_everyone_else_present_leaves_the_marks_that_are_there(client_of, dev, sam, noor, led):
    client_of(dev).post(page("attendance", led.pk), {str(sam.pk): "excused"})
    client_of(dev).post(page("attendance", led.pk), {"everyone": f"{sam.pk} {noor.pk}"})
    assert marks(led) == {"sam": "excused", "noor": "present"}


def test_b7_everyone_else_is_who_was_on_the_sheet_when_it_was_drawn(client_of, dev, sam, noor, led):
    late = led.bookings.get(client=noor)
    late.delete()
    html = client_of(dev).get(page("attendance", led.pk)).content.decode()
    shown = re.findall(r'name="everyone"\s+value="([^"]*)"', html)
    assert shown == [str(sam.pk)]
    late.save(force_insert=True)
    client_of(dev).post(page("attendance", led.pk), {"everyone": shown[0]})
    assert marks(led) == {"sam": "present"}


def test_b7_the_sheet_is_for_those_who_lead_this_session(client_of, ana, mara, sam, led):
    for user in (ana, mara, sam):
        assert client_of(user).get(page("attendance", led.pk)).status_code == 404


def test_a5_looking_at_the_sheet_is_noted(client_of, dev, sam, noor, led):
    client_of(dev).get(page("attendance", led.pk))
    looks = AccessRecord.objects.filter(actor=dev, what="attendance")
    assert set(looks.values_list("subject_id", flat=True)) == {sam.pk, noor.pk}


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (timedelta(minutes=-16), 422),
        (timedelta(minutes=-15), 303),
        (timedelta(minutes=75) + timedelta(days=7, seconds=-1), 303),
        (timedelta(minutes=75) + timedelta(days=7), 422),
    ],
)
def test_b7_the_sheet_is_open_from_a_quarter_before_for_a_week(client_of, dev, sam, led, frozen, at, status):
    frozen.move_to(led.starts_at + at)
    response = client_of(dev).post(page("attendance", led.pk), {str(sam.pk): "present"})
    assert response.status_code == status
    assert marks(led) == ({"sam": "present"} if status == 303 else {})


def test_b7_marks_for_strangers_and_marks_that_are_none_change_nothing(client_of, dev, ana, sam, led):
    assert client_of(dev).post(page("attendance", led.pk), {str(ana.pk): "absent"}).status_code == 303
    assert client_of(dev).post(page("attendance", led.pk), {str(sam.pk): "drunk"}).status_code == 422
    assert marks(led) == {}


def test_b5_the_waitlisted_are_not_on_the_sheet(client_of, dev, noor, led):
    led.bookings.filter(client=noor).update(state=State.WAITLISTED)
    assert "Noor" not in client_of(dev).get(page("attendance", led.pk)).content.decode()


def test_attendance_is_seen_by_oneself_by_who_leads_and_by_who_cares(sam, noor, ana, dev, mara, led):
    led.record({sam.pk: "present", noor.pk: "late"}, by=dev, now=NOW)
    seen = {
        user.username: sorted(Attendance.objects.visible_to(user).values_list("client__username", flat=True))
        for user in (sam, ana, dev, mara)
    }
    assert seen == {"sam": ["sam"], "ana": ["sam"], "dev": ["noor", "sam"], "mara": []}


def test_t4_the_sheet_and_the_roster_take_as_many_queries_with_one_person_as_with_thirty(
    client_of, dev, make_session, django_assert_num_queries, django_assert_max_num_queries
):
    session, browser = make_session(at=time(9), lead=dev), client_of(dev)
    used = []
    for people in (residents(1), residents(29, "more")):
        session.bookings.bulk_create(
            Booking(session=session, client=person, state=State.CONFIRMED, joined_at=NOW) for person in people
        )
        with django_assert_num_queries(7):
            response = browser.get(page("attendance", session.pk))
        assert response.content.count(b'role="radiogroup"') == session.bookings.count()
        with django_assert_max_num_queries(12) as captured:
            response = browser.get(session.get_absolute_url())
        used.append(len(captured))
        assert response.content.count(b"<b>Client ") == session.bookings.count()
    assert used[0] == used[1]
