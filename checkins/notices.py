"""What this app tells people through the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkins.models.reminder_plan import KIND
from checkins.outreach import NO_TEAM
from notifications import kinds
from notifications.models import quiet_end

if TYPE_CHECKING:
    from notifications.models import Notification


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=KIND,
            notice=_("Your check-in is open, if you like."),
            page=lambda notification: reverse("checkins:check_in"),
            wanted=reminder_wanted,
            for_residents=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=NO_TEAM,
            notice=_("Someone who has no care team asked for a talk. Choose who goes."),
            page=lambda notification: reverse("home:today"),
            wanted=still_waits_for_nobody,
            urgent=True,
        )
    )


def still_waits_for_nobody(notification: Notification, now: datetime) -> bool:
    """Told to a manager, as long as no clinician reads it."""
    from accounts.models import OutreachTask

    is_manager = notification.recipient is not None and notification.recipient.is_manager
    return is_manager and OutreachTask.objects.seen_by_nobody().filter(pk=notification.about).exists()


def reminder_wanted(notification: Notification, now: datetime) -> bool:
    """Still on, not paused, in the house, and nothing said yet that day.

    Inside quiet hours it has lost its point, so it is dropped here, before delivery would hold it back (K4).
    """
    from checkins.models import ReminderPlan

    person = notification.recipient
    if person is None or quiet_end(person, now):
        return False
    plans = ReminderPlan.objects.filter(pk=notification.about).of_people_in_the_house(now)
    return plans.wanted(on=notification.due_on, check_in_day=person.local_day(now)).exists()
