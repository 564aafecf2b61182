"""The list on the page of a session: who is new, who leaves soon, who cannot come, who waits (B2, B5, B6)."""

import re
from datetime import timedelta

import pytest

from accounts.models import Stay
from groups.models import Booking, Membership
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
FAR = TODAY + timedelta(days=5)


def place(session, person, state=State.CONFIRMED, **fields) -> Booking:
    if state == State.OFFERED:
        fields.setdefault("held_until", NOW + timedelta(hours=12))
    return Booking.objects.create(session=session, client=person, state=state, joined_at=NOW, **fields)


def lines(text: str) -> dict[str, str]:
    """What stands beside each name."""
    parts = re.split(r'<span class="initial" aria-hidden="true">.</span>', text)
    found = {}
    for part in parts[1:]:
        name = re.search(r"<b>(.*?)</b>", part)
        found[name[1]] = re.sub(r"<[^>]*>", " ", part)
    return found


def test_b6_who_comes_for_the_first_time_is_new(client_of, make_session, other_group, dev, sam, noor):
    earlier = make_session(day=TODAY - timedelta(days=7), lead=dev)
    elsewhere = make_session(day=TODAY - timedelta(days=6), lead=dev, **other_group("Poems"))
    session = make_session(day=FAR, lead=dev)
    place(earlier, sam)
    place(elsewhere, noor)
    for person in (sam, noor):
        place(session, person)
    told = lines(words(client_of(dev).get(session.get_absolute_url())))
    assert ["New here" in told[name] for name in ("Sam", "Noor")] == [False, True]


def test_b6_whoever_only_waited_before_is_new_all_the_same(client_of, make_session, dev, sam):
    earlier, session = make_session(day=TODAY - timedelta(days=7), lead=dev), make_session(day=FAR, lead=dev)
    place(earlier, sam, State.CANCELLED, closed_at=NOW)
    place(session, sam)
    assert "New here" in lines(words(client_of(dev).get(session.get_absolute_url())))["Sam"]


@pytest.mark.parametrize(("days", "is_told"), [(6, True), (7, True), (8, False)])
def test_b6_who_goes_home_within_a_week_is_named_so(client_of, make_session, dev, sam, days, is_told):
    session = make_session(day=FAR, lead=dev)
    Stay.objects.filter(client=sam).update(discharged_on=FAR + timedelta(days=days))
    place(session, sam)
    told = lines(words(client_of(dev).get(session.get_absolute_url())))["Sam"]
    assert ("Goes home on" in told) is is_told


def test_b6_whose_time_in_the_group_ends_is_named_so(client_of, make_session, dev, sam, seeking):
    session = make_session(day=FAR, lead=dev)
    Membership.objects.create(
        group=seeking,
        client=sam,
        starts_on=TODAY,
        ends_on=FAR + timedelta(days=2),
        added_by=dev,
        added_at=NOW,
    )
    place(session, sam)
    told = lines(words(client_of(dev).get(session.get_absolute_url())))["Sam"]
    assert "In this group until Tuesday, 1 December." in told


def test_b6_who_cannot_come_is_named_so(client_of, make_session, dev, sam):
    session = make_session(day=FAR, lead=dev)
    place(session, sam, apology_at=NOW)
    assert (
        "Sent word that they cannot come."
        in lines(words(client_of(dev).get(session.get_absolute_url())))["Sam"]
    )


def test_b2_those_who_wait_stand_in_the_order_in_which_places_are_given(client_of, make_session, dev):
    session = make_session(day=FAR, lead=dev)
    people = residents(5)
    place(session, people[0])
    place(session, people[1], State.OFFERED)
    rows = [place(session, person, State.WAITLISTED) for person in people[2:]]
    for number, row in enumerate(rows):
        Booking.objects.filter(pk=row.pk).update(joined_at=NOW + timedelta(minutes=number))
    rows[2].give_priority("This is their last week", by=dev, now=NOW)
    text = words(client_of(dev).get(session.get_absolute_url()))
    assert list(lines(text)) == ["Dev Patel", "Client 0", "Client 1", "Client 4", "Client 2", "Client 3"]
    assert text.index("A place is offered to") < text.index("Waiting, the next one first")
    assert "1 offer open" in text
    assert text.count(page("booking_priority", rows[0].pk)) == 1
    assert page("booking_placing", rows[0].pk) in text  # one of three places is free


def test_b5_a_manager_reads_numbers_and_no_name(client_of, make_session, dev, mara, sam):
    session = make_session(day=FAR, lead=dev)
    place(session, sam)
    place(session, residents(1)[0], State.OFFERED)
    text = words(client_of(mara).get(session.get_absolute_url()))
    assert "1 in, 0 waiting, 1 offer open" in re.sub(r"\s+,", ",", text)
    assert "None of them is yours to see by name." in text
    assert "<b>Sam</b>" not in text
    assert "Give them the place" not in text


def test_b5_who_does_not_lead_it_is_told_why_names_are_left_out(client_of, make_session, dev, ana, sam):
    session = make_session(day=FAR, lead=dev)
    place(session, sam)
    left_out = "You see the names of those you care for."
    assert left_out not in words(client_of(ana).get(session.get_absolute_url()))
    place(session, residents(1)[0], State.WAITLISTED)
    assert left_out in words(client_of(ana).get(session.get_absolute_url()))
    assert left_out not in words(client_of(dev).get(session.get_absolute_url()))


def test_b4_where_no_place_is_left_none_is_to_give(client_of, make_session, dev, sam, seeking):
    session = make_session(day=FAR, lead=dev)
    for person in residents(3):
        place(session, person)
    waits = place(session, sam, State.WAITLISTED)
    text = words(client_of(dev).get(session.get_absolute_url()))
    assert page("booking_placing", waits.pk) not in text
    assert page("booking_priority", waits.pk) in text


def test_b2_the_list_asks_as_much_with_one_as_with_thirty(
    client_of, make_session, dev, seeking, oak, django_assert_num_queries
):
    session, browser = make_session(day=FAR, lead=dev), client_of(dev)
    seeking.capacity = oak.capacity = 12
    seeking.save()
    oak.save()
    people = residents(30)
    states = [State.CONFIRMED, State.OFFERED, State.WAITLISTED]
    for number, person in enumerate(people):
        row = place(session, person, states[number % 3], apology_at=None)
        if row.state == State.WAITLISTED:
            row.give_priority("This is their last week", by=dev, now=NOW)
        if number in (2, 29):
            browser.get(session.get_absolute_url())
            with django_assert_num_queries(12):
                browser.get(session.get_absolute_url())
