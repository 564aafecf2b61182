"""A talk that somebody waits for is never in nobody's sight (A6, A9)."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import OutreachTask, User
from recovery_site import actions
from tests.home.conftest import NOW, TODAY
from tests.home.test_letting_go import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def address(name: str, person: User) -> str:
    return reverse(f"home:{name}", args=[person.pk])


@pytest.fixture
def asked(sam) -> OutreachTask:
    return OutreachTask.objects.ask(client=sam, reason="asked", about=uuid.uuid4(), now=NOW)


@pytest.fixture
def manager(client_of, mara):
    return client_of(mara)


def test_a6_what_nobody_reads_any_more_is_put_into_somebodys_hands(
    manager, sam, ana, dev, mara, asked, client_of
):
    actions.hand_over_reach_outs(client=sam, to=ana, by=mara, now=NOW)
    actions.discharge(client=sam, on=TODAY, by=mara, now=NOW)
    OutreachTask.objects.update(taken_by=None, taken_at=None)
    path = address("reach_out_handover", sam)
    assert "Today" in read(client_of(dev), "/today/")
    for page in ("/today/", address("discharge", sam)):
        assert f'href="{path}"' in read(manager, page)
    page = read(manager, path)
    assert "a reach-out that nobody has in hand." in page
    assert "asked for someone" not in page  # that one waits, never why
    assert manager.post(path, {"to": "nobody"}).status_code == 422
    response = manager.post(path, {"to": dev.pk})
    assert (response.status_code, response["Location"]) == (303, address("person", sam))
    assert "Has left the house." in read(client_of(dev), "/today/")
    for page in ("/today/", address("discharge", sam)):
        assert f'href="{path}"' not in read(manager, page)
    assert manager.get(path).status_code == 303


def test_a6_somebody_without_a_care_team_yet_is_not_overlooked(manager, noor, dev):
    OutreachTask.objects.ask(client=noor, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=NOW)
    path = address("reach_out_handover", noor)
    assert f'href="{path}"' in read(manager, "/today/")
    assert manager.post(path, {"to": dev.pk})["Location"] == address("discharge", noor)
    assert OutreachTask.objects.get().taken_by == dev


def test_a6_in_the_hands_of_somebody_who_is_gone_is_in_nobodys(manager, noor, ana, dev, mara):
    task = OutreachTask.objects.ask(client=noor, reason="asked", about=uuid.uuid4(), now=NOW)
    task.hand_over(to=dev, by=mara, now=NOW)
    assert manager.get(address("reach_out_handover", noor)).status_code == 303
    User.objects.filter(pk=dev.pk).update(is_active=False)
    assert manager.post(address("reach_out_handover", noor), {"to": ana.pk}).status_code == 303
    assert OutreachTask.objects.get().taken_by == ana
