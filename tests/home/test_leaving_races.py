"""A9 when two come at once: one is first, and the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from groups.models import Facilitator
from groups.refusals import HasLeft
from recovery_site.actions.handover import close_staff_account
from tests.conftest import person
from tests.home.conftest import NOW


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
