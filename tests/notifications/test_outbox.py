"""The outbox: one row for one cause and day, and one sender for one row."""

import contextlib
import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications.delivery import MARGIN, deliver, deliver_one
from notifications.lines import Lines
from notifications.models import Heartbeat, Notification
from tests.notifications.conftest import OTHER, PLAIN, TODAY


def test_the_same_message_twice_is_one_message(sam, post):
    about = uuid.uuid4()
    first = post(sam, about=about, due_on=TODAY)
    assert post(sam, about=about, due_on=TODAY) == first
    assert Notification.objects.count() == 1


def test_another_person_kind_cause_or_day_is_another_message(sam, noor, post):
    about = uuid.uuid4()
    post(sam, about=about, due_on=TODAY)
    post(noor, about=about, due_on=TODAY)
    post(sam, kind=OTHER, about=about, due_on=TODAY)
    post(sam, about=uuid.uuid4(), due_on=TODAY)
    Notification.objects.post(
        recipient=sam, kind=PLAIN, about=about, due_on=TODAY + timedelta(days=1), not_before=timezone.now()
    )
    assert Notification.objects.count() == 5


def test_a_message_falls_with_its_cause(sam, post):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        post(sam)
        raise ZeroDivisionError
    assert Notification.objects.count() == 0


def test_posting_many_is_one_insert(sam, frozen, django_assert_num_queries):
    rows = [
        {
            "recipient": sam,
            "kind": PLAIN,
            "about": uuid.uuid4(),
            "due_on": TODAY,
            "not_before": timezone.now(),
        }
        for _number in range(30)
    ]
    with django_assert_num_queries(1):
        Notification.objects.post_many(rows)


def test_a_claim_takes_what_is_due_longest_first_and_no_more_than_its_limit(sam, post):
    now = timezone.now()
    rows = [post(sam, not_before=now - timedelta(minutes=number)) for number in (1, 3, 2)]
    future = post(sam, not_before=now + timedelta(seconds=1))
    claim = Notification.objects.claim(now, 2)
    assert set(Notification.objects.filter(claim=claim)) == {rows[1], rows[2]}
    Notification.objects.claim(now, 2)
    assert Notification.objects.claim(now, 2) is None
    assert Notification.objects.get(pk=future.pk).state == Notification.State.DUE


def test_a_claim_without_a_lease_is_refused_by_the_database(sam, post):
    row = post(sam)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.filter(pk=row.pk).update(state="claimed")


def test_the_claim_of_a_dead_sender_returns_after_its_lease_and_not_before(sam, post):
    now = timezone.now()
    row = post(sam)
    assert Notification.objects.claim(now, 5)
    lease = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    assert Notification.objects.claim(now + lease - timedelta(seconds=1), 5) is None
    second = Notification.objects.claim(now + lease, 5)
    assert Notification.objects.get(claim=second) == row


@pytest.mark.parametrize(
    ("spent", "renewed"),
    [(0.1, False), (0.3, True), (0.4, True), (0.6, False), (1.0, False)],  # parts of the lease
)
def test_row_21_a_sender_keeps_what_it_holds_while_that_is_surely_its_own(sam, post, spent, renewed):
    post(sam)
    now, lease = timezone.now(), timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    claim = Notification.objects.claim(now, 5)
    until, later = now + lease, now + lease * spent
    mine = Notification.objects.in_hand(claim)
    mine.keep(None, later, margin=MARGIN)  # what nobody holds has no lease
    mine.keep(until, later, margin=MARGIN)
    assert mine.get().claimed_until == (later + lease if renewed else until)


def test_a_sender_that_was_thought_dead_records_nothing_over_its_successor(sam, post, mailoutbox, frozen):
    post(sam)
    now = timezone.now()
    first = Notification.objects.claim(now, 5)
    slow = Notification.objects.select_related("recipient__reach").get(claim=first)
    second = Notification.objects.claim(now + timedelta(seconds=settings.CLAIM_LEASE_SECONDS), 5)
    deliver_one(slow, Lines(), now)
    assert mailoutbox == []
    assert Notification.objects.get().claim == second
    assert Notification.objects.get().state == Notification.State.CLAIMED


@pytest.mark.django_db(transaction=True)
def test_eight_senders_at_once_never_claim_one_row_twice(sam, post):
    rows = {post(sam).pk for _number in range(60)}
    claims, failures = [], []

    def take():
        try:
            while claim := Notification.objects.claim(timezone.now(), 7):
                claims.append(
                    (claim, set(Notification.objects.filter(claim=claim).values_list("pk", flat=True)))
                )
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    run_at_once([take] * 8)
    assert failures == []
    taken = [pk for _claim, pks in claims for pk in pks]
    assert len(taken) == len(set(taken))
    assert set(taken) == rows


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_mail_each_person_once(awake, post, sink):
    people = awake(40)
    for person in people:
        post(person)

    def send():
        try:
            deliver()
        finally:
            connection.close()

    run_at_once([send] * 4)
    assert sorted(sink.received) == sorted(person.email for person in people)
    assert not Notification.objects.exclude(state=Notification.State.SENT).exists()


def run_at_once(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_k8_who_has_not_been_seen_is_silent(db, frozen):
    now = timezone.now()
    assert Heartbeat.silent(now) == ["beat", "worker"]
    Heartbeat.beat("beat")
    assert Heartbeat.silent(now) == ["worker"]
    deliver()
    assert Heartbeat.silent(now) == []
    assert Heartbeat.silent(now + timedelta(minutes=settings.SILENT_AFTER_MINUTES)) == ["beat", "worker"]
