"""What is told about leaving: to somebody whose account closes soon, and to whoever takes over a talk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.notices import outreach_wanted
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import OutreachTask, User

CLOSES_SOON = "accounts.closes_soon"
HANDED_OVER = "accounts.outreach_handed_over"
WAITS_AGAIN = "accounts.outreach_again"
DAYS_BEFORE = 7  # how long before the account closes its person is told


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=CLOSES_SOON,
            notice=_("Your pages stay open to you for some more days. Download what you would like to keep."),
            page=lambda notification: reverse("home:today"),
            wanted=closes_soon,
        )
    )
    kinds.register(
        kinds.Kind(
            name=HANDED_OVER,
            notice=_("A talk with someone was put into your hands."),
            page=lambda notification: reverse("home:today"),
            wanted=is_in_the_hands_of,
            urgent=True,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=WAITS_AGAIN,
            notice=_("Someone you care for waits for a talk, and nobody has it in hand any more."),
            page=lambda notification: reverse("home:today"),
            wanted=outreach_wanted,
            urgent=True,
            capped=False,
        )
    )


def post_closes_soon(client: User, now: datetime) -> None:
    """Once for each time that the client left: the last day is part of what makes the message one."""
    if last := client.last_day:
        closes = datetime.combine(last + timedelta(days=1), time(), timezone.get_default_timezone())
        Notification.objects.post(
            recipient=client,
            kind=CLOSES_SOON,
            about=client.pk,
            due_on=last,
            not_before=now,
            not_after=closes.astimezone(UTC),
        )


def closes_soon(notification: Notification, now: datetime) -> bool:
    """Not for somebody who came back, nor once it is closed."""
    person = notification.recipient
    return person is not None and person.last_day == notification.due_on


def post_handed_over(task: OutreachTask, to: User, now: datetime) -> None:
    Notification.objects.post_shown(
        now, {"recipient": to, "kind": HANDED_OVER, "about": task.pk, "due_on": to.local_day(now)}
    )


def post_waiting(task: OutreachTask, team: Iterable[User], now: datetime) -> None:
    """To each of the care team: nobody is going any more."""
    Notification.objects.post_many(
        {
            "recipient": clinician,
            "kind": WAITS_AGAIN,
            "about": task.pk,
            "due_on": clinician.local_day(now),
            "not_before": now,
        }
        for clinician in team
    )


def is_in_the_hands_of(notification: Notification, now: datetime) -> bool:
    from accounts.models import OutreachTask

    open_tasks = OutreachTask.objects.open().filter(pk=notification.about)
    return open_tasks.filter(taken_by=notification.recipient).exists()
