"""Row 26: what an outage pushed into the night is not sent, and is counted."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from checkins.models import ReminderPlan
from notifications.delivery import deliver
from notifications.models import Notification
from tests.checkins.test_reminder_page import answered, paused

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # 19:00


@pytest.mark.parametrize(("lost", "counted"), [(None, 1), (answered, 0), (paused, 0)])
def test_row_26_a_reminder_that_an_outage_pushed_into_quiet_hours_is_counted(
    sam, frozen, mailoutbox, lost, counted
):
    frozen.shift(DUE - timezone.now())
    ReminderPlan.objects.for_client(sam).change(by=sam, now=DUE - timedelta(hours=5), at=time(19))
    ReminderPlan.objects.plan(DUE)
    frozen.shift(timedelta(hours=3))
    if lost:
        lost(sam, timezone.now())
    deliver()
    assert Notification.objects.get().state == Notification.State.DROPPED
    assert Notification.objects.taken_by_outage(date(2026, 11, 20)).count() == counted
    assert mailoutbox == []
