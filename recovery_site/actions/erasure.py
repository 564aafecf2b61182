"""Everything that tells who somebody was goes, the key to their words first of all (A8)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import accounts.erasure
import checkins.erasure
import groups.erasure
import journal.erasure
import notifications.erasure
from accounts.models import DataKey, User
from recovery_site.backup import erased

logger = logging.getLogger(__name__)

FORGET = (
    groups.erasure.forget,
    journal.erasure.forget,
    checkins.erasure.forget,
    notifications.erasure.forget,
    accounts.erasure.forget,
)


def erase(*, client: User, by: User, now: datetime) -> None:
    """Destroys the key, closes the account, and takes away every row that tells about this person.

    The key goes in a step of its own: whatever stops the rest, nothing can be read any more from that moment,
    and the nightly work goes on where it stopped. Open reach-outs do not hold it up: what somebody asks to
    have deleted is not kept until staff have talked to them.

    Raises PermissionDenied for anybody but the person.
    """
    if by.pk != client.pk or not by.has_perm("accounts.delete_own"):
        raise PermissionDenied
    accounts.erasure.destroy_key(client, by=by, now=now)
    erased.note(client.pk, now)
    take_away(client, now)


def erase_again(*, client: User, now: datetime) -> None:
    """Somebody whom a backup from before their erasure brought back (A8)."""
    accounts.erasure.destroy_key(client, by=None, now=now)
    take_away(client, now)


@transaction.atomic
def take_away(client: User, now: datetime) -> None:
    """The rows of somebody whose key is gone, all of them or none."""
    for forget in FORGET:
        forget(client, now)
    accounts.erasure.make_nobody(client, now)


def finish_erasures(*, now: datetime) -> None:
    """Every night: what was cut off, what came in at the last moment, the bytes of the keys, and the list.

    One that fails is found again the next night, and holds up neither the others nor the keys.
    """
    for client in accounts.erasure.unfinished(now):
        try:
            take_away(client, now)
        except Exception as error:  # whatever it is; its text may quote a row
            logger.error("erasure of %s is not finished: %s", client.pk, type(error).__name__)
    DataKey.sweep()
    erased.note_missing()
