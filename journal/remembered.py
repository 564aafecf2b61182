"""The questions as this process knows them: there are few, each page of the journal needs them, and they
change a few times a year. So they are asked for once a minute, and no page pays for them (T2, T3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from journal.models import Prompt

SECONDS = 60.0  # what another process changed is seen no later than this
_known: tuple[float, tuple[Prompt, ...]] | None = None


def questions() -> tuple[Prompt, ...]:
    """All that are offered, set by set, the oldest of each set first."""
    from journal.models import Prompt

    if _known is None or time.monotonic() - _known[0] >= SECONDS:
        remember(tuple(Prompt.objects.offered()))
    return _known[1] if _known else ()


def remember(prompts: tuple[Prompt, ...]) -> None:
    from journal.models import Kind

    global _known
    _known = time.monotonic(), tuple(sorted(prompts, key=lambda prompt: Kind.values.index(prompt.kind)))


def forget() -> None:
    """Now, for whoever changed them, and once it is stored: a page may have asked in between."""
    clear()
    transaction.on_commit(clear)


def clear() -> None:
    global _known
    _known = None
