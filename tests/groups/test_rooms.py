"""Rooms are kept, closed and opened with an eye on what is ahead in them (C1, C5)."""

from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from django.urls import reverse

from groups.models import Booking, Group, Kind, Room, Session
from groups.refusals import HasLeft, NotReady, RoomClosed, RoomInUse
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once, states

State = Booking.State
TOMORROW = TODAY + timedelta(days=1)


def test_c1_another_turnover_holds_for_the_sessions_ahead_and_for_no_other(make_session, oak, mara):
    past, ahead = make_session(day=TODAY - timedelta(days=7)), make_session(day=TOMORROW)
    off = make_session(day=TOMORROW, at=time(18))
    off.cancel(by=mara, now=NOW)
    oak.turnover_minutes = 30
    oak.keep(by=mara, now=NOW)
    minutes = {row.pk: (row.room_free_at - row.ends_at).seconds // 60 for row in Session.objects.all()}
    assert minutes == {past.pk: 15, ahead.pk: 30, off.pk: 30}


def test_c1_a_turnover_that_makes_sessions_clash_is_refused_and_changes_nothing(make_session, oak, mara):
    first, second = make_session(day=TOMORROW), make_session(day=TOMORROW, at=time(14, 35))
    last = make_session(day=TOMORROW, at=time(18))
    oak.turnover_minutes, oak.name = 30, "Elm room"
    with pytest.raises(NotReady) as refusal:
        oak.keep(by=mara, now=NOW)
    assert refusal.value.pairs == [(first, second)]
    kept = Room.objects.get()
    assert (kept.name, kept.turnover_minutes) == ("Oak room", 15)
    assert {row.room_free_at - row.ends_at for row in (first, second, last)} == {timedelta(minutes=15)}
    second.cancel(by=mara, now=NOW)
    oak.keep(by=mara, now=NOW)
    assert Room.objects.get().turnover_minutes == 30


def test_c1_a_turnover_of_exactly_the_time_between_is_enough(make_session, oak, mara):
    make_session(day=TOMORROW), make_session(day=TOMORROW, at=time(14, 45))
    oak.turnover_minutes = 30
    oak.keep(by=mara, now=NOW)
    assert Room.objects.get().turnover_minutes == 30


def test_c5_a_larger_room_gives_its_places_at_once_and_a_smaller_one_takes_none(
    make_session, oak, seeking, mara
):
    seeking.capacity = 9
    seeking.save()
    Room.objects.update(capacity=1)
    session, people = make_session(day=TOMORROW), residents(4)
    for n, person in enumerate(people):
        session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
    for capacity, taken in ((3, 3), (1, 3)):
        oak.capacity = capacity
        oak.keep(by=mara, now=NOW)
        in_line = session.bookings.order_by("joined_at").values_list("state", flat=True)
        assert list(in_line) == ["confirmed", "offered", "offered", "waitlisted"]
        assert session.bookings.taking_a_place().count() == taken


@pytest.mark.django_db(transaction=True)
def test_c5_who_joins_while_the_room_grows_never_waits_beside_a_free_place(make_session, oak, mara):
    first, second = residents(2)
    for day in range(8):
        Room.objects.update(capacity=1)
        session = make_session(day=date(2026, 11, 25) + timedelta(days=day))
        session.join(by=first, now=NOW)
        oak.capacity = 2
        works = [partial(session.join, by=second, or_wait=True), partial(oak.keep, by=mara)]
        assert not [
            error for error in at_once(lambda work: work(now=NOW), works) if error and is_error(error)
        ]
        assert states(session) in ([State.CONFIRMED] * 2, [State.CONFIRMED, State.OFFERED])


def is_error(result: object) -> bool:
    return isinstance(result, Exception)


@pytest.mark.django_db(transaction=True)
def test_c1_a_plan_made_while_the_turnover_changes_keeps_the_new_one(
    make_session, make_series, oak, mara, dev
):
    for turn in range(6):
        Room.objects.update(turnover_minutes=5)
        make_session(day=date(2026, 11, 26), at=time(8 + turn), minutes=20)
        series = make_series(start_date=date(2026, 12, 1 + turn), count=2, room=Room.objects.get())
        room = Room.objects.get()
        room.turnover_minutes = 20
        works = [partial(series.schedule, leads=[dev]), room.keep]
        assert not [one for one in at_once(lambda work: work(by=mara, now=NOW), works) if is_error(one)]
        free_at = {row.room_free_at - row.ends_at for row in Session.objects.filter(starts_at__gt=NOW)}
        assert free_at == {timedelta(minutes=20)}
        series.sessions.all().delete()


def test_c1_a_room_closes_when_nothing_is_ahead_and_opens_again(make_session, oak, mara):
    session = make_session(day=TOMORROW)
    with pytest.raises(RoomInUse):
        oak.close(by=mara, now=NOW)
    session.cancel(by=mara, now=NOW)
    oak.close(by=mara, now=NOW)
    oak.close(by=mara, now=NOW + timedelta(days=1))
    assert (Room.objects.get().closed_at, Room.objects.open().count()) == (NOW, 0)
    oak.open(by=mara)
    assert Room.objects.open().get() == oak


def test_c1_a_room_in_which_an_open_series_goes_on_does_not_close(make_series, oak, mara, dev):
    series = make_series()
    series.schedule(leads=[dev], by=mara, now=NOW)
    Session.objects.update(cancelled_at=NOW, cancelled_by=mara)
    with pytest.raises(RoomInUse):
        oak.close(by=mara, now=NOW)


def test_c1_nothing_is_planned_in_a_room_that_closed_a_moment_ago(make_series, oak, mara, dev):
    series = make_series()
    Room.objects.get().close(by=mara, now=NOW)
    with pytest.raises(RoomClosed) as refusal:
        series.schedule(leads=[dev], by=mara, now=NOW)
    assert isinstance(refusal.value, HasLeft)  # said at the form like anything else that just went away
    assert not Session.objects.exists()


def test_keeping_a_form_that_lay_open_does_not_open_a_closed_room(oak, mara):
    Room.objects.get().close(by=mara, now=NOW)
    oak.place = "upstairs"
    oak.keep(by=mara, now=NOW)
    assert Room.objects.get().closed_at == NOW


def page(name: str, *args: object) -> str:
    return reverse(f"groups:{name}", args=args)


def fields(room: Room, **given: object) -> dict[str, object]:
    own = {"name": room.name, "place": room.place, "capacity": room.capacity}
    return own | {"turnover_minutes": room.turnover_minutes} | given


def test_c1_the_page_says_which_sessions_would_begin_too_early(frozen, client_of, make_session, oak, mara):
    make_session(day=TOMORROW), make_session(day=TOMORROW, at=time(14, 35))
    answer = client_of(mara).post(page("room_edit", oak.pk), fields(oak, place="attic", turnover_minutes=30))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was changed." in html
    assert "ends at 2:15 p.m.," in " ".join(html.split())
    assert 'value="attic"' in html


def test_c5_the_page_says_where_more_people_are_than_places(frozen, client_of, make_session, oak, mara):
    session = make_session(day=TOMORROW)
    for person in residents(3):
        session.join(by=person, now=NOW)
    browser = client_of(mara)
    assert "More people than places" not in browser.get(page("room_edit", oak.pk)).content.decode()
    assert browser.post(page("room_edit", oak.pk), fields(oak, capacity=2)).status_code == 303
    for path in (page("room_edit", oak.pk), session.group.get_absolute_url()):
        html = " ".join(browser.get(path).content.decode().split())
        assert "More people than places" in html
        assert "3 people, 2 places" in html


def test_a_room_is_closed_and_opened_on_its_page(frozen, client_of, make_session, oak, mara):
    browser, session = client_of(mara), make_session(day=TOMORROW)
    before = browser.get(page("room_edit", oak.pk)).content.decode()
    assert "This room still has sessions ahead." in before
    assert session.get_absolute_url() in before
    assert "Close the room" not in before
    answer = browser.post(page("room_closing", oak.pk))
    assert answer.status_code == 422
    assert session.get_absolute_url() in answer.content.decode()
    session.cancel(by=mara, now=datetime.now().astimezone())
    assert "Close the room" in browser.get(page("room_edit", oak.pk)).content.decode()
    assert browser.post(page("room_closing", oak.pk)).status_code == 303
    assert "Closed" in browser.get(page("room_list")).content.decode()
    assert browser.post(page("room_closing", oak.pk), {"open": "1"}).status_code == 303
    assert Room.objects.open().exists()


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_and_the_page_of_rooms_ask_as_often_for_one_as_for_thirty(
    frozen, client_of, make_session, mara, number, django_assert_max_num_queries
):
    art = Group.objects.create(name="Clay and color", purpose="Hands.", kind=Kind.ART, capacity=1)
    people = residents(2)
    for n in range(number):
        room = Room.objects.create(name=f"Room {n}", capacity=1)
        session = make_session(day=TOMORROW + timedelta(days=n), group=art, room=room)
        Booking.objects.bulk_create(
            Booking(session=session, client=one, state=State.CONFIRMED, joined_at=NOW) for one in people
        )
    Session.objects.filter(group=art).update(room=room)
    browser = client_of(mara)
    for path in (page("room_list"), page("room_edit", room.pk)):
        with django_assert_max_num_queries(9):
            assert browser.get(path).status_code == 200
    with django_assert_max_num_queries(14):
        assert browser.post(page("room_closing", room.pk)).status_code == 422
