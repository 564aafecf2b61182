"""One session left for another at the same time (C3): both or neither, and never two places."""

from datetime import time

import pytest
from django.urls import reverse

from groups.models import Admission, Booking, Group, Kind, Room, Session
from groups.refusals import Full, Overlaps, PartOfThePlan
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once

State = Booking.State


@pytest.fixture
def art(db) -> Group:
    return Group.objects.create(name="Clay and color", purpose="Hands.", kind=Kind.ART, capacity=2)


@pytest.fixture
def pair(make_session, art) -> tuple[Session, Session]:
    """Two at the same time."""
    return make_session(), make_session(group=art, room=Room.objects.create(name="Studio", capacity=5))


def state_of(session: Session, client) -> str:
    return session.bookings.filter(client=client).latest("joined_at").state


def test_c3_one_place_is_left_for_another_and_the_next_in_line_comes_in(pair, sam, noor, art):
    here, there = pair
    art.capacity = 1
    art.save()
    there.join(by=sam, now=NOW)
    there.join(by=noor, now=NOW, or_wait=True)
    assert here.swap(by=sam, instead_of=there, now=NOW).state == State.CONFIRMED
    assert here.swap(by=sam, instead_of=there, now=NOW).state == State.CONFIRMED  # twice is once
    assert (state_of(there, sam), state_of(there, noor)) == (State.CANCELLED_LATE, State.OFFERED)
    assert here.bookings.count() == 1


def test_c3_who_waits_here_takes_a_free_place_for_the_one_there(pair, sam):
    here, there = pair
    here.bookings.create(client=sam, state=State.WAITLISTED, joined_at=NOW)
    there.join(by=sam, now=NOW)
    assert here.swap(by=sam, instead_of=there, now=NOW).state == State.CONFIRMED


def test_c3_c5_what_is_full_by_now_leaves_the_old_place(pair, sam, seeking):
    here, there = pair
    there.join(by=sam, now=NOW)
    for person in residents(3):
        here.join(by=person, now=NOW)
    with pytest.raises(Full):
        here.swap(by=sam, instead_of=there, now=NOW)
    assert state_of(there, sam) == State.CONFIRMED


def test_c3_b6_a_mandatory_group_is_not_left_for_another(pair, sam, art):
    here, there = pair
    there.join(by=sam, now=NOW)
    art.admission = Admission.MANDATORY
    art.save()
    with pytest.raises(PartOfThePlan):
        here.swap(by=sam, instead_of=there, now=NOW)
    assert (state_of(there, sam), here.bookings.count()) == (State.CONFIRMED, 0)


def test_c3_what_is_at_another_time_is_not_left(pair, sam, make_session):
    here, other = pair[0], make_session(at=time(18))
    other.join(by=sam, now=NOW)
    here.swap(by=sam, instead_of=other, now=NOW)
    assert (state_of(other, sam), state_of(here, sam)) == (State.CONFIRMED, State.CONFIRMED)


def test_c3_who_is_in_two_others_then_keeps_both(pair, sam, make_session, art):
    _, there = pair
    long = make_session(minutes=180, at=time(12), room=Room.objects.create(name="Hall", capacity=5))
    later = make_session(at=time(14, 15), minutes=45, group=art, room=there.room)
    there.join(by=sam, now=NOW)
    later.join(by=sam, now=NOW)
    with pytest.raises(Overlaps):
        long.swap(by=sam, instead_of=there, now=NOW)
    assert (state_of(there, sam), state_of(later, sam)) == (State.CONFIRMED, State.CONFIRMED)


@pytest.mark.django_db(transaction=True)
def test_c3_two_swap_against_each_other_and_both_are_in(make_session, art):
    sam, noor = residents(2)
    art.capacity = 1
    art.save()
    studio = Room.objects.create(name="Studio", capacity=5)
    tight = Group.objects.create(name="Breathing", purpose="Air.", kind=Kind.ART, capacity=1)
    here, there = make_session(group=tight), make_session(group=art, room=studio)
    here.join(by=sam, now=NOW)
    there.join(by=noor, now=NOW)
    for _ in range(4):
        results = at_once(
            lambda pair: pair[0].swap(by=pair[1], instead_of=pair[2], now=NOW),
            [(here, noor, there), (there, sam, here)],
        )
        assert {type(one) for one in results} <= {Full, Booking}
        active = list(Booking.objects.active().values_list("client", flat=True))
        assert sorted(active) == sorted([sam.pk, noor.pk])


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_c3_the_refusal_names_the_other_session_and_offers_to_swap(frozen, pair, sam, client_of, headers):
    here, there = pair
    there.join(by=sam, now=NOW)
    browser = client_of(sam)
    refused = browser.post(reverse("groups:booking", args=[here.pk]), headers=headers)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "You are in Clay and color at that time (Tuesday, 24 November, 1:00 p.m.)." in html
    assert f'href="{there.get_absolute_url()}"' in html
    assert "Leave Clay and color and join here" in html
    sent = {"instead_of": str(there.pk), "agreed": ""}
    swapped = browser.post(reverse("groups:booking_swap", args=[here.pk]), sent, headers=headers)
    assert swapped.status_code == (200 if headers else 303)
    assert (state_of(here, sam), state_of(there, sam)) == (State.CONFIRMED, State.CANCELLED_LATE)


def test_c3_b6_no_swap_is_offered_out_of_a_mandatory_group(frozen, pair, sam, client_of, art):
    here, there = pair
    there.join(by=sam, now=NOW)
    art.admission = Admission.MANDATORY
    art.save()
    html = client_of(sam).post(reverse("groups:booking", args=[here.pk])).content.decode()
    assert there.get_absolute_url() in html
    assert "and join here" not in html
    assert "You cannot leave that one by yourself." in html
    assert f'action="{reverse("groups:booking", args=[here.pk])}"' not in html  # it would be refused again


def test_c3_a_swap_sent_without_its_other_session_changes_nothing(frozen, pair, sam, client_of):
    for sent in ({}, {"instead_of": "nonsense"}):
        assert client_of(sam).post(reverse("groups:booking_swap", args=[pair[0].pk]), sent).status_code == 303
    assert not Booking.objects.filter(session__local_date=TODAY).exists()
