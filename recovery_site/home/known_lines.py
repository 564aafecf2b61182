"""What each page says of help and of the house, as this process knows it: it changes once a year. So it is
asked for once a minute, and no page pays for it (H1). The help page itself asks each time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from django.db import Error

if TYPE_CHECKING:
    from recovery_site.home.models import HelpLine, House

SECONDS = 60.0  # what another process changed is seen no later than this
BESIDE = 2  # the others are one tap away


class Known(NamedTuple):
    lines: tuple[HelpLine, ...]
    house: House
    since: float


_known: Known | None = None


def first() -> tuple[HelpLine, ...]:
    return current().lines


def house() -> House:
    """Empty while the database does not answer: the page of an error must come all the same."""
    from recovery_site.home.models import House

    try:
        return current().house
    except Error:
        return House()


def current() -> Known:
    from recovery_site.home.models import HelpLine, House

    if _known is not None and time.monotonic() - _known.since < SECONDS:
        return _known
    return remember(tuple(HelpLine.objects.active()[:BESIDE]), House.objects.first() or House())


def remember(lines: tuple[HelpLine, ...], house: House) -> Known:
    global _known
    _known = Known(lines, house, time.monotonic())
    return _known


def clear() -> None:
    global _known
    _known = None
