"""What people promised each other over time, and how many did (B6): counts, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from groups.models import Group
from groups.models.recorded import UNKNOWN


@dataclass(frozen=True)
class Version:
    number: int
    text: str | None  # None where its words were not kept
    since: datetime | None
    accepted: int
    is_now: bool


def versions(group: Group) -> list[Version]:
    """The one that stands first: two queries."""
    rows = group.history.order_by("history_id").values_list(
        "agreement_version", "agreement", "history_date", "history_change_reason"
    )
    kept: dict[int, tuple[str | None, datetime | None]] = {}
    for number, text, at, reason in rows:
        kept.setdefault(number, (text, None if reason == UNKNOWN else at))
    kept.setdefault(group.agreement_version, (group.agreement, None))
    by_version = group.acceptances.values("version").annotate(people=Count("pk"))
    accepted = dict(by_version.order_by().values_list("version", "people"))
    found = []
    for number in sorted(kept.keys() | accepted.keys(), reverse=True):
        text, since = kept.get(number, (None, None))
        is_now = number == group.agreement_version
        found.append(Version(number, text, since, accepted.get(number, 0), is_now))
    return found
