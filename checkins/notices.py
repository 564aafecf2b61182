"""What this app tells people through the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkins.models.reminder_plan import FOLLOW_UP, KIND
from checkins.outreach import NO_TEAM
from checkins.still_wanted import ended_by_night, wanted_among
from notifications import kinds

if TYPE_CHECKING:
    from notifications.models import Notification


def register() -> None:
    for name, notice in (
        (KIND, _("Your check-in is open, if you like.")),
        (FOLLOW_UP, _("Your check-in is still open, if you like.")),
    ):
        kinds.register(
            kinds.Kind(
                name=name,
                notice=notice,
                page=lambda notification: reverse("checkins:check_in"),
                wanted=reminder_wanted,
                wanted_among=wanted_among,
                ended_by_night=ended_by_night,
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
            capped=False,
        )
    )


def still_waits_for_nobody(notification: Notification, now: datetime) -> bool:
    """Told to a manager, as long as no clinician reads it."""
    from accounts.models import OutreachTask

    is_manager = notification.recipient is not None and notification.recipient.is_manager
    return is_manager and OutreachTask.objects.seen_by_nobody().filter(pk=notification.about).exists()


def reminder_wanted(notification: Notification, now: datetime) -> bool:
    """The same question for one alone."""
    return notification.pk in wanted_among([notification], now)
