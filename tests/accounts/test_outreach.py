import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import CareTeamMember, Contact, OutreachTask

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def task(sam, ana) -> OutreachTask:
    return OutreachTask.objects.ask(client=sam, reason="asked", about=uuid.uuid4(), now=NOW)


def test_asking_again_for_the_same_cause_is_the_same_task(sam, task):
    again = OutreachTask.objects.ask(
        client=sam, reason="asked", about=task.about, now=NOW + timedelta(hours=1)
    )
    assert (again.pk, again.opened_at) == (task.pk, NOW)


def test_the_care_team_sees_it_and_no_other_staff(cast, task):
    counts = {name: OutreachTask.objects.visible_to(user).count() for name, user in cast.items()}
    assert counts == {"sam": 1, "noor": 0, "ana": 1, "dev": 0, "eli": 0, "mara": 0}


def test_the_first_who_says_i_will_go_has_it(task, ana, dev):
    assert task.take(by=ana, now=NOW)
    assert not task.take(by=dev, now=NOW)
    assert task.take(by=ana, now=NOW + timedelta(minutes=1))
    assert (task.taken_by, task.taken_at) == (ana, NOW)


def test_a_talk_is_logged_once_however_often_it_is_said(task, ana, dev):
    task.close(by=ana, now=NOW)
    task.close(by=dev, now=NOW + timedelta(hours=1))
    assert list(Contact.objects.values_list("client__username", "clinician__username", "at")) == [
        ("sam", "ana", NOW)
    ]
    assert list(OutreachTask.objects.open()) == []


@pytest.mark.parametrize("half", [{"taken_at": NOW}, {"closed_at": NOW}])
def test_the_database_asks_who(task, half):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutreachTask.objects.filter(pk=task.pk).update(**half)


def test_nothing_closes_before_it_opened(task, ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutreachTask.objects.filter(pk=task.pk).update(closed_at=NOW - timedelta(seconds=1), closed_by=ana)


@pytest.mark.django_db(transaction=True)
def test_of_ten_colleagues_at_once_one_goes(task, ana, dev):
    CareTeamMember.objects.create(client=task.client, clinician=dev)

    def go(number: int) -> bool:
        try:
            mine = OutreachTask.objects.get(pk=task.pk)
            return mine.take(by=(ana, dev)[number % 2], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(go, range(10)))
    task.refresh_from_db()
    winner = (ana.pk, dev.pk).index(task.taken_by_id)
    assert answers == [number % 2 == winner for number in range(10)]
