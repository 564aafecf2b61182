"""What is told when somebody is called for a client, and when nobody answers (K6, K7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import OutreachCall, OutreachTask

CALLED = "accounts.outreach"
CALLED_OFF_DUTY = "accounts.outreach_off_duty"
MISSED = "accounts.outreach_missed"
NOBODY = "accounts.outreach_unanswered"


def register() -> None:
    """Whoever is on duty is told at any hour. The mail to others waits for their morning (K4)."""
    for name, urgent in ((CALLED, True), (CALLED_OFF_DUTY, False)):
        kinds.register(
            kinds.Kind(
                name=name,
                notice=_("Someone in the house asked to talk. See who on your page."),
                page=lambda notification: reverse("home:today"),
                wanted=call_stands,
                urgent=urgent,
                capped=False,
            )
        )
    kinds.register(
        kinds.Kind(
            name=MISSED,
            notice=_("Someone has not been heard from for a while. See who on your page."),
            page=lambda notification: reverse("home:today"),
            wanted=call_stands,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=NOBODY,
            notice=_("Someone waits for a talk, and nobody has answered yet. Choose who goes."),
            page=lambda notification: reverse("home:today"),
            wanted=nobody_goes,
            urgent=True,
            capped=False,
        )
    )


def post_calls(calls: Iterable[tuple[OutreachCall, str]], now: datetime) -> None:
    """Read in the app at once, whatever becomes of the mail."""
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": call.clinician,
                "kind": kind,
                "about": call.pk,
                "due_on": call.clinician.local_day(now),
            }
            for call, kind in calls
        ),
    )


def post_nobody_answers(task: OutreachTask, times: int, now: datetime) -> None:
    """To the managers, once for each time that the whole line was called: that somebody waits, never why."""
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": manager,
                "kind": NOBODY,
                "about": uuid.uuid5(task.pk, f"called {times} times"),
                "due_on": manager.local_day(now),
            }
            for manager in get_user_model().objects.active().managers()
        ),
    )


def call_stands(notification: Notification, now: datetime) -> bool:
    """As long as nobody has said that they will go."""
    from accounts.models import OutreachCall

    return OutreachCall.objects.standing().filter(pk=notification.about).exists()


def nobody_goes(notification: Notification, now: datetime) -> bool:
    """While any wish stands that was passed on and nobody has in hand."""
    from accounts.models import OutreachTask

    manager = notification.recipient
    return manager is not None and manager.is_manager and OutreachTask.objects.unanswered().exists()
