"""K4: of the capped kinds at most three messages a day go out; what is over is read under Notices."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import delivery, kinds, slots
from notifications.delivery import deliver
from notifications.models import Notification, Preference
from tests.notifications.conftest import CAPPED, EVENING, PLAIN, TODAY

State = Notification.State


@pytest.fixture
def evening(frozen):
    frozen.move_to(EVENING)
    return frozen


def states(kind=CAPPED):
    return sorted(Notification.objects.filter(kind=kind).values_list("state", flat=True))


def test_k4_three_go_out_and_the_fourth_can_be_read(sam, post, evening, mailoutbox):
    for number in range(5):
        post(sam, CAPPED, not_before=EVENING - timedelta(minutes=9 - number))
    deliver()
    assert (len(mailoutbox), states()) == (3, ["noted", "noted", "sent", "sent", "sent"])
    assert Notification.objects.visible_to(sam).count() == 5
    taken = Notification.objects.exclude(slot=None).order_by("slot")
    assert [(row.slot_on, row.slot, row.state) for row in taken] == [
        (TODAY, number, State.SENT) for number in (1, 2, 3)
    ]


def test_k4_the_cap_holds_over_several_runs_and_ends_with_the_persons_own_day(sam, post, evening, mailoutbox):
    for _number in range(4):
        post(sam, CAPPED)
        deliver()
    assert len(mailoutbox) == 3
    evening.move_to(datetime(2026, 11, 25, 14, 0, tzinfo=UTC))
    post(sam, CAPPED)
    deliver()
    assert len(mailoutbox) == 4


def test_k4_each_person_has_a_cap_of_their_own(sam, noor, post, evening, mailoutbox):
    for person in (sam, noor):
        for _number in range(4):
            post(person, CAPPED)
    deliver()
    assert sorted(sent.to[0] for sent in mailoutbox) == sorted([sam.email, noor.email] * 3)


def test_k4_what_is_exempt_goes_out_over_the_cap_and_takes_no_slot(sam, post, evening, mailoutbox):
    for _number in range(4):
        post(sam, CAPPED)
        post(sam, PLAIN)
    deliver()
    assert (len(mailoutbox), states(PLAIN)) == (7, ["sent"] * 4)


def test_k4_what_is_read_here_alone_takes_no_slot(sam, post, evening, mailoutbox):
    Preference.objects.create(person=sam, channel="notices")
    for _number in range(4):
        post(sam, CAPPED)
    deliver()
    assert (states(), Notification.objects.exclude(slot=None).count()) == (["noted"] * 4, 0)


EXEMPT = {
    *("groups.cancelled", "groups.takes_place", "groups.rests", "groups.needs_place"),  # calling off
    "groups.offer",
    *("groups.missed", "accounts.outreach", "accounts.outreach_handed_over", "accounts.outreach_again"),
    *("accounts.emergency", "checkins.outreach_without_team"),  # alerts to staff
    *("accounts.password_reset", "accounts.card_used", "accounts.address_changed", "accounts.new_device"),
    *("accounts.factor_added", "accounts.factor_removed", "accounts.codes_made", "accounts.password_changed"),
}


def test_k4_cancellations_offers_alerts_and_security_are_exempt():
    counted = {name for name in kinds.names() if kinds.get(name).counts}
    assert EXEMPT & counted == set()
    assert {"checkins.reminder", "checkins.follow_up", "groups.place", "journal.answered"} <= counted


@pytest.mark.parametrize("kind", ["checkins.reminder", "checkins.follow_up"])
def test_k4_one_reminder_and_one_follow_up_a_day(sam, kind):
    same = {"recipient": sam, "kind": kind, "about": uuid.uuid4(), "due_on": TODAY}
    for _again in range(2):
        Notification.objects.post(**same, not_before=timezone.now())
    assert Notification.objects.get().kind == kind


def test_k4_a_message_that_waits_keeps_its_slot_on_its_day(sam, post, evening):
    row = post(sam, CAPPED)
    for _again in range(3):
        claim = Notification.objects.claim(timezone.now(), 5)
        rows = list(Notification.objects.filter(claim=claim).select_related("recipient__reach"))
        assert slots.reserve(rows, timezone.now()) == set()
        Notification.objects.in_hand(claim).give_back()
    row.refresh_from_db()
    assert (row.slot_on, row.slot) == (TODAY, 1)


@pytest.mark.parametrize("number", [1, 25])
def test_slots_cost_the_same_for_one_and_for_many(awake, post, number, django_assert_max_num_queries):
    for person in awake(number):
        post(person, CAPPED)
    claim = Notification.objects.claim(timezone.now(), 25)
    rows = list(Notification.objects.filter(claim=claim).select_related("recipient"))
    with django_assert_max_num_queries(4):  # what is taken, and the UPDATE in its transaction
        assert slots.reserve(rows, timezone.now()) == set()
    assert Notification.objects.filter(slot=1).count() == number


@pytest.mark.django_db(transaction=True)
def test_k4_senders_at_once_never_send_one_too_many(awake, post, sink, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 2)
    people = awake(3)
    for person in people:
        for _number in range(8):
            post(person, CAPPED)
    failures = []

    def run():
        try:
            deliver()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(sink.received) == sorted([person.email for person in people] * 3)
    assert states() == ["noted"] * 15 + ["sent"] * 9


@pytest.fixture
def in_hand(sam, post, evening):
    """Two messages of one day, claimed by this sender."""
    for _number in range(2):
        post(sam, CAPPED)
    claim = Notification.objects.claim(timezone.now(), 5)
    return list(Notification.objects.filter(claim=claim).select_related("recipient__reach"))


def another_took(person, slot):
    kept = {"recipient": person, "kind": CAPPED, "due_on": TODAY, "not_before": EVENING, "state": State.SENT}
    Notification.objects.create(about=uuid.uuid4(), slot_on=TODAY, slot=slot, **kept)


def test_k4_a_slot_that_another_sender_took_meanwhile_is_taken_by_nobody_else(in_hand, sam, monkeypatch):
    """Both senders reckoned alike. What the constraint refuses is reckoned anew, row by row."""
    taken_by, reckoned = slots.taken_by, []

    def overtaken(rows, now):
        found = taken_by(rows, now)
        if not reckoned:
            another_took(sam, 1)
        reckoned.append(len(rows))
        return found

    monkeypatch.setattr(slots, "taken_by", overtaken)
    assert slots.reserve(in_hand, timezone.now()) == set()
    assert reckoned == [2, 1, 1]
    mine = Notification.objects.filter(pk__in=[row.pk for row in in_hand])
    assert sorted(mine.values_list("slot", flat=True)) == [2, 3]


def test_k4_who_is_overtaken_as_often_as_a_day_has_slots_waits_for_none(in_hand, sam, monkeypatch):
    taken_by, row = slots.taken_by, in_hand[0]

    def overtaken(rows, now):
        found = taken_by(rows, now)
        another_took(sam, min({1, 2, 3} - found[sam.pk, TODAY]))
        return found

    monkeypatch.setattr(slots, "taken_by", overtaken)
    assert slots.take_alone(row, timezone.now()) == {row.pk}
    row.refresh_from_db()
    assert row.slot is None
