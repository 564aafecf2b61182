"""Sends what is due: claim a batch and commit, then ask again, send and record each message by itself.

No transaction is open while a server is spoken to. A worker that dies leaves rows whose lease runs out, and
another takes them: after a crash the one message in hand may arrive twice, a notice never. Each mark is
committed before the next message goes out (`marks`).
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications import channels, marks, slots
from notifications.deciding import Outcome, decide, noted, shown, taken_by_outage, wanted_among, way_of
from notifications.lines import Lines
from notifications.models import WAITING, Heartbeat, Notification

logger = logging.getLogger(__name__)

BATCH = 500
CHUNK = 100  # messages that are read, and asked whether they are still wanted, at once
FRESH_FOR = 1.0  # seconds for which that answer holds; then the rest of the chunk is asked again
RUN_FOR = timedelta(seconds=60)  # far below Celery's limits, which would cut a message in two
MARGIN = timedelta(seconds=30)  # longer than one talk with the mail server (`smtp.TALK`)
RETRY_AFTER_MINUTES = (1, 5, 30, 120)  # one more failure and the message is dead
# After an outage of a server its messages come up again this soon, untried: catching up needs nobody.
OUTAGE_WAIT = timedelta(seconds=30)
WRITE_AGAIN_AFTER = (0.5, 1, 2, 4, 8, 16)  # seconds; all of them together far below a lease

State = Notification.State
MAY_CHANGE = ("is_active", "away_since", "email", "reach__channel")  # while a chunk goes out


def deliver() -> int:
    """Deals with everything that is due now, and tells how many messages that were."""
    Heartbeat.beat("worker")
    done, until, lines = 0, timezone.now() + RUN_FOR, Lines()
    while timezone.now() < until:
        claim = Notification.objects.claim(timezone.now(), BATCH)
        if claim is None:
            break
        done += deliver_claimed(claim, lines, until=until)
    return done


def deliver_claimed(claim: UUID, lines: Lines | None = None, *, until: datetime | None = None) -> int:
    """Sends over one connection. Each message is read anew: its person may have left a moment ago."""
    lines, mine = lines or Lines(), Notification.objects.in_hand(claim)
    waiting = list(mine.in_order().values_list("pk", flat=True))
    done = 0
    try:
        while waiting:
            now, chunk = timezone.now(), waiting[:CHUNK]
            if until and now >= until:
                mine.give_back()
                break
            in_time = mine.filter(pk__in=chunk, claimed_until__gt=now + MARGIN)
            rows = list(in_time.in_order().select_related("recipient__reach"))
            if not rows:  # they were erased, or the lease runs out, and another sender takes the rest
                waiting = waiting[CHUNK:] if mine.filter(claimed_until__gt=now + MARGIN).exists() else []
                continue
            mine.keep(rows[0].claimed_until, now, margin=MARGIN)
            late = deliver_chunk(rows, lines, now)
            waiting = late + waiting[CHUNK:]
            done += len(rows) - len(late)
    except (OperationalError, InterfaceError):
        surely(mine.filter(pk__in=waiting[CHUNK:]).give_back)  # what was in hand waits for its lease
        raise
    finally:
        lines.close()
    return done


def deliver_chunk(rows: list[Notification], lines: Lines, now: datetime) -> list[UUID]:
    """Decides anew for all, and sends while that answer is fresh. Returns what has to be asked again."""
    asked_at = time.monotonic()
    settled, going = sort_out(rows, lines, now)
    full = slots.reserve(going, now)
    settled += [(row, noted(row, now)) for row in going if row.pk in full]
    record(settled)
    going = [row for row in going if row.pk not in full]
    as_read = time.monotonic() - asked_at <= FRESH_FOR
    for number, row in enumerate(going):
        if number and time.monotonic() - asked_at > FRESH_FOR:
            return [late.pk for late in going[number:]]
        following = going[number + 1] if number + 1 < len(going) else None
        as_read = deliver_one(row, lines, timezone.now(), as_read=as_read, following=following)
    return []


def sort_out(
    rows: list[Notification], lines: Lines, now: datetime
) -> tuple[list[tuple[Notification, Outcome]], list[Notification]]:
    """What becomes of some without a mail, and those that are to be sent."""
    settled, going, wanted = [], [], wanted_among(rows, now)
    for row in rows:
        answer = wanted[row.pk]
        if isinstance(answer, Exception):
            settled.append((row, failure(row, answer, now)))
        elif (outcome := decide(row, now, wanted=answer)) is not None:
            settled.append((row, taken_by_outage(row, outcome, now, wanted=answer)))
        elif way_of(row) in lines.down:
            settled.append((row, untried(row, now)))
        else:
            going.append(row)
    return settled, going


def deliver_one(
    row: Notification,
    lines: Lines,
    now: datetime,
    *,
    as_read: bool = False,
    following: Notification | None = None,
) -> bool:
    """Sends and records. Whatever goes wrong with one message stays with that message.

    Returns whether it is sure that nothing changed about the one that follows.
    """
    outcome = None if as_read else changed(row, now)
    if outcome is None:
        way = way_of(row) or channels.MAIL
        outcome = untried(row, now) if way in lines.down else send(row, way, lines, now)
    settled = outcome
    if settled["state"] == State.SENT:
        return surely(lambda: marks.sent(row, now, settled["shown_at"], following))
    surely(lambda: record([(row, settled)]))
    return False


def changed(notification: Notification, now: datetime) -> Outcome | None:
    """What the message becomes when its person is another than a moment ago: left, closed, moved (A6)."""
    person = notification.recipient
    reach = getattr(person, "reach", None)
    read = (*(getattr(person, name, None) for name in MAY_CHANGE[:-1]), reach and reach.channel)
    mine = Notification.objects.filter(pk=notification.pk, claim=notification.claim)
    if mine.values_list(*(f"recipient__{name}" for name in MAY_CHANGE)).first() == read:
        return None
    anew = mine.select_related("recipient__reach").first()
    if anew is None:  # another sender has it, and what is written for this claim reaches no row
        return {"state": State.DROPPED}
    notification.recipient = anew.recipient
    return decide(notification, now)


def send(notification: Notification, way: str, lines: Lines, now: datetime) -> Outcome:
    try:
        line = lines.line(way)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        logger.warning("%s: %s", way, type(error).__name__)
        lines.fail(way)
        return untried(notification, now, error)
    try:
        line.send(notification)
    except SoftTimeLimitExceeded:
        raise  # the message may be out already: its lease runs out rather than a second mail going now
    except Exception as error:
        # The text of an exception can hold an address, so only its name is kept.
        logger.warning("message %s: %s", notification.pk, type(error).__name__)
        return refused(notification, error, way, lines, now)
    lines.went_out(way)
    return {"state": State.SENT, "sent_at": now, **shown(notification, now)}


def refused(notification: Notification, error: Exception, way: str, lines: Lines, now: datetime) -> Outcome:
    """Tells the fault of a server from that of a message.

    Where nothing went over this connection yet, it is the server: the message counts no try, but comes up
    after the others, so that one that makes a server hang up cannot stand before them for ever.
    """
    line, before = lines.open_ones[way], lines.sent[way]
    if line.is_outage(error):
        if before and not isinstance(error, TimeoutError):
            lines.hang_up(way)  # some servers take so many over one connection: the next opens another
        else:
            lines.fail(way)
        return failure(notification, error, now) if before else untried(notification, now, error)
    if line.is_no_try(error):
        return untried(notification, now, error)
    permanent = line.is_permanent(error)
    person = notification.recipient
    if permanent and line.refuses_person(error):
        if way == channels.PUSH:  # no device is left that anybody could see to; the notice stands (K5)
            line.give_up(person, now)
            return noted(notification, now) | {"error": type(error).__name__}
        new = person is None or lines.doubt(way, person, now)
        permanent = lines.is_believed(way)
        if permanent and not new:
            return noted(notification, now)
    if not permanent:
        lines.was_refused(way)
    return failure(notification, error, now, permanent=permanent)


def untried(notification: Notification, now: datetime, error: Exception | None = None) -> Outcome:
    """Back into the outbox without a try; the notice in the product stands."""
    wait = 2 * OUTAGE_WAIT if error else OUTAGE_WAIT
    outcome = {"state": State.DUE, "not_before": now + wait, **shown(notification, now)}
    return outcome | ({"error": type(error).__name__} if error else {})


def failure(
    notification: Notification, error: Exception, now: datetime, *, permanent: bool = False
) -> Outcome:
    """Another try later, or the end. The notice in the product stands in either case."""
    outcome: Outcome = {
        "attempts": notification.attempts + 1,
        "error": type(error).__name__,
        **shown(notification, now),
    }
    if permanent or notification.attempts >= len(RETRY_AFTER_MINUTES):
        return outcome | {"state": State.DEAD}
    wait = timedelta(minutes=RETRY_AFTER_MINUTES[notification.attempts])
    return outcome | {"state": State.DUE, "not_before": now + wait}


def surely[Written](write: Callable[[], Written]) -> Written:
    """For what must be written though the database restarts: a message that is out must not go out twice."""
    for wait in WRITE_AGAIN_AFTER:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            logger.warning("written again later: %s", type(error).__name__)
            connection.close()
            time.sleep(wait)
    return write()


def record(settled: Iterable[tuple[Notification, Outcome]]) -> None:
    """One UPDATE for those that share an outcome. Nothing is written over another sender's claim."""
    alike: dict[tuple[tuple[str, object], ...], list[Notification]] = defaultdict(list)
    for row, outcome in settled:
        alike[tuple(sorted(outcome.items()))].append(row)
    for items, rows in alike.items():
        outcome = dict(items)
        if outcome["state"] not in WAITING:
            outcome["address"] = ""
        if outcome["state"] in (State.NOTED, State.DROPPED):
            outcome |= {"slot": None, "slot_on": None}
        mine = Notification.objects.filter(pk__in=[row.pk for row in rows], claim=rows[0].claim)
        mine.update(claim=None, claimed_until=None, **outcome)
