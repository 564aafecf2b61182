"""Each way in which a place is refused, or not given twice, where something came between (B1 to B6, C3)."""

from datetime import time, timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import User
from groups import notices
from groups.models import Admission, Booking, Group, Session
from groups.notices.offers import OFFER_ENDED
from groups.refusals import (
    Begun,
    CalledOff,
    ComesAfter,
    Full,
    NotHereThen,
    NotTheirs,
    NotYet,
    PartOfThePlan,
    Rests,
    Unagreed,
    Unpromised,
)
from groups.refusals.waiting import WaitsNoMore
from notifications import kinds
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY, put, residents
from tests.groups.test_attention import lose
from tests.groups.test_moving_pages import words
from tests.groups.test_offers import NEXT_WEEK, at, leave, line, state, told
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
DAY = timedelta(days=1)
REASON = "They have only this week left"


@pytest.fixture
def offer(make_session) -> Booking:
    rows = line(make_session(day=NEXT_WEEK), 4)
    leave(rows[0], NOW)
    return Booking.objects.select_related("session", "client").get(pk=rows[3].pk, state=State.OFFERED)


def take(booking: Booking, now=NOW) -> None:
    booking.accept(by=booking.client, now=now)


def test_b3_no_offer_is_taken_once_it_has_begun(offer):
    with pytest.raises(Begun):
        take(offer, offer.session.starts_at)
    assert state(offer) == State.OFFERED


def test_t9_no_offer_is_taken_of_what_rests(make_series, dev):
    series = make_series(count=2, start_date=NEXT_WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW)
    rows = line(series.sessions.earliest("starts_at"), 4)
    leave(rows[0], NOW)
    series.suspend(first=NEXT_WEEK, last=NEXT_WEEK, by=dev, now=NOW)
    with pytest.raises(Rests):
        take(rows[3])
    assert state(rows[3]) == State.WAITLISTED


def test_a6_who_leaves_the_house_between_two_steps_takes_no_place(offer, monkeypatch):
    """Offers are looked through before the person is held: what ended their stay in between is seen."""
    end_offers = Session._end_offers

    def then_discharged(session, now):
        end_offers(session, now)
        offer.client.stays.update(discharged_on=TODAY)

    monkeypatch.setattr(Session, "_end_offers", then_discharged)
    with pytest.raises(NotHereThen):
        take(offer)
    assert state(offer) == State.OFFERED


def test_b6_who_joins_by_an_offer_promises_as_everybody_does(offer):
    Group.objects.filter(pk=offer.session.group_id).update(agreement="We listen.", agreement_version=2)
    with pytest.raises(Unagreed):
        offer.session.join(by=offer.client, now=NOW)
    assert state(offer) == State.OFFERED
    assert offer.session.join(by=offer.client, now=NOW, agreed="2").state == State.CONFIRMED


def test_b9_what_was_cancelled_is_not_joined(make_session, ana, sam):
    session = make_session()
    session.cancel(by=ana, now=NOW)
    with pytest.raises(CalledOff):
        session.join(by=sam, now=NOW, or_wait=True)


def test_b6_a_group_that_comes_after_another_is_not_joined_yet(make_session, other_group, seeking, sam, ana):
    seeking.prerequisite = other_group("First steps")["group"]
    seeking.save()
    session, lost = make_session(day=NEXT_WEEK), lose(make_session(day=TODAY + DAY), sam)
    with pytest.raises(ComesAfter, match="First steps"):
        session.join(by=sam, now=NOW)
    with pytest.raises(NotYet):
        lost.place_into(session, by=ana, now=NOW)


def test_b6_a_group_that_somebody_may_not_know_of_is_not_named(other_group, seeking, sam):
    hidden = other_group("Inner circle", admission=Admission.CLOSED, ended_at=NOW)["group"]
    seeking.prerequisite = hidden
    refusal = seeking.too_early_for(sam)
    assert (refusal.first, "Ask your care team" in str(refusal)) == (None, True)
    assert hidden.name not in str(refusal)


def test_c3_who_waits_here_behind_others_keeps_the_place_there(make_session, other_group, sam):
    here, there = make_session(), make_session(**other_group("Clay"))
    put(here, *residents(3))
    there.join(by=sam, now=NOW)
    here.join(by=sam, now=NOW, or_wait=True)
    with pytest.raises(Full):
        here.swap(by=sam, instead_of=there, now=NOW)
    assert there.bookings.get(client=sam).state == State.CONFIRMED
    assert here.bookings.get(client=sam).state == State.WAITLISTED


def test_b4_an_offer_ends_no_later_than_the_new_hour_lets_it(offer):
    assert offer.held_until == at(25, 9)
    sooner = at(25, 10)
    Session.objects.filter(pk=offer.session_id).update(starts_at=sooner, ends_at=sooner + timedelta(hours=1))
    offer.session.turn_waitlist(NOW)
    offer.refresh_from_db()
    assert (offer.state, offer.held_until) == (State.OFFERED, at(25, 8))
    assert Notification.objects.get(kind=notices.OFFER).not_after == at(25, 8)


@pytest.mark.parametrize(("admission", "when"), [(Admission.OPEN, NOW), (Admission.CLOSED, at(30, 15))])
def test_b6_the_line_stands_where_the_group_opened_again_or_has_begun(make_session, admission, when):
    session = make_session(day=at(30, 12).date(), at=time(10))
    rows = line(session, 4)
    Group.objects.filter(pk=session.group_id).update(admission=admission)
    Session.objects.get(pk=session.pk).end_line(when)
    assert state(rows[3]) == State.WAITLISTED
    assert told("line_ended") == []


def test_b4_a_place_that_staff_give_is_given_once(make_session, ana):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    Group.objects.filter(pk=session.group_id).update(capacity=4)
    for _again in range(2):
        session.give_place(rows[3], by=ana, now=NOW)
    assert rows[3].state == State.CONFIRMED
    assert told("place") == [(rows[3].client_id, rows[3].pk)]


def cancelled(session: Session, row: Booking, ana: User) -> None:
    session.cancel(by=ana, now=NOW)


def left(session: Session, row: Booking, ana: User) -> None:
    leave(row, NOW)


def discharged(session: Session, row: Booking, ana: User) -> None:
    row.client.stays.update(discharged_on=TODAY)


def unpromised(session: Session, row: Booking, ana: User) -> None:
    Group.objects.filter(pk=session.group_id).update(agreement="We listen.", agreement_version=2)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [(cancelled, CalledOff), (left, NotTheirs), (discharged, NotTheirs), (unpromised, Unpromised)],
)
def test_b4_staff_give_no_place_past_the_rules(make_session, ana, change, refusal):
    session = make_session(day=NEXT_WEEK)
    rows = line(session, 4)
    Group.objects.filter(pk=session.group_id).update(capacity=4)
    change(session, rows[3], ana)
    before = state(rows[3])
    with pytest.raises(refusal):
        session.give_place(rows[3], by=ana, now=NOW)
    assert state(rows[3]) == before != State.CONFIRMED


def test_b2_who_has_a_place_by_now_cannot_come_first(make_session, dev):
    row = line(make_session(day=NEXT_WEEK, lead=dev), 1)[0]
    with pytest.raises(WaitsNoMore):
        row.give_priority(REASON, by=dev, now=NOW)
    assert Booking.objects.get(pk=row.pk).priority == 0


@pytest.mark.parametrize("path", ["booking_priority", "priority_lifting"])
def test_b2_the_page_says_so_where_the_line_moved_meanwhile(client_of, make_session, dev, path, monkeypatch):
    """The session begins, or the place is given, between looking and asking."""
    session = make_session(day=NEXT_WEEK, lead=dev)
    row = line(session, 4)[3 if path == "booking_priority" else 0]
    monkeypatch.setattr(Session, "has_begun", lambda *_: True)
    response = client_of(dev).post(page(path, row.pk), {"reason": REASON}, follow=True)
    said = {"booking_priority": str(Begun.message), "priority_lifting": str(WaitsNoMore.message)}
    assert said[path] in words(response)
    assert Booking.objects.get(pk=row.pk).priority == 0


def test_t8_who_has_a_place_there_already_is_settled_and_told_nothing(make_session, sam, ana):
    there, lost = make_session(day=NEXT_WEEK), lose(make_session(day=TODAY + DAY), sam)
    mine = there.join(by=sam, now=NOW)
    assert lost.place_into(there, by=ana, now=NOW) == mine
    lost.refresh_from_db()
    assert (lost.needs_place_since, lost.place_settled_by) == (None, ana)
    assert told("place") == []


def test_t8_what_a_colleague_settled_meanwhile_is_said_and_gives_no_second_place(
    client_of, make_session, sam, ana, monkeypatch
):
    from groups.views import finding_place

    there, lost = make_session(day=NEXT_WEEK), lose(make_session(day=TODAY + DAY), sam)
    fitting = finding_place.fitting

    def settled_meanwhile(booking, now):
        Booking.objects.get(pk=booking.pk).settle(by=ana, now=now)
        return fitting(booking, now)

    monkeypatch.setattr(finding_place, "fitting", settled_meanwhile)
    sent = {"session": there.pk}
    response = client_of(ana).post(page("place_finding", lost.pk), sent, follow=True)
    assert "This is settled already." in words(response)
    assert not there.bookings.exists()


def test_b6_what_is_part_of_the_plan_is_neither_left_nor_swapped_by_a_page(
    client_of, make_session, other_group, sam
):
    here, there = make_session(), make_session(**other_group("Clay"))
    there.join(by=sam, now=NOW)
    Group.objects.filter(pk=there.group_id).update(admission=Admission.MANDATORY)
    browser = client_of(sam)
    for path, sent in (
        (page("cancellation", there.pk), {}),
        (page("booking_swap", here.pk), {"instead_of": there.pk}),
    ):
        response = browser.post(path, sent)
        assert response.status_code == 422
        assert str(PartOfThePlan.message) in unescape(words(response))
    assert (there.bookings.get().state, here.bookings.count()) == (State.CONFIRMED, 0)


def test_b3_a_notice_of_a_place_leads_there_while_the_place_is_known(client_of, make_session, sam):
    session = make_session(day=NEXT_WEEK)
    row = session.join(by=sam, now=NOW)
    notices.post_place(session, [row], NOW)
    told_of, kind = Notification.objects.get(kind=notices.PLACE), kinds.get(notices.PLACE)
    assert told_of.get_absolute_url() == session.get_absolute_url()
    assert kind.still_wanted([told_of], NOW) == {told_of.pk}
    leave(row, NOW)
    assert kind.still_wanted([told_of], NOW) == set()
    row.delete()
    assert told_of.get_absolute_url() == reverse("groups:week")


def test_b4_that_an_offer_ended_is_said_until_they_wait_again_or_it_begins(offer):
    over = offer.held_until
    offer.expire(now=over)
    told_of, kind = Notification.objects.get(kind=OFFER_ENDED), kinds.get(OFFER_ENDED)
    assert kind.still_wanted([told_of], over) == {told_of.pk}
    assert kind.still_wanted([told_of], offer.session.starts_at) == set()
    offer.session.join(by=offer.client, now=over, or_wait=True)
    assert kind.still_wanted([told_of], over) == set()


def test_b6_a_series_without_dates_ahead_offers_none(client_of, make_series, sam, dev):
    series = make_series(count=1)
    series.schedule(leads=[dev], by=dev, now=NOW)
    series.sessions.update(starts_at=NOW - DAY, ends_at=NOW - DAY + timedelta(hours=1))
    response = client_of(sam).get(page("series_joining", series.pk))
    assert (response.status_code, response.context["dates"]) == (200, [])


def test_b2_who_waits_on_every_date_reads_that_alone(client_of, make_series, sam, dev):
    series = make_series(count=2)
    series.schedule(leads=[dev], by=dev, now=NOW)
    dates = list(series.sessions.order_by("starts_at"))
    people = residents(3)
    for session in dates:
        put(session, *people)
    sent = {"dates": [f"line-{session.pk}" for session in dates]}
    response = client_of(sam).post(page("series_joining", series.pk), sent, follow=True)
    assert "You wait on 2 dates." in words(response)
    assert "You are in on" not in words(response)


def test_no_row_of_the_lists_names_its_client(offer):
    """Such words reach logs and error reports."""
    assert str(offer) == f"{offer.client_id} offered"
