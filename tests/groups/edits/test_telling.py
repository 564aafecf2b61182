"""What those who lead hear of an edit that somebody else made (B9)."""

from datetime import time, timedelta

import pytest

from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import on, told

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def test_b9_those_who_lead_hear_once_of_an_edit_by_somebody_else(weekly, change, dev, ana, mara):
    on(weekly, TODAY + WEEK).substitute(ana, instead_of=dev, by=dev, now=NOW)
    Notification.objects.all().delete()
    edit = change(weekly, start_time=time(17), by=mara)
    assert told("groups.plan_changed") == sorted([dev.pk, ana.pk])
    assert set(Notification.objects.values_list("kind", flat=True)) == {"groups.plan_changed"}
    Notification.objects.update(read_at=NOW)
    edit.undo(by=dev, now=NOW)
    assert Notification.objects.get(read_at=None).recipient == ana


def test_b9_who_made_it_or_is_told_more_hears_no_second_thing(weekly, change, dev, ana):
    change(weekly, start_time=time(17), leads=(dev, ana), by=dev)
    assert (told("groups.plan_changed"), told("groups.handed_over")) == ([], [ana.pk])
