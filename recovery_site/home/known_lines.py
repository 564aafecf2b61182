"""The first help lines as this process knows them: they stand beside each check-in and change once a year. So
they are asked for once a minute, and no page pays for them (H1). The help page itself asks each time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recovery_site.home.models import HelpLine

SECONDS = 60.0  # what another process changed is seen no later than this
BESIDE = 2  # the others are one tap away
_known: tuple[float, tuple[HelpLine, ...]] | None = None


def first() -> tuple[HelpLine, ...]:
    from recovery_site.home.models import HelpLine

    if _known is None or time.monotonic() - _known[0] >= SECONDS:
        remember(tuple(HelpLine.objects.active()[:BESIDE]))
    return _known[1] if _known else ()


def remember(lines: tuple[HelpLine, ...]) -> None:
    global _known
    _known = time.monotonic(), lines


def clear() -> None:
    global _known
    _known = None
