"""Since when nothing was heard from somebody, as a clinician reads it (K6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import OutreachTask
from checkins.ladder import MISSED, Silence
from recovery_site.home import ladder

A_WEEK = timedelta(days=7)


def words_of(tasks: Iterable[OutreachTask], now: datetime) -> dict[UUID, str]:
    """One sentence for each task of a silence that lasts, in one query; none where there is no such task."""
    found = {task.pk: task.client_id for task in tasks if task.reason == MISSED}
    if not found:
        return {}
    silences = ladder.silences_of(set(found.values()), now)
    return {pk: words(silences[client]) for pk, client in found.items() if client in silences}


def words(silence: Silence) -> str:
    """A weekday alone is plain for as long as it can mean one day only."""
    if not silence.is_long:
        return _("They have been in touch again.")
    is_near = silence.today - silence.since < A_WEEK
    since = date_format(silence.since, "l" if is_near else "j F")
    return _("No check-in since %(day)s, and no group either.") % {"day": since}
