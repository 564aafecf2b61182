"""Who comes first in a waitlist, by a clinician, with a written reason (B2)."""

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccessRecord, AuditEvent, CareTeamMember, DataKey
from groups.models import Booking
from groups.refusals import Begun
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page
from tests.journal.test_privacy import every_byte_of_the_database

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
FAR = TODAY + timedelta(days=5)
REASON = "sentinelreasonzq has only this week left"


@pytest.fixture
def full(make_session, dev):
    """Three in, then four who wait, Sam the last of them."""
    session = make_session(day=FAR, lead=dev)
    people = residents(6)
    for number, person in enumerate(people):
        session.join(by=person, now=NOW + timedelta(minutes=number), or_wait=True)
    session.people_in = people
    return session


@pytest.fixture
def waits(full, sam) -> Booking:
    return full.join(by=sam, now=NOW + timedelta(hours=1), or_wait=True)


def give(browser, booking, reason=REASON):
    return browser.post(page("booking_priority", booking.pk), {"reason": reason})


def first_offered(session) -> object:
    session.bookings.confirmed().order_by("joined_at")[0].cancel(by=session.people_in[0], now=NOW)
    return session.bookings.get(state__in=[State.OFFERED]).client


def test_b2_who_was_given_priority_gets_the_next_place(client_of, full, waits, dev, sam):
    response = give(client_of(dev), waits)
    assert (response.status_code, response["Location"]) == (303, full.get_absolute_url())
    assert first_offered(full) == sam


def test_b2_taken_back_they_wait_in_the_order_of_joining(client_of, full, waits, dev):
    give(client_of(dev), waits)
    assert client_of(dev).post(page("priority_lifting", waits.pk)).status_code == 303
    waits.refresh_from_db()
    assert (waits.priority, waits.priority_by, waits.priority_at, waits.priority_sealed) == (
        0,
        None,
        None,
        None,
    )
    assert first_offered(full) == full.people_in[3]
    assert client_of(dev).post(page("priority_lifting", waits.pk)).status_code == 303


def test_b2_the_care_team_and_those_who_lead_may_and_nobody_else(client_of, waits, ana, dev, mara, sam, eli):
    for user in (mara, sam, eli):
        assert give(client_of(user), waits).status_code == 404
        assert client_of(user).get(page("booking_priority", waits.pk)).status_code == 404
        assert client_of(user).post(page("priority_lifting", waits.pk)).status_code == 404
    waits.refresh_from_db()
    assert waits.priority == 0
    for user in (ana, dev):  # Sam's clinician, and who leads it
        assert give(client_of(user), waits).status_code == 303
        waits.refresh_from_db()
        assert waits.priority_by == user


def test_b2_another_clinician_knows_nothing_of_it(client_of, waits, ana, dev):
    CareTeamMember.objects.update(ended_at=NOW)
    assert give(client_of(ana), waits).status_code == 404


def test_b2_the_reason_is_read_by_those_who_may_and_the_look_is_noted(client_of, waits, ana, dev, sam):
    give(client_of(dev), waits)
    AccessRecord.objects.all().delete()
    text = words(client_of(ana).get(page("booking_priority", waits.pk)))
    assert REASON in text
    assert "Dev Patel" in text
    assert list(AccessRecord.objects.values_list("actor", "subject_id")) == [(ana.pk, sam.pk)]
    session_text = words(client_of(ana).get(waits.session.get_absolute_url()))
    assert "Comes first. Dev Patel wrote down why." in session_text
    assert REASON not in session_text


def test_b2_the_reason_is_sealed_with_the_clients_key(client_of, waits, dev, sam, caplog):
    caplog.set_level(logging.DEBUG)
    give(client_of(dev), waits)
    assert not [value for value in every_byte_of_the_database() if b"sentinelreason" in value]
    assert "sentinelreason" not in caplog.text
    waits.refresh_from_db()
    assert waits.priority_reason() == REASON
    DataKey.objects.filter(owner=sam).update(wrapped=b"\0" * 60)
    assert waits.priority_reason() is None
    assert "The reason cannot be opened." in words(client_of(dev).get(page("booking_priority", waits.pk)))
    assert "sentinelreason" not in caplog.text


def test_b2_it_leaves_a_trace_when_it_was_lifted_again_and_the_trace_has_no_reason(
    client_of, waits, dev, ana, mara, sam
):
    give(client_of(dev), waits)
    for _twice in range(2):
        client_of(ana).post(page("priority_lifting", waits.pk))
    acts = AuditEvent.objects.filter(act__startswith="priority").order_by("pk")
    assert list(acts.values_list("act", "actor_id", "subject_id", "detail")) == [
        ("priority_given", dev.pk, sam.pk, ""),
        ("priority_lifted", ana.pk, sam.pk, ""),
    ]
    text = words(client_of(mara).get(reverse("accounts:audit")))
    assert "let somebody come first in a waitlist" in text
    assert "took back that somebody comes first in a waitlist" in text
    assert "sentinel" not in text


@pytest.mark.parametrize("reason", ["", "  ", "two words", "x" * 501])
def test_b2_without_a_reason_nobody_comes_first(client_of, waits, dev, reason):
    response = give(client_of(dev), waits, reason)
    assert response.status_code == 422
    assert reason.strip() in words(response)
    waits.refresh_from_db()
    assert waits.priority == 0


def test_b2_where_the_reason_cannot_be_kept_nothing_changes(client_of, waits, dev, sam):
    DataKey.objects.make(sam.pk)
    DataKey.objects.update(wrapped=b"\0" * 60)
    response = give(client_of(dev), waits)
    assert response.status_code == 422
    assert "The reason cannot be kept just now" in words(response)
    waits.refresh_from_db()
    assert waits.priority == 0


def test_b2_the_database_keeps_no_priority_without_its_reason(waits):
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=waits.pk).update(priority=1)


def test_b2_who_has_a_place_cannot_come_first(client_of, full, dev):
    row = full.bookings.confirmed()[0]
    response = give(client_of(dev), row)
    assert (response.status_code, response["Location"]) == (303, full.get_absolute_url())
    row.refresh_from_db()
    assert row.priority == 0


def test_b2_nobody_comes_first_in_a_session_that_has_begun(client_of, full, waits, dev, time_machine):
    with pytest.raises(Begun):
        waits.give_priority(REASON, by=dev, now=full.starts_at)
    waits.refresh_from_db()
    assert waits.priority == 0
    time_machine.move_to(full.starts_at, tick=False)
    text = words(client_of(dev).get(full.get_absolute_url()))
    assert "Waited when it began" in text
    assert page("booking_priority", waits.pk) not in text


def test_b2_who_leaves_and_comes_back_waits_at_the_end(client_of, full, waits, dev, sam):
    waits.give_priority(REASON, by=dev, now=NOW)
    waits.cancel(by=sam, now=NOW)
    again = full.join(by=sam, now=NOW + timedelta(hours=2), or_wait=True)
    assert again.priority == 0
    assert list(full.bookings.waiting())[-1] == again


def test_b4_who_leads_it_gives_the_place_by_hand(client_of, full, waits, dev, ana, sam):
    full.group.capacity += 1
    full.group.save()  # a place that the line was not told of yet
    path = page("booking_placing", waits.pk)
    assert client_of(ana).post(path).status_code == 404  # Sam's clinician does not lead it
    assert client_of(dev).get(path).status_code == 405
    assert client_of(dev).post(path).status_code == 303
    waits.refresh_from_db()
    assert waits.state == State.CONFIRMED


def test_b3_b4_who_waited_when_it_began_is_a_walk_in_and_gets_no_place(client_of, full, waits, dev, frozen):
    full.group.capacity += 1
    full.group.save()
    frozen.move_to(full.starts_at + timedelta(minutes=5))
    full.turn_waitlist(full.starts_at + timedelta(minutes=5))
    text = client_of(dev).get(full.get_absolute_url()).content.decode()
    assert "Waited when it began" in text
    assert page("booking_placing", waits.pk) not in text
    assert page("walk_in", full.pk) in text
    response = client_of(dev).post(page("booking_placing", waits.pk))  # the page was open since before
    assert response.status_code == 422
    assert "This session has begun" in words(response)
    waits.refresh_from_db()
    assert waits.state == State.EXPIRED


def test_b4_a_place_that_is_gone_is_not_given(client_of, full, waits, dev):
    response = client_of(dev).post(page("booking_placing", waits.pk))
    assert response.status_code == 422
    assert "no place for them any more" in words(response)
    waits.refresh_from_db()
    assert waits.state == State.WAITLISTED
