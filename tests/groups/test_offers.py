"""A place that opens is offered and held, added at once, or left to staff (B4), and then goes on (B3)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from groups.models import Booking, Room, Session
from groups.refusals import (
    CalledOff,
    Full,
    NotHereThen,
    OfferEnded,
    Overlaps,
    Unagreed,
)
from notifications.models import Notification, Preference
from tests.groups.conftest import NOW, TODAY, residents

State = Booking.State
NEXT_WEEK = date(2026, 12, 1)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November, by the program's clock, five hours behind UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + 5 * HOUR


def line(session: Session, number: int, now: datetime = NOW, **wish) -> list[Booking]:
    """So many who want to come, one second after another; three of them find a place."""
    people = residents(number, name=f"p{session.local_date:%d}{session.starts_at:%H}")
    return [
        session.join(by=person, now=now - HOUR + timedelta(seconds=n), or_wait=True, **wish)
        for n, person in enumerate(people)
    ]


def leave(booking: Booking, now: datetime) -> None:
    booking.cancel(by=booking.client, now=now)


def state(booking: Booking) -> str:
    return Booking.objects.get(pk=booking.pk).state


def told(kind: str) -> list:
    rows = Notification.objects.filter(kind=f"groups.{kind}").order_by("pk")
    return [(row.recipient_id, row.about) for row in rows]


@pytest.mark.parametrize("adds_me", [False, True])
def test_b4_more_than_a_day_ahead_the_place_is_offered_and_held_for_twelve_waking_hours(
    make_session, adds_me
):
    rows = line(make_session(day=NEXT_WEEK), 5, adds_me=adds_me)
    leave(rows[0], NOW)  # at ten; eleven hours later their quiet hours begin
    offer = Booking.objects.get(pk=rows[3].pk)
    assert (offer.state, offer.held_until) == (State.OFFERED, at(25, 9))
    assert state(rows[4]) == State.WAITLISTED
    assert told("offer") == [(offer.client_id, offer.pk)]
    assert told("place") == []
    notice = Notification.objects.get(kind="groups.offer")
    assert (notice.shown_at, notice.not_after) == (NOW, offer.held_until)


@pytest.mark.parametrize(
    ("before_start", "state_then"),
    [
        (timedelta(hours=24, seconds=1), State.OFFERED),
        (timedelta(hours=24), State.CONFIRMED),
        (timedelta(hours=2, seconds=1), State.CONFIRMED),
        (timedelta(hours=2), State.WAITLISTED),
        (timedelta(seconds=1), State.WAITLISTED),
    ],
)
def test_b4_who_asked_to_be_added_is_in_at_once_within_a_day_and_until_two_hours_before(
    make_session, before_start, state_then
):
    session = make_session(day=TODAY + timedelta(days=2))
    rows = line(session, 4, adds_me=True)
    leave(rows[0], session.starts_at - before_start)
    assert state(rows[3]) == state_then
    assert len(told("place")) == (state_then == State.CONFIRMED)
    assert len(told("offer")) == (state_then == State.OFFERED)


def test_b4_near_the_start_an_offer_ends_two_hours_before_it(make_session):
    rows = line(make_session(day=TODAY, at=time(18)), 4)
    leave(rows[0], NOW)
    offer = Booking.objects.get(pk=rows[3].pk)
    assert (offer.state, offer.held_until) == (State.OFFERED, at(24, 16))


def test_b4_within_a_day_an_offer_lasts_until_two_hours_before_where_no_hour_is_quiet(make_session):
    session = make_session(day=date(2026, 11, 25), at=time(9))
    rows = line(session, 4)
    Preference.objects.create(person=rows[3].client, quiet_from=time(0), quiet_until=time(0))
    leave(rows[0], NOW)  # twenty-three hours before; in twelve hours it is ten in the evening
    assert Booking.objects.get(pk=rows[3].pk).held_until == at(25, 7)


def test_b4_whoever_asks_to_wait_has_not_taken_the_offer(make_session):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    assert session.join(by=rows[3].client, now=NOW, or_wait=True).state == State.OFFERED  # an old page
    assert state(rows[3]) == State.OFFERED


def test_b4_b6_nobody_is_added_to_an_agreement_that_they_have_not_read(make_session, seeking):
    session = make_session(at=time(18))
    rows = line(session, 4, adds_me=True)
    seeking.agreement, seeking.agreement_version = "What is said here stays here.", 2
    seeking.save()
    leave(rows[0], NOW)
    offered = Booking.objects.get(pk=rows[3].pk)
    assert offered.state == State.OFFERED
    with pytest.raises(Unagreed):
        offered.accept(by=offered.client, now=NOW)
    offered.accept(by=offered.client, now=NOW, agreed="2")
    assert state(offered) == State.CONFIRMED


def test_b4_in_quiet_hours_no_offer_is_made_and_the_place_is_kept_until_the_morning(make_session, sam):
    session = make_session(day=NEXT_WEEK)
    rows, night = line(session, 5), at(24, 22)
    leave(rows[0], night)
    assert state(rows[3]) == State.WAITLISTED
    assert (session.places_left(), session.open_places(night)) == (1, 0)
    with pytest.raises(Full):
        session.join(by=sam, now=night)
    assert session.join(by=sam, now=night, or_wait=True).state == State.WAITLISTED
    Session.objects.turn_waitlists(at(25, 7, 59))
    assert (state(rows[3]), told("offer")) == (State.WAITLISTED, [])
    Session.objects.turn_waitlists(at(25, 8))
    offer = Booking.objects.get(pk=rows[3].pk)
    assert (offer.state, offer.held_until) == (State.OFFERED, at(25, 20))
    assert [state(row) for row in (*rows[4:], *sam.bookings.all())] == [State.WAITLISTED] * 2


def test_b4_quiet_hours_are_the_persons_own_and_hold_back_no_place_that_they_asked_for(make_session):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 5)
    Preference.objects.create(person=rows[3].client, quiet_from=time(10), quiet_until=time(12))
    leave(rows[0], NOW)
    leave(rows[1], NOW)
    assert [state(row) for row in rows[3:]] == [State.WAITLISTED, State.OFFERED]
    soon = make_session(day=date(2026, 11, 25), at=time(10, 30))
    rows = line(soon, 4, adds_me=True)
    leave(rows[0], at(24, 22))
    assert state(rows[3]) == State.CONFIRMED


def test_b4_who_wakes_and_asks_has_the_place_that_is_kept_for_them(make_session):
    session = make_session(day=NEXT_WEEK)
    rows, night = line(session, 5), at(24, 22)
    leave(rows[0], night)
    last, first = rows[4], rows[3]
    assert session.join(by=last.client, now=night).state == State.WAITLISTED
    assert session.join(by=first.client, now=night).state == State.CONFIRMED


def test_b4_an_offer_is_taken_once_and_twice_is_once(make_session):
    rows = line(make_session(day=NEXT_WEEK), 5)
    leave(rows[0], NOW)
    for _ in range(2):
        rows[3].accept(by=rows[3].client, now=NOW + HOUR)
    assert rows[3].state == State.CONFIRMED
    assert state(rows[4]) == State.WAITLISTED
    assert told("place") == []  # they did it themselves


def test_b4_who_asks_to_join_takes_the_offer(make_session):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    assert session.join(by=rows[3].client, now=NOW).state == State.CONFIRMED


def test_b3_b4_after_the_hold_the_offer_is_refused_kindly_and_the_next_has_it(make_session):
    rows = line(make_session(day=NEXT_WEEK), 5)
    leave(rows[0], NOW)
    late = at(25, 9)
    with pytest.raises(OfferEnded, match="You can wait again"):
        rows[3].accept(by=rows[3].client, now=late)
    assert [state(row) for row in rows[3:]] == [State.EXPIRED, State.OFFERED]
    assert told("offer_ended") == [(rows[3].client_id, rows[3].pk)]


@pytest.mark.parametrize("verb", ["decline", "cancel"])
def test_b3_who_says_no_makes_room_for_the_next_at_once_and_is_not_asked_again(make_session, verb):
    rows = line(make_session(day=NEXT_WEEK), 5)
    leave(rows[0], NOW)
    for _ in range(2):
        getattr(rows[3], verb)(by=rows[3].client, now=NOW)
    closed = State.DECLINED if verb == "decline" else State.CANCELLED
    assert [state(row) for row in rows[3:]] == [closed, State.OFFERED]
    rows[4].decline(by=rows[4].client, now=NOW)
    leave(rows[1], NOW)
    assert [state(row) for row in rows[3:]] == [closed, State.DECLINED]
    assert rows[0].session.open_places(NOW) == 2


def test_b2_who_leaves_and_returns_is_last(make_session):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 5)
    leave(rows[3], NOW)
    again = session.join(by=rows[3].client, now=NOW, or_wait=True)
    leave(rows[0], NOW)
    assert [state(row) for row in (rows[4], again)] == [State.OFFERED, State.WAITLISTED]


def test_b4_an_offer_ends_by_the_clock_once_and_the_next_is_made(make_session):
    rows = line(make_session(day=NEXT_WEEK), 5)
    leave(rows[0], NOW)
    rows[3].expire(now=at(25, 8, 59))
    assert rows[3].state == State.OFFERED
    for _ in range(2):
        Session.objects.turn_waitlists(at(25, 9))
    assert [state(row) for row in rows[3:]] == [State.EXPIRED, State.OFFERED]
    assert len(told("offer_ended")) == 1
    assert len(told("offer")) == 2


def test_c3_an_offer_is_not_taken_while_elsewhere_and_a_swap_takes_it(make_session):
    session = make_session(day=NEXT_WEEK)
    other = make_session(day=NEXT_WEEK, room=Room.objects.create(name="Studio", capacity=5))
    rows = line(session, 4)
    leave(rows[0], NOW)
    client = rows[3].client
    other.join(by=client, now=NOW)
    with pytest.raises(Overlaps):
        rows[3].accept(by=client, now=NOW)
    assert state(rows[3]) == State.OFFERED
    assert session.swap(by=client, instead_of=other, now=NOW).state == State.CONFIRMED
    assert other.bookings.get(client=client).state == State.CANCELLED


def test_b4_no_offer_is_taken_of_what_is_off_or_on_a_day_away(make_session, ana):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    leave(rows[0], NOW)
    rows[3].client.stays.update(discharged_on=date(2026, 11, 30))
    with pytest.raises((NotHereThen, OfferEnded)):
        rows[3].accept(by=rows[3].client, now=NOW)
    session.cancel(by=ana, now=NOW)
    with pytest.raises(CalledOff):
        rows[3].accept(by=rows[3].client, now=NOW)
