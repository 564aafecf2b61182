"""A lost place ends with the stay, is looked for once and not for ever, and by the care team (A6, T8)."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import CareTeamMember
from groups import attention
from groups.export import PARTS
from groups.models import Admission, Booking, Facilitator, Leave, Room
from groups.models.booking import LOOKED_FOR
from notifications.models import Notification
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_attention import lose
from tests.groups.test_pages import page
from tests.groups.test_standing_in_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
DAY = timedelta(days=1)


def squeezed(response) -> str:
    return " ".join(response.content.decode().split())


def move_out_and_in(client, by) -> None:
    actions.discharge(client=client, on=TODAY, by=by, now=NOW)
    actions.readmit(client=client, on=TODAY, bed="", by=by, now=NOW)


# It ends with the stay.


@pytest.mark.parametrize("state", ["confirmed", "waitlisted"])
def test_a6_a_session_put_back_brings_nobody_back_from_an_earlier_stay(
    sam, noor, ana, mara, make_session, state
):
    session = make_session(day=TODAY + DAY, lead=ana)
    mine = Booking.objects.create(session=session, client=sam, state=state, joined_at=NOW)
    theirs = Booking.objects.create(session=session, client=noor, state="confirmed", joined_at=NOW)
    session.cancel(by=ana, now=NOW)
    move_out_and_in(sam, mara)
    session.reinstate(by=ana, now=NOW)
    for booking in (mine, theirs):
        booking.refresh_from_db()
    assert (mine.state, theirs.state) == ("session_cancelled", "confirmed")


def test_a6_t8_nobody_looks_for_a_place_of_an_earlier_stay(sam, ana, mara, make_session):
    rows = [lose(make_session(day=TODAY + days * DAY), sam) for days in (-2, 2)]
    Booking.objects.filter(pk=rows[1].pk).update(state="removed")  # lost by a move of one session
    move_out_and_in(sam, mara)
    CareTeamMember.objects.appoint(client=sam, clinician=ana, by=mara, now=NOW)
    for row in rows:
        row.refresh_from_db()
    assert [(row.closed_from, row.needs_place_since) for row in rows] == [("confirmed", None), ("", None)]
    assert attention.compose(ana, NOW).places == 0


def test_a6_b9_what_others_lost_stays_theirs(sam, noor, mara, make_session):
    session = make_session(day=TODAY + DAY)
    lose(session, sam)
    theirs = lose(session, noor)
    actions.discharge(client=sam, on=TODAY, by=mara, now=NOW)
    theirs.refresh_from_db()
    assert (theirs.closed_from, theirs.needs_place_since) == ("confirmed", NOW)


# It is found once.


@pytest.mark.django_db(transaction=True)
def test_t8_of_two_who_find_a_place_at_once_one_does(sam, ana, dev, make_session):
    room = Room.objects.create(name="Studio", capacity=5)
    lost = lose(make_session(day=TODAY + DAY), sam)
    one, other = make_session(day=TODAY + 2 * DAY), make_session(day=TODAY + 3 * DAY, room=room)
    read = [Booking.objects.get(pk=lost.pk) for _ in range(2)]
    ended = at_once(
        lambda: read[0].place_into(one, by=ana, now=NOW),
        lambda: read[1].place_into(other, by=dev, now=NOW),
    )
    assert ended == [None, None]
    placed = Booking.objects.active().get(client=sam)
    lost.refresh_from_db()
    assert lost.place_settled_by == (ana if placed.session == one else dev)


def test_t8_what_is_settled_is_not_found_again(lost_of_sam, sam, ana, dev, make_session):
    stale = Booking.objects.get(pk=lost_of_sam.pk)
    lost_of_sam.settle(by=ana, now=NOW)
    assert stale.place_into(make_session(day=TODAY + 2 * DAY), by=dev, now=NOW) is None
    assert not Booking.objects.active().filter(client=sam).exists()
    assert not Notification.objects.filter(recipient=sam).exists()


def test_t8_who_settled_it_and_when_is_kept(lost_of_sam, ana, dev):
    lost_of_sam.settle(by=ana, now=NOW)
    lost_of_sam.settle(by=dev, now=NOW + DAY)
    lost_of_sam.refresh_from_db()
    assert (lost_of_sam.place_settled_by, lost_of_sam.place_settled_at) == (ana, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=lost_of_sam.pk).update(place_settled_by=None)


@pytest.fixture
def lost_of_sam(sam, make_session) -> Booking:
    return lose(make_session(day=TODAY + DAY), sam)


# Not for ever, and by the care team.


def test_t8_after_28_days_nobody_looks_any_more(lost_of_sam, ana, client_of):
    over = lost_of_sam.session.ends_at
    last = over + LOOKED_FOR - timedelta(minutes=1)
    assert list(Booking.objects.needing_a_place(last)) == [lost_of_sam]
    assert not Booking.objects.needing_a_place(over + LOOKED_FOR).exists()
    type(lost_of_sam.session).objects.filter(pk=lost_of_sam.session_id).update(
        starts_at=NOW - LOOKED_FOR - 2 * DAY, ends_at=NOW - LOOKED_FOR - DAY, room_free_at=NOW - LOOKED_FOR
    )
    assert client_of(ana).get(page("place_finding", lost_of_sam.pk)).status_code == 404


def test_t8_the_page_is_closed_for_what_was_never_lost_and_for_who_left(lost_of_sam, sam, ana, client_of):
    browser = client_of(ana)
    sam.away_since = TODAY
    sam.save()
    assert browser.get(page("place_finding", lost_of_sam.pk)).status_code == 404
    assert browser.post(page("place_finding", lost_of_sam.pk), {"settled": "1"}).status_code == 404
    sam.away_since = None
    sam.save()
    Booking.objects.filter(pk=lost_of_sam.pk).update(needs_place_since=None)
    assert browser.get(page("place_finding", lost_of_sam.pk)).status_code == 404


def test_t8_a5_who_leads_reads_a_number_and_the_care_team_finds_the_place(
    sam, noor, ana, dev, mara, make_session, client_of
):
    session = make_session(day=TODAY + DAY, lead=dev)
    lost = lose(session, sam)
    lose(session, noor)
    browser = client_of(dev)
    assert browser.get(page("place_finding", lost.pk)).status_code == 404
    for path in (page("attention"), page("session_detail", session.pk)):
        html = squeezed(browser.get(path))
        assert "2 people lost a place" in html
        assert "Sam" not in html
    found = attention.compose(dev, NOW)
    assert (found.bookings, found.places, found.led) == ([], 0, 2)
    assert attention.count(dev, NOW).is_quiet
    assert client_of(ana).get(page("place_finding", lost.pk)).status_code == 200
    assert "lost a place" in squeezed(client_of(mara).get(page("session_detail", session.pk)))


def test_t8_a_manager_reads_how_many_are_in_nobodys_care(sam, noor, ana, mara, make_session, client_of):
    session = make_session(day=TODAY + DAY)
    for client in (sam, noor):
        lose(session, client)
    html = squeezed(client_of(mara).get(page("attention")))
    assert "2 people wait for another place." in html
    assert "One of them has no care team, so nobody looks for one. The care teams of the others see" in html
    assert 'href="/people/?show=here"' in html
    CareTeamMember.objects.appoint(client=noor, clinician=ana, by=mara, now=NOW)
    assert "no care team" not in squeezed(client_of(mara).get(page("attention")))
    CareTeamMember.objects.update(ended_at=NOW)
    html = squeezed(client_of(mara).get(page("attention")))
    assert "None of them has a care team, so nobody looks for one." in html
    assert "see who" not in html


def test_t8_one_person_with_two_lost_places_is_one_person(sam, ana, mara, make_session):
    for days in (1, 2):
        lose(make_session(day=TODAY + days * DAY), sam)
    for person in (ana, mara):
        assert attention.compose(person, NOW).places == attention.count(person, NOW).places == 1
    assert len(attention.compose(ana, NOW).bookings) == 2


def test_t8_the_client_reads_that_another_is_looked_for(lost_of_sam, sam, noor, client_of):
    session, words = lost_of_sam.session, "Your care team is looking for another time with you."
    session.group.admission = Admission.CLOSED
    session.group.save()
    path = page("session_detail", session.pk)
    assert words in squeezed(client_of(sam).get(path))
    Booking.objects.create(session=session, client=sam, state="confirmed", joined_at=NOW)
    assert words not in squeezed(client_of(sam).get(path))
    Booking.objects.active().delete()
    lost_of_sam.settle(by=sam, now=NOW)
    assert words not in squeezed(client_of(sam).get(path))


def test_a7_the_export_tells_what_a_place_was_and_that_another_is_looked_for(lost_of_sam, sam):
    part = next(part for part in PARTS if part.name == "bookings")
    [row] = part.told(sam)
    assert (row["closed_from"], row["needs_place_since"], row["place_settled_at"]) == ("confirmed", NOW, None)
    assert str(part.labels["closed_from"]["confirmed"]) == "You're in"
    assert str(part.labels["state"]["removed"]) == "The place ended"


# What needs attention is as long as one can read, and one's own.


def test_each_list_is_bounded_and_says_how_many_more(ana, mara, make_session, client_of, monkeypatch):
    monkeypatch.setattr(attention, "SHOWN", 2)
    for n, client in enumerate(residents(5)):
        CareTeamMember.objects.create(client=client, clinician=ana, is_primary=True)
        lose(make_session(day=TODAY + DAY, at=time(7 + n), minutes=15), client)
    found = attention.compose(ana, NOW)
    assert (len(found.unled), len(found.bookings), found.places) == (2, 2, 5)
    assert found.more == {"unled": 3, "away": 0, "holidays": 0, "unplaced": 0, "bookings": 3}
    assert squeezed(client_of(ana).get(page("attention"))).count("And 3 more.") == 2
    assert squeezed(client_of(mara).get(page("attention"))).count("And 3 more.") == 1


def test_b9_a_session_of_another_is_not_ones_own_to_pass_on(ana, dev, mara, make_series, client_of):
    series = make_series(until=TODAY)
    series.schedule(leads=[ana], by=mara, now=NOW)
    session = series.sessions.get()
    Facilitator.objects.filter(session=session).update(person=dev)
    Leave.objects.note(person=dev, first=TODAY, last=TODAY, by=dev, now=NOW)
    assert attention.compose(ana, NOW).away == []
    assert client_of(ana).get(page("substitute", session.pk)).status_code == 404
    Facilitator.objects.filter(session=session).update(role="sub", stands_in_for=ana)
    for person in (ana, dev, mara):
        assert attention.compose(person, NOW).away == [session]
        assert client_of(person).get(page("substitute", session.pk)).status_code == 200
