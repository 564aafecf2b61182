"""What becomes of a message at the moment of sending, and on which way it goes (K4, K5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded

from notifications import channels, kinds
from notifications.models import TOO_LATE, Notification, Preference, quiet_end

type Outcome = dict[str, Any]


def decide(notification: Notification, now: datetime, *, wanted: bool | None = None) -> Outcome | None:
    """What becomes of the message without sending it; None when it is to go out now (K4)."""
    kind, person = kinds.get(notification.kind), notification.recipient
    if wanted is None:
        wanted = bool(kind.still_wanted([notification], now))
    if not can_reach(person, kind) or not wanted:
        return {"state": Notification.State.DROPPED}
    if notification.not_after is not None and now > notification.not_after:
        return {"state": Notification.State.NOTED if notification.shown_at else Notification.State.DROPPED}
    if not kind.urgent and (wait_until := quiet_end(person, now)):
        # The mail waits for the morning; whoever is awake and looks can read the notice now.
        return {"state": Notification.State.DUE, "not_before": wait_until, **shown(notification, now)}
    if way_of(notification) is None:
        return noted(notification, now)
    return None


def taken_by_outage(
    notification: Notification, outcome: Outcome, now: datetime, *, wanted: bool = True
) -> Outcome:
    """What is dropped though it still had its point came too late: staff hear how many those were."""
    if wanted:
        late = notification.not_after is not None and now > notification.not_after
    else:
        ended_by_night = kinds.get(notification.kind).ended_by_night
        late = ended_by_night is not None and ended_by_night(notification, now)
    dropped = outcome["state"] == Notification.State.DROPPED
    return outcome | {"error": TOO_LATE} if late and dropped else outcome


def can_reach(person: Any, kind: kinds.Kind) -> bool:
    """Nothing goes to a closed account, and nothing about the house to whoever has left it (A6)."""
    return person is None or (person.is_active and not (kind.for_residents and person.is_alum))


def way_of(notification: Notification) -> str | None:
    """The name of the channel; None for what is read in the product alone. What was asked for is mailed,
    whatever else the person chose."""
    kind, person = kinds.get(notification.kind), notification.recipient
    if person is None:
        return channels.MAIL
    reach: Preference | None = getattr(person, "reach", None)
    chosen = channels.MAIL if kind.asked_for or reach is None else reach.channel
    if (
        not kind.mails
        or chosen == Preference.Channel.NOTICES
        or (chosen == channels.MAIL and not person.email)
    ):
        return None
    return chosen


def shown(notification: Notification, now: datetime) -> Outcome:
    """Since when the notice can be read in the product; never by a bare address."""
    return {"shown_at": notification.shown_at or (now if notification.recipient else None)}


def noted(notification: Notification, now: datetime) -> Outcome:
    return {"state": Notification.State.NOTED, **shown(notification, now)}


def wanted_among(rows: Sequence[Notification], now: datetime) -> dict[UUID, bool | Exception]:
    """For each row whether it still has its point, asked once a kind. Where a kind cannot answer, each row
    is asked alone, so that what is wrong with one message stays with that message."""
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    found: dict[UUID, bool | Exception] = {}
    for name, same in by_kind.items():
        try:
            wanted = kinds.get(name).still_wanted(same, now)
            found |= {row.pk: row.pk in wanted for row in same}
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            found |= {row.pk: error for row in same} if len(same) == 1 else one_by_one(same, now)
    return found


def one_by_one(rows: Sequence[Notification], now: datetime) -> dict[UUID, bool | Exception]:
    found: dict[UUID, bool | Exception] = {}
    for row in rows:
        found |= wanted_among([row], now)
    return found
