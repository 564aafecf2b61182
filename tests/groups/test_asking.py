"""Asking to come to a closed group: what staff hear of it, and which looks are kept (A5, B6, K4)."""

from datetime import timedelta

import pytest

from accounts.models import AccessRecord
from groups.models import Admission, Group
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


@pytest.fixture
def closed(seeking, make_series, dev, mara) -> Group:
    seeking.admission = Admission.CLOSED
    seeking.save()
    make_series().schedule(leads=[dev], by=mara, now=NOW)
    return seeking


def shown_to(person) -> int:
    return Notification.objects.visible_to(person).filter(kind="groups.request", read_at=None).count()


def test_k4_who_asks_and_takes_it_back_all_day_is_one_line_for_those_who_lead(closed, sam, dev):
    for _turn in range(4):
        asked = closed.ask_to_join(by=sam, now=NOW)
        assert shown_to(dev) == 1
        asked.take_back(by=sam, now=NOW)
        assert shown_to(dev) == 0
    asked = closed.ask_to_join(by=sam, now=NOW)
    assert Notification.objects.get(kind="groups.request").about == asked.pk


def test_k4_two_who_ask_are_two_lines_and_the_next_day_is_another(closed, sam, noor, dev):
    closed.ask_to_join(by=noor, now=NOW)
    closed.ask_to_join(by=sam, now=NOW).take_back(by=sam, now=NOW)
    closed.ask_to_join(by=sam, now=NOW + DAY)
    assert shown_to(dev) == 2


def test_a5_a_refusal_to_add_somebody_is_a_look_at_them(closed, client_of, noor, dev):
    first = Group.objects.create(name="Secret art", kind="art", capacity=3)
    Group.objects.filter(pk=closed.pk).update(prerequisite=first)
    typed = {"client": str(noor.pk), "starts_on": TODAY.isoformat()}
    assert client_of(dev).post(page("member_list", closed.pk), typed).status_code == 422
    assert AccessRecord.objects.filter(subject_id=noor.pk, actor=dev).exists()
