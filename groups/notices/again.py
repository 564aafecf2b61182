"""The same said twice in a day, because it happened twice: the last word is the one that has to be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from notifications.models import WAITING, Notification


def post_again(messages: Iterable[dict[str, Any]], now: datetime, *, shown: bool = False) -> None:
    """Posts these; what was said of the same things earlier on the same day is said once more.

    What still waits goes out once. With `shown` it is read in the product from now on (`post_shown`).
    """
    rows = list(messages)
    known = said_today(rows)
    waiting = known.filter(state__in=WAITING)
    since = {"shown_at": now} if shown else {}
    waiting.filter(shown_at__isnull=False).update(read_at=None, **since)
    known.exclude(state__in=WAITING).update(
        state=Notification.State.DUE, not_before=now, shown_at=since.get("shown_at"), read_at=None, attempts=0
    )
    if shown:
        Notification.objects.post_shown(now, *rows)
    else:
        Notification.objects.post_many(rows)


def said_today(rows: list[dict[str, Any]]) -> Any:
    """By recipient, kind, cause and day, of which there is one row at most."""
    found = Notification.objects.filter(
        recipient__in={row["recipient"].pk for row in rows},
        kind__in={row["kind"] for row in rows},
        about__in={row["about"] for row in rows},
        due_on__in={row["due_on"] for row in rows},
    )
    asked = {(row["recipient"].pk, row["kind"], row["about"], row["due_on"]) for row in rows}
    keys = found.values_list("recipient_id", "kind", "about", "due_on", "pk")
    return Notification.objects.filter(pk__in=[pk for *key, pk in keys if tuple(key) in asked])
