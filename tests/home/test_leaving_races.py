"""A9 when two come at once: one is first, and the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier, Event
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import CareTeamMember, Invitation, OutreachTask, User
from accounts.roles import Role
from groups import handover
from groups.models import Facilitator
from groups.refusals import HasLeft
from recovery_site.actions import departure, discharge
from recovery_site.actions.handover import Takers, close_staff_account, hand_over
from tests.cast import person
from tests.home.conftest import NOW, TODAY


@pytest.fixture(autouse=True)
def _at_that_time(frozen):
    """Everything here happens on that Tuesday."""


def at_once(*works) -> list[object]:
    """What each of these answers or raises when all begin together."""
    start = Barrier(len(works))

    def work(doing) -> object:
        start.wait()
        try:
            return doing()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(work, works))


@pytest.mark.django_db(transaction=True)
def test_a9_two_managers_who_close_each_other_at_once_leave_one(mara):
    second = person("second", Role.MANAGER, "Second", "")
    answers = at_once(
        lambda: close_staff_account(person=User.objects.get(pk=mara.pk), by=second, now=NOW),
        lambda: close_staff_account(person=User.objects.get(pk=second.pk), by=mara, now=NOW),
    )
    assert sorted(type(answer) for answer in answers if answer) == [ValidationError]
    assert User.objects.managers().active().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a9_of_a_plan_and_a_closing_at_once_one_comes_first(dev, mara, make_session):
    for number in range(4):
        User.objects.filter(pk=dev.pk).update(is_active=True, closed_at=None)
        session = make_session(f"Group {number}", time(16))
        answers = at_once(
            lambda session=session: session.take_over(by=User.objects.get(pk=dev.pk), now=timezone.now()),
            lambda: close_staff_account(person=User.objects.get(pk=dev.pk), by=mara, now=NOW),
        )
        led = Facilitator.objects.filter(session=session, person=dev).exists()
        assert led == User.objects.get(pk=dev.pk).is_active, answers
        assert [isinstance(answer, HasLeft | ValidationError) for answer in answers] == [not led, led]
        Facilitator.objects.all().delete()


@pytest.fixture
def slow(monkeypatch):
    """`slow(module, name)` makes this function tell that it was reached, and then take its time."""

    def make(module, name: str) -> Event:
        reached, original = Event(), getattr(module, name)

        def work(*args, **more):
            reached.set()
            sleep(0.7)
            return original(*args, **more)

        monkeypatch.setattr(module, name, work)
        return reached

    return make


@pytest.mark.django_db(transaction=True)
def test_a6_a_talk_given_back_while_its_client_is_discharged_stays_in_hand(sam, ana, dev, mara, slow):
    task = OutreachTask.objects.ask(client=sam, reason="asked", about=sam.pk, now=NOW)
    task.take(by=dev, now=NOW)
    reached = slow(departure, "end_parts")

    def give_back() -> None:
        reached.wait(timeout=20)
        hand_over(person=dev, takers=Takers(talks={task.pk: None}), by=mara, now=NOW)

    left, gave_back = at_once(lambda: discharge(client=sam, on=TODAY, by=mara, now=NOW), give_back)
    assert left is None
    assert isinstance(gave_back, ValidationError)
    task.refresh_from_db()
    assert task.taken_by == dev


@pytest.mark.django_db(transaction=True)
def test_a9_two_who_hand_over_to_each_other_do_not_block(sam, noor, ana, dev, mara, make_session, book, slow):
    """Noor is booked with Ana and cared for by Dev: one writes to her while the other holds her."""
    session = make_session(lead=ana)
    book(session, noor)
    member = CareTeamMember.objects.create(client=noor, clinician=dev, is_primary=True)
    reached = slow(handover.notices, "post_leads")

    def other_way() -> None:
        reached.wait(timeout=20)
        hand_over(person=dev, takers=Takers(members={member.pk: ana}), by=mara, now=NOW)

    one_way = Takers(led={session.pk: None})
    answers = at_once(lambda: hand_over(person=ana, takers=one_way, by=mara, now=NOW), other_way)
    assert answers == [None, None]
    assert noor.primary_clinician == ana


@pytest.mark.django_db(transaction=True)
def test_a9_a_card_asked_for_during_a_handover_blocks_nobody(
    sam, noor, ana, dev, mara, make_session, book, slow
):
    session = make_session(lead=ana)
    book(session, noor)
    CareTeamMember.objects.create(client=noor, clinician=dev, is_primary=True)
    CareTeamMember.objects.create(client=noor, clinician=ana)
    reached = slow(handover.notices, "post_leads")

    def ask() -> None:
        reached.wait(timeout=20)
        Invitation.objects.ask_card(noor, by=ana, now=NOW)

    takers = Takers(led={session.pk: dev})
    assert at_once(lambda: hand_over(person=ana, takers=takers, by=mara, now=NOW), ask) == [None, None]
    assert session.people == [dev]
