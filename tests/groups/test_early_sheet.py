"""What happens around a sheet that is begun before its session, or by somebody else (B6, B7, B8, A5)."""

from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord, OutreachTask
from groups import register
from groups.models import Attendance, Booking, Facilitator, Group, Session
from tests.groups.conftest import NOW, TODAY, put, residents
from tests.groups.test_pages import page
from tests.groups.test_sheet import changes, led, marks

__all__ = ["led"]
pytestmark = pytest.mark.usefixtures("frozen")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def soon(make_session, dev) -> Session:
    """In ten minutes: its sheet is open."""
    return make_session(TODAY, time(10, 10), lead=dev)


@pytest.fixture
def missed(make_session, soon, dev, sam) -> Session:
    """Sam is marked absent yesterday and, too early, today."""
    Group.objects.update(admission="mandatory")
    yesterday = make_session(TODAY - DAY, lead=dev)
    for session in (yesterday, soon):
        put(session, sam)
        session.record({sam.pk: "absent"}, by=dev, now=NOW)
    assert OutreachTask.objects.open().count() == 1
    return soon


def test_b7_who_came_to_the_door_and_takes_a_place_can_be_absent(soon, sam, dev, client_of):
    soon.walk_in(sam, "present", by=dev, now=NOW)
    soon.join(by=sam, now=NOW)
    lines = [row.walked_in for row in register.named(Session.objects.filter(pk=soon.pk), dev)]
    assert lines == [False]
    assert not Attendance.objects.with_place().get().without_place
    assert "Came without a place" not in client_of(dev).get(page("attendance", soon.pk)).content.decode()
    soon.record({sam.pk: "absent"}, by=dev, now=NOW + HOUR)
    assert (marks(soon), soon.attendance.get().walked_in) == ({"sam": "absent"}, False)
    assert changes(soon) == [("sam", "", "present", "dev"), ("sam", "present", "absent", "dev")]


def test_b7_who_came_to_the_door_without_a_place_stays_so(soon, sam, dev):
    soon.walk_in(sam, "present", by=dev, now=NOW)
    assert Attendance.objects.with_place().get().without_place
    soon.record({sam.pk: "late"}, by=dev, now=NOW)
    assert soon.attendance.get().walked_in


@pytest.mark.parametrize(
    ("mark", "words", "tone"), [("present", "You were there", "good"), ("", "No place came free", "wait")]
)
def test_b7_who_waited_and_came_all_the_same_reads_so(soon, sam, dev, frozen, mark, words, tone):
    put(soon, *residents(3))
    soon.join(by=sam, now=NOW, or_wait=True)
    Session.objects.turn_waitlists(soon.starts_at)
    if mark:
        soon.walk_in(sam, mark, by=dev, now=soon.starts_at + HOUR / 4)
    frozen.move_to(soon.ends_at + HOUR)
    [shown] = Session.objects.filter(pk=soon.pk).shown_to(sam)
    assert (str(shown.standing), shown.standing_tone) == (words, tone)


def test_b8_a_session_called_off_after_a_mark_is_no_absence(missed, dev):
    missed.cancel(by=dev, now=NOW)
    assert not OutreachTask.objects.open().exists()


def test_b8_word_sent_after_a_mark_counts_and_so_does_its_end(missed, sam):
    place = Booking.objects.get(session=missed)
    place.send_apology(by=sam, now=NOW)
    assert not OutreachTask.objects.open().exists()
    place.take_apology_back(by=sam, now=NOW)
    assert OutreachTask.objects.open().count() == 1


def test_b8_word_about_a_place_that_was_given_up_is_none_about_the_next(make_session, dev, ana, sam):
    Group.objects.update(admission="closed")
    sessions = [make_session(day=TODAY + number * DAY, lead=dev) for number in (1, 2)]
    group = Group.objects.get()
    group.add_member(sam, starts_on=TODAY, by=ana, now=NOW)
    for session in sessions:
        row = session.bookings.get(client=sam)
        row.send_apology(by=sam, now=NOW)
        row.cancel(by=sam, now=NOW)
        session.join(by=sam, now=NOW)
    for session in sessions:
        Session.objects.get(pk=session.pk).record({sam.pk: "absent"}, by=dev, now=session.ends_at)
    assert OutreachTask.objects.filter(client=sam).count() == 1


def test_a5_names_of_what_was_changed_are_a_look(led, client_of, dev, ana):
    guest = residents(1)[0]
    Facilitator.objects.create(session=led, person=ana, role="co")
    led.walk_in(guest, "present", by=ana, now=NOW)
    led.record({guest.pk: ""}, by=ana, now=NOW)
    html = client_of(dev).get(page("attendance", led.pk)).content.decode()
    assert str(guest) in html
    assert AccessRecord.objects.filter(actor=dev, subject_id=guest.pk).count() == 1


@pytest.mark.parametrize("lives_here", [True, False])
def test_a5_whoever_is_put_on_the_sheet_is_looked_at_also_when_it_is_refused(
    led, client_of, dev, monkeypatch, lives_here
):
    guest = residents(1)[0]
    if not lives_here:
        monkeypatch.setattr(Session, "walk_in", refused)
    sent = {"person": guest.pk, "state": "present"}
    response = client_of(dev).post(page("walk_in", led.pk), sent)
    assert response.status_code == (303 if lives_here else 422)
    assert AccessRecord.objects.filter(actor=dev, subject_id=guest.pk).count() == 1


def refused(*_: object, **__: object) -> None:
    from groups.refusals import OnTheSheet

    raise OnTheSheet
