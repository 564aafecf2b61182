"""A series that rests keeps everything, and meanwhile nothing happens in it (T9)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from groups.models import Admission, Attendance, Booking, Group, Kind, Room, Series, Session, Suspension
from groups.refusals import NothingToRest, Overlaps, Rests, RestsAlready, TooEarlyOrLate
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once, states

State = Booking.State
NEXT, AFTER = TODAY + timedelta(days=7), TODAY + timedelta(days=14)
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def series(make_series, dev) -> Series:
    """Six Tuesdays, the first today."""
    series = make_series(count=6)
    series.schedule(leads=[dev], by=dev, now=NOW)
    return series


def on(series: Series, day: date) -> Session:
    return series.sessions.get(local_date=day)


def told(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_t9_a_rest_keeps_rows_rooms_people_and_bookings(series, dev, sam):
    on(series, NEXT).join(by=sam, now=NOW)
    rest = series.suspend(first=NEXT, last=AFTER, by=dev, now=NOW)
    resting = on(series, NEXT)
    assert list(rest.sessions.order_by("local_date")) == [resting, on(series, AFTER)]
    assert (resting.people, states(resting), resting.room, resting.sequence) == (
        [dev],
        [State.CONFIRMED],
        series.room,
        1,
    )
    assert resting.history.latest().history_user == dev
    assert series.sessions.meeting().count() == 4


def test_t9_nobody_joins_or_waits_while_it_rests(series, dev, sam):
    rest = series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    with pytest.raises(Rests, match="This group rests until Tuesday, 1 December"):
        on(series, NEXT).join(by=sam, now=NOW, or_wait=True)
    assert on(series, AFTER).join(by=sam, now=NOW).state == State.CONFIRMED
    rest.lift(by=dev, now=NOW)
    assert on(series, NEXT).join(by=sam, now=NOW).state == State.CONFIRMED


def test_t9_a_place_given_up_meanwhile_goes_to_the_next_when_it_meets_again(series, dev):
    people = residents(4)
    session = on(series, NEXT)
    first, *_others = [session.join(by=person, now=NOW, or_wait=True) for person in people]
    rest = series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    first.cancel(by=people[0], now=session.starts_at - timedelta(hours=2))
    assert first.state == State.CANCELLED  # nobody was expected, so it is not late
    assert states(session) == [State.CANCELLED, State.CONFIRMED, State.CONFIRMED, State.WAITLISTED]
    rest.lift(by=dev, now=NOW)
    assert states(session) == [State.CANCELLED, State.CONFIRMED, State.CONFIRMED, State.OFFERED]


def test_t9_no_absence_is_recorded_or_asked_for(series, dev, sam):
    on(series, NEXT).join(by=sam, now=NOW)
    series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    session = series.sessions.with_turnout().get(local_date=NEXT)
    later = session.ends_at + timedelta(hours=1)
    assert not session.is_left_to_record(later)
    with pytest.raises(TooEarlyOrLate):
        session.record({sam.pk: Attendance.State.ABSENT}, by=dev, now=later)
    assert not Attendance.objects.exists()


def test_t9_each_person_is_told_once_that_it_rests_and_once_that_it_meets_again(series, dev, sam, noor):
    for day in (NEXT, AFTER):
        on(series, day).join(by=sam, now=NOW)
    on(series, AFTER).join(by=noor, now=NOW)
    rest = series.suspend(first=NEXT, last=AFTER, by=dev, now=NOW)
    assert told("groups.rests") == ["noor", "sam"]
    rests = Notification.objects.get(kind="groups.rests", recipient=sam)
    assert rests.get_absolute_url() == on(series, NEXT).get_absolute_url()
    ready = Notification.objects.get(kind="groups.meets_again", recipient=sam)
    assert ready.not_before.astimezone().date() > AFTER
    on(series, AFTER).bookings.get(client=noor).cancel(by=noor, now=NOW)
    rest.lift(by=dev, now=NOW)
    again = Notification.objects.filter(kind="groups.meets_again", state=Notification.State.DUE)
    assert [(row.recipient, row.not_before) for row in again] == [(sam, NOW)]
    assert not kinds.get("groups.rests").wanted(Notification.objects.filter(kind="groups.rests")[0], NOW)
    assert kinds.get("groups.meets_again").wanted(again[0], NOW)
    assert "Seeking" not in again[0].notice
    assert again[0].get_absolute_url() == series.group.get_absolute_url()


def test_t9_two_rests_of_one_series_share_no_day_and_a_lifted_one_counts_for_nothing(series, dev):
    rest = series.suspend(first=NEXT, last=AFTER, by=dev, now=NOW)
    with pytest.raises(RestsAlready, match="1 December to Tuesday, 8 December"):
        series.suspend(first=AFTER, last=AFTER + timedelta(days=9), by=dev, now=NOW)
    rest.lift(by=dev, now=NOW)
    rest.lift(by=dev, now=NOW)
    series.suspend(first=AFTER, last=AFTER, by=dev, now=NOW)
    assert Suspension.objects.standing().count() == 1


def test_t9_what_is_past_or_has_begun_stays_as_it_is(series, dev):
    begun = on(series, TODAY)
    with pytest.raises(NothingToRest):
        series.suspend(first=TODAY, last=TODAY - timedelta(days=1), by=dev, now=NOW)
    rest = series.suspend(first=TODAY, last=NEXT, by=dev, now=begun.starts_at)
    assert [session.local_date for session in rest.sessions.all()] == [NEXT]
    later = on(series, NEXT).ends_at
    rest.lift(by=dev, now=later)
    assert on(series, NEXT).rests  # it rested, and nobody was there: that stays so


def test_t9_a_resting_session_is_nothing_to_join_and_stands_in_its_clients_week(
    series, dev, sam, noor, client_of
):
    session = on(series, NEXT)
    session.join(by=sam, now=NOW)
    series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    assert session not in Session.objects.fitting(noor, NOW)
    week = client_of(sam).get("/schedule/week/?week=2026-W49").content.decode()
    assert "Rests" in week
    page = client_of(sam).get(session.get_absolute_url()).content.decode()
    assert "This group rests until" in page
    assert "Your place stays yours" in page
    assert client_of(noor).post(reverse("groups:booking", args=[session.pk])).status_code == 422


def test_t9_the_page_says_what_it_touches_before_anything_rests(series, dev, ana, mara, sam, client_of):
    on(series, NEXT).join(by=sam, now=NOW)
    path = reverse("groups:suspend", args=[series.pk])
    days = {"first": NEXT, "last": AFTER}
    page = client_of(dev).get(path, days).content.decode()
    assert "2 sessions" in page
    assert "1 person is told" in page
    assert not Suspension.objects.exists()
    assert client_of(ana).get(path).status_code == 404
    assert client_of(dev).post(path, days).status_code == 303
    assert client_of(dev).post(path, days).status_code == 422
    rest = Suspension.objects.get()
    lifting = reverse("groups:suspension_lifting", args=[rest.pk])
    assert client_of(ana).post(lifting).status_code == 404
    assert client_of(mara).post(lifting).status_code == 303
    rest.refresh_from_db()
    assert rest.lifted_by == mara


@pytest.mark.parametrize(
    "days",
    [
        {"first": "2026-12-08", "last": "2026-12-01"},
        {"first": "2026-11-01", "last": "2026-12-01"},
        {"first": "x", "last": "9999-12-31"},
        {},
    ],
)
def test_t9_days_that_do_not_fit_are_said_beside_the_field_and_change_nothing(series, dev, client_of, days):
    path = reverse("groups:suspend", args=[series.pk])
    response = client_of(dev).post(path, days)
    assert response.status_code == 422
    assert not Suspension.objects.exists()


def test_t9_what_is_laid_out_into_a_rest_rests(make_series, dev):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    far = series.sessions.order_by("-local_date")[0].local_date
    series.suspend(first=far, last=far + timedelta(days=7), by=dev, now=NOW)
    series.lay_out(NOW + timedelta(days=7))
    assert on(series, far + timedelta(days=7)).rests


@pytest.mark.parametrize("sessions", [1, 30])
def test_t9_letting_a_series_rest_takes_as_many_queries_for_one_session_as_for_thirty(
    make_series, dev, sam, django_assert_max_num_queries, sessions
):
    series = make_series(count=sessions)
    series.schedule(leads=[dev], by=dev, now=NOW)
    for session in series.sessions.all()[:3]:
        session.join(by=sam, now=NOW)
    with django_assert_max_num_queries(20):
        series.suspend(first=TODAY, last=TODAY + timedelta(days=300), by=dev, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_t9_who_joins_as_it_comes_to_rest_is_told_or_refused(make_series, dev):
    series = make_series(count=2, group=Group.objects.create(name="Art", kind=Kind.ART, capacity=8))
    series.schedule(leads=[dev], by=dev, now=NOW)
    session, people = on(series, NEXT), residents(5)

    def work(person):
        if person == dev:
            return series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
        return session.join(by=person, now=NOW)

    results = at_once(work, [*people, dev])
    joined = [row.client.username for row in results if isinstance(row, Booking)]
    assert sorted(joined) == told("groups.rests")
    assert {type(row) for row in results} <= {Booking, Rests, Suspension}
    assert on(series, NEXT).rests


@pytest.mark.django_db(transaction=True)
def test_t9_six_who_let_it_rest_at_once_make_one_rest(make_series, dev):
    series = make_series(count=2)
    series.schedule(leads=[dev], by=dev, now=NOW)
    days = {"first": NEXT, "last": NEXT}
    results = at_once(lambda person: series.suspend(**days, by=person, now=NOW), [dev] * 6)
    assert sorted(type(row).__name__ for row in results) == ["RestsAlready"] * 5 + ["Suspension"]


def test_t9_a_room_stays_taken_while_its_session_rests(series, dev, make_series, mara):
    from groups.clashes import find

    series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    planned = [make_series(start_date=NEXT, start_time=time(18), room=Room.objects.get()).session_on(NEXT)]
    assert [clash.other for clash in find(planned, [])] == [on(series, NEXT)]


def test_t9_who_left_meanwhile_is_not_told_that_it_meets_again(series, dev, sam, noor):
    for day in (NEXT, AFTER):
        on(series, day).join(by=sam, now=NOW)
        on(series, day).join(by=noor, now=NOW)
    series.suspend(first=NEXT, last=NEXT, by=dev, now=NOW)
    said = {
        (row.recipient, row.kind): row for row in Notification.objects.filter(recipient__in=[sam, noor]).all()
    }
    for booking in sam.bookings.all():
        booking.cancel(by=sam, now=NOW)
    for kind in ("groups.rests", "groups.meets_again"):
        wanted = kinds.get(kind).wanted
        assert [wanted(said[one, kind], NOW) for one in (noor, sam)] == [True, False]
    assert not kinds.get("groups.rests").wanted(said[noor, "groups.rests"], on(series, NEXT).starts_at)


def test_t9_c3_who_joins_elsewhere_is_told_that_the_other_group_rests(
    frozen, make_session, make_series, dev, ana, sam
):
    make_series(count=1).schedule(leads=[dev], by=dev, now=NOW)
    resting = Session.objects.get()
    resting.join(by=sam, now=NOW)
    resting.series.suspend(first=TODAY, last=TODAY, by=dev, now=NOW)
    other = make_session(at=time(18), lead=ana, room=Room.objects.create(name="Elm room", capacity=5))
    with pytest.raises(Overlaps, match=r"It rests then, and your place is kept\. You can leave it first"):
        other.join(by=sam, now=NOW)
    Group.objects.update(admission=Admission.MANDATORY)
    assert str(Overlaps(Session.objects.get(pk=resting.pk))).endswith("your place is kept.")
