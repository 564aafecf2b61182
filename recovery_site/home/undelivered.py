"""What a manager reads of messages that could not be delivered: to whom and why, never what about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.models.counting import number_of
from notifications import kinds
from notifications.deciding import can_reach, way_of
from notifications.models import Heartbeat, Notification, NotificationQuerySet

SHOWN = 50
LATELY = timedelta(days=7)  # for so long staff read what an outage took
INVITATION = "accounts.invitation"
# The name of an exception is all that was kept of it.
WHY: dict[str, str | Promise] = {
    "SMTPRecipientsRefused": _("The address does not take mail."),
    "SMTPDataError": _("Their mail server did not take the message."),
    "ValueError": _("The address is not one that mail can go to."),
    "AllGone": _("None of their devices takes messages any more."),
    "WebPushException": _("Their device did not take the message."),
    "TimeoutError": _("The mail server did not answer in time."),
    "SMTPServerDisconnected": _("The mail server broke off."),
}
OTHERWISE = _("Something went wrong on our side. Tell whoever looks after this server.")


@dataclass(frozen=True)
class Undelivered:
    message: Notification

    @property
    def what(self) -> str | Promise:
        """Neutral words: that somebody shared a page, asked for a talk or has not checked in yet, so that a
        reminder was due, is not said here."""
        name = self.message.kind
        if name == INVITATION:
            return _("An invitation")
        if name in kinds.names() and kinds.get(name).asked_for:
            return _("A message about signing in")
        return _("A message")

    @property
    def why(self) -> str | Promise:
        return WHY.get(self.message.error, OTHERWISE)


def why_not(message: Notification, now: datetime) -> str | Promise:
    """What stands against another try, so that nobody is told of one that cannot happen. It stays listed."""
    person = message.recipient
    if person is None:
        return ""  # `try_again` tells these
    if message.kind not in kinds.names() or not can_reach(person, kinds.get(message.kind)):
        return _("This one cannot go to them any more. It stays on this list.")
    if message.not_after is not None and now > message.not_after:
        return _("It is too late for this one to go out. It stays on this list.")
    if way_of(message) is None:
        return _("Messages to them do not leave the house now: they read them here. It stays on this list.")
    return ""


def compose(manager: User, now: datetime) -> dict[str, Any]:
    found = Notification.objects.undelivered_seen_by(manager)
    rows = found.select_related("recipient").order_by("-not_before", "pk")[:SHOWN]
    silent, lost_since = Heartbeat.standing(now)
    return {
        "silent": silent,
        "rows": [Undelivered(message) for message in rows],
        "undelivered": found.count(),
        "too_late": taken_lately(now).count(),
        "lost_since": lost_since,
    }


def taken_lately(now: datetime) -> NotificationQuerySet:
    """What an outage took, as long as staff read of it."""
    return Notification.objects.taken_by_outage(timezone.localdate(now) - LATELY)


def numbers(manager: User, now: datetime) -> tuple[Coalesce, Coalesce]:
    """How many did not arrive and how many came too late, to be counted by a query that is asked anyway."""
    return number_of(Notification.objects.undelivered_seen_by(manager)), number_of(taken_lately(now))
