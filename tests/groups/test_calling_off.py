"""A session is called off with everybody told and something else offered, and can be put back (B9)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, Stay
from groups.clashes import Clashes
from groups.models import Booking, Edit, Facilitator, Session
from groups.refusals import Begun, CalledOff, TakenOut
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once, states

State = Booking.State
pytestmark = pytest.mark.usefixtures("frozen")


def path(name: str, session: Session) -> str:
    return reverse(f"groups:{name}", args=[session.pk])


def told(kind: str) -> list[str]:
    due = Notification.objects.filter(kind=kind, state=Notification.State.DUE)
    return sorted(due.values_list("recipient__username", flat=True))


# Saying what will happen.


def test_b9_the_page_says_who_is_told_before_anything_happens(make_session, sam, noor, ana, client_of):
    session = make_session(lead=None)
    for person in (sam, noor):
        session.join(by=person, now=NOW)
    page = client_of(ana).get(path("session_cancellation", session)).content.decode()
    assert "2 people are told" in page
    assert "Sam" in page  # Ana cares for Sam, not for Noor
    assert "Noor" not in page
    assert "Oak room is free again" in page
    assert AccessRecord.objects.filter(actor=ana, subject_id=sam.pk).exists()
    session.refresh_from_db()
    assert session.cancelled_at is None
    assert client_of(ana).post(path("session_cancellation", session)).status_code == 303
    assert told("groups.cancelled") == ["noor", "sam"]
    assert client_of(ana).get(path("session_cancellation", session)).status_code == 303


def test_b9_what_has_begun_is_not_called_off(make_session, ana, mara, client_of, frozen):
    session = make_session(lead=ana)
    frozen.move_to(session.starts_at)
    assert client_of(mara).post(path("session_cancellation", session)).status_code == 422
    session.refresh_from_db()
    assert session.cancelled_at is None


# Putting it back.


def test_b9_it_takes_place_after_all_with_everybody_in_their_old_order(make_session, ana):
    session, people = make_session(lead=ana), residents(5)
    for n, person in enumerate(people):
        session.join(by=person, now=NOW + timedelta(minutes=n), or_wait=True)
    before = list(session.bookings.order_by("joined_at").values_list("client", "state", "joined_at"))
    session.cancel(by=ana, now=NOW)
    assert states(session) == [State.SESSION_CANCELLED] * 5
    session.reinstate(by=ana, now=NOW)
    session.reinstate(by=ana, now=NOW)
    assert list(session.bookings.order_by("joined_at").values_list("client", "state", "joined_at")) == before
    assert (session.cancelled_at, session.history.latest().history_user) == (None, ana)
    assert told("groups.takes_place") == [person.username for person in people]
    off = Notification.objects.filter(kind="groups.cancelled")[0]
    assert not kinds.get("groups.cancelled").wanted(off, NOW)  # what was not read yet is not said any more


def test_b9_whoever_is_elsewhere_or_has_left_stays_off_and_hears_nothing_new(make_session, ana, other_group):
    session, people = make_session(lead=ana), residents(4)
    busy, left, third, waits = people
    for person in people:
        session.join(by=person, now=NOW, or_wait=True)
    session.cancel(by=ana, now=NOW)
    make_session(**other_group("Run")).join(by=busy, now=NOW)
    Stay.objects.filter(client=left).update(discharged_on=date(2026, 11, 23))
    session.reinstate(by=ana, now=NOW)
    found = dict(session.bookings.values_list("client__username", "state"))
    assert found == {
        busy.username: State.SESSION_CANCELLED,
        left.username: State.SESSION_CANCELLED,
        third.username: State.CONFIRMED,
        waits.username: State.OFFERED,  # a place is free now, and they were next
    }
    assert told("groups.takes_place") == [third.username, waits.username]
    assert told("groups.offer") == [waits.username]


def test_b9_who_had_left_before_it_was_called_off_is_not_brought_back(make_session, sam, noor, ana):
    session = make_session(lead=ana)
    session.join(by=noor, now=NOW)
    session.join(by=sam, now=NOW).cancel(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW + timedelta(minutes=1))
    session.reinstate(by=ana, now=NOW + timedelta(minutes=2))
    assert list(session.bookings.active().values_list("client", flat=True)) == [noor.pk]


def test_b9_a_taken_room_or_person_keeps_it_cancelled_and_nothing_changes(
    make_session, other_group, sam, ana, dev, client_of
):
    session = make_session(lead=ana)
    session.join(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW)
    blocker = make_session(lead=dev)
    elsewhere = make_session(lead=ana, **other_group("Run"))
    with pytest.raises(Clashes) as caught:
        session.reinstate(by=ana, now=NOW)
    assert {clash.who for clash in caught.value.found} == {session.room, ana}
    response = client_of(ana).post(path("reinstatement", session))
    assert (response.status_code, "Oak room" in response.content.decode()) == (422, True)
    session.refresh_from_db()
    assert (session.cancelled_by, states(session)) == (ana, [State.SESSION_CANCELLED])
    assert told("groups.takes_place") == []
    for other in (blocker, elsewhere):
        other.cancel(by=dev, now=NOW)
    assert client_of(ana).post(path("reinstatement", session)).status_code == 303
    assert states(session) == [State.CONFIRMED]


def test_b9_neither_what_has_begun_nor_what_an_edit_took_out_is_put_back(make_session, ana):
    session = make_session(lead=ana)
    session.cancel(by=ana, now=NOW)
    with pytest.raises(Begun):
        session.reinstate(by=ana, now=session.starts_at)
    edit = Edit.objects.create(scope="this", session=session, edited_by=ana, edited_at=NOW)
    Session.objects.filter(pk=session.pk).update(withdrawn_by=edit)
    with pytest.raises(TakenOut):
        session.reinstate(by=ana, now=NOW)
    session.refresh_from_db()
    assert not session.can_be_reinstated_by(ana, NOW)
    assert session.cancelled_at == NOW


def test_b9_called_off_put_back_and_called_off_again_is_said_each_time(make_session, sam, ana):
    session = make_session(lead=ana)
    session.join(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW)
    session.reinstate(by=ana, now=NOW)
    Notification.objects.update(state=Notification.State.NOTED, shown_at=NOW, read_at=NOW)
    session.cancel(by=ana, now=NOW)
    assert told("groups.cancelled") == ["sam"]
    assert Notification.objects.get(kind="groups.cancelled").read_at is None


def test_b9_whoever_led_it_and_left_the_house_since_leads_it_no_more(make_session, ana, dev):
    session = make_session(lead=ana)
    Facilitator.objects.create(session=session, person=dev, role=Facilitator.Role.CO)
    session.cancel(by=ana, now=NOW)
    dev.is_active = False
    dev.save()
    session.reinstate(by=ana, now=NOW)
    assert session.people == [ana]


def test_b9_put_back_into_days_of_rest_it_rests(make_series, dev, sam):
    series = make_series(count=2)
    series.schedule(leads=[dev], by=dev, now=NOW)
    session = series.sessions.get(local_date=TODAY)
    session.join(by=sam, now=NOW)
    session.cancel(by=dev, now=NOW)
    series.suspend(first=TODAY, last=TODAY, by=dev, now=NOW)
    session.reinstate(by=dev, now=NOW)
    assert (session.rests, states(session)) == (True, [State.CONFIRMED])


def test_b9_the_page_of_putting_back_says_who_comes_back(make_session, sam, ana, dev, client_of):
    session = make_session(lead=ana)
    session.join(by=sam, now=NOW)
    assert client_of(ana).get(path("reinstatement", session)).status_code == 303
    session.cancel(by=ana, now=NOW)
    assert client_of(dev).get(path("reinstatement", session)).status_code == 404
    page = client_of(ana).get(path("reinstatement", session)).content.decode()
    assert "1 person is on it again" in page
    assert "Sam" in page


# At once.


@pytest.mark.django_db(transaction=True)
def test_b9_who_joins_while_it_is_called_off_is_told_or_refused(make_session, ana):
    session, people = make_session(lead=ana), residents(3)

    def work(person):
        return session.cancel(by=ana, now=NOW) if person == ana else session.join(by=person, now=NOW)

    results = at_once(work, [*people, ana])
    joined = sorted(row.client.username for row in results if isinstance(row, Booking))
    assert joined == told("groups.cancelled")
    assert {type(row) for row in results} <= {Booking, CalledOff, type(None)}
    assert session.bookings.active().count() == 0


@pytest.mark.django_db(transaction=True)
def test_b9_putting_back_and_taking_the_room_at_once_give_the_room_to_one(
    make_series, make_session, ana, dev
):
    session = make_session(lead=ana)
    session.cancel(by=ana, now=NOW)

    def work(person):
        if person == ana:
            return session.reinstate(by=ana, now=NOW)
        series = make_series(start_time=time(13), count=1)
        return series.schedule(leads=[dev], by=dev, now=NOW)

    results = at_once(work, [ana, dev])
    assert sum(isinstance(row, Clashes) for row in results) == 1
    assert Session.objects.not_cancelled().count() == 1


@pytest.mark.django_db(transaction=True)
def test_b9_putting_back_and_joining_elsewhere_at_once_give_one_place(make_session, ana, other_group):
    [sam] = residents(1)
    session, other = make_session(lead=ana), make_session(**other_group("Run"))
    session.join(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW)

    def work(person):
        return session.reinstate(by=ana, now=NOW) if person == ana else other.join(by=sam, now=NOW)

    at_once(work, [ana, sam])
    assert sam.bookings.confirmed().count() == 1
