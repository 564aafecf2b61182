"""Sends what is due: claim a batch and commit, then send and record each message by itself.

No transaction is open while the mail server is spoken to. A worker that dies leaves rows whose lease runs
out, and another takes them: after a crash a mail may arrive twice, a notice never.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import mailers
from django.utils import timezone

from notifications import channels, kinds
from notifications.channels.mail import message
from notifications.models import WAITING, Heartbeat, Notification, Preference, quiet_end

logger = logging.getLogger(__name__)

BATCH = 50
RUN_FOR = timedelta(seconds=60)  # far below Celery's limits, which would cut a message in two
MARGIN = timedelta(seconds=30)  # longer than one talk with the mail server
RETRY_AFTER_MINUTES = (1, 5, 30, 120)  # one more failure and the message is dead


def deliver() -> int:
    """Deals with everything that is due now, and tells how many messages that were."""
    Heartbeat.beat("worker")
    done, until = 0, timezone.now() + RUN_FOR
    while timezone.now() < until:
        claim = Notification.objects.claim(timezone.now(), BATCH)
        if claim is None:
            break
        done += deliver_claimed(claim)
    return done


def deliver_claimed(claim: UUID) -> int:
    """Sends over one connection. Each message is read anew: its person may have left a moment ago."""
    mine = Notification.objects.filter(claim=claim, state=Notification.State.CLAIMED)
    mailer = mailers["default"]
    done = 0
    try:
        for pk in list(mine.values_list("pk", flat=True)):
            now = timezone.now()
            in_time = mine.filter(pk=pk, claimed_until__gt=now + MARGIN)
            notification = in_time.select_related("recipient__reach").first()
            if notification is None:
                break  # the lease runs out, and another sender takes the rest
            deliver_one(notification, mailer, now)
            done += 1
    finally:
        mailer.close()
    return done


def deliver_one(notification: Notification, mailer: Any, now: datetime) -> None:
    """Decides anew, sends, records. Whatever goes wrong with one message stays with that message."""
    try:
        outcome = decide(notification, now)
        if outcome is None:
            mailer.open()
            mailer.send_messages([message(notification)])
            outcome = {"state": Notification.State.SENT, "sent_at": now, **shown(notification, now)}
    except SoftTimeLimitExceeded:
        raise  # the message may be out already: its lease runs out rather than a second mail going now
    except Exception as error:
        # The text of an exception can hold an address, so only its name is kept.
        logger.warning("message %s: %s", notification.pk, type(error).__name__)
        outcome = failure(notification, error, now)
        mailer.close()
    if outcome["state"] not in WAITING:
        outcome["address"] = ""
    mine = Notification.objects.filter(pk=notification.pk, claim=notification.claim)
    mine.update(claim=None, claimed_until=None, **outcome)


def decide(notification: Notification, now: datetime) -> dict[str, Any] | None:
    """What becomes of the message without a mail; None when it is to be mailed now (K4)."""
    kind, person = kinds.get(notification.kind), notification.recipient
    late = notification.not_after is not None and now > notification.not_after
    if not can_reach(person, kind) or not kind.wanted(notification, now):
        return {"state": Notification.State.DROPPED}
    if late:
        return {"state": Notification.State.NOTED if notification.shown_at else Notification.State.DROPPED}
    if not kind.urgent and (wait_until := quiet_end(person, now)):
        # The mail waits for the morning; whoever is awake and looks can read the notice now.
        return {"state": Notification.State.DUE, "not_before": wait_until, **shown(notification, now)}
    if person and not (kind.mails and person.email and (kind.asked_for or wants_mail(person))):
        return {"state": Notification.State.NOTED, **shown(notification, now)}
    return None


def can_reach(person: Any, kind: kinds.Kind) -> bool:
    """Nothing goes to a closed account, and nothing about the house to whoever has left it (A6)."""
    return person is None or (person.is_active and not (kind.for_residents and person.is_alum))


def shown(notification: Notification, now: datetime) -> dict[str, Any]:
    """Since when the notice can be read in the product; never by a bare address."""
    return {"shown_at": notification.shown_at or (now if notification.recipient else None)}


def wants_mail(person: Any) -> bool:
    reach = getattr(person, "reach", None)
    return reach is None or reach.channel == Preference.Channel.MAIL


def failure(notification: Notification, error: Exception, now: datetime) -> dict[str, Any]:
    """Another try later, or the end. The notice in the product stands in either case."""
    outcome: dict[str, Any] = {
        "attempts": notification.attempts + 1,
        "error": type(error).__name__,
        **shown(notification, now),
    }
    if channels.make(channels.MAIL).is_permanent(error) or notification.attempts >= len(RETRY_AFTER_MINUTES):
        return outcome | {"state": Notification.State.DEAD}
    wait = timedelta(minutes=RETRY_AFTER_MINUTES[notification.attempts])
    return outcome | {"state": Notification.State.DUE, "not_before": now + wait}
