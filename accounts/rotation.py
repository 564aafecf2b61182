"""Everything that an older key-encryption key holds is moved to the newest one of VAULT_KEYS.

Texts are not touched: each is sealed with a data key, and only the wrapping of data keys is made anew. The
work is cut into short transactions. Cut off between two of them, everything opens, and the next call goes on.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts import vault
from accounts.inviting.tokens import hashed, mailed_tokens
from accounts.models import AuditSeal, Invitation

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator

    from accounts.models.key import WrappedKey

logger = logging.getLogger(__name__)

BATCH = 100  # rows in one transaction
SECOND_STEPS, MAILED, SEALS = "second steps", "invitations by mail", "seals of the record"
MFA = "mfa"  # the purpose for which second steps are sealed


def rotate() -> Counter[str]:
    """Moves what can be moved; how many of each kind. Safe to repeat, and in two places at once.

    A process that still runs with the older VAULT_KEYS may make a key meanwhile, so it goes over all of
    them until there is nothing left to move.
    """
    moved: Counter[str] = Counter()
    for table in vault.key_tables():
        while count := sum(_moved(batch, _rewrap) for batch in _batches(_older(table))):
            moved[_label(table)] += count
    while count := sum(_moved(batch.select_for_update(), _reseal) for batch in _batches(_second_steps())):
        moved[SECOND_STEPS] += count
    return moved


def unmovable() -> Counter[str]:
    """After `rotate`: what stays under an older key since it does not open. The log named each row."""
    left = held()
    left.pop(vault.newest_key_name(), None)
    return sum(left.values(), Counter())


def held() -> dict[str, Counter[str]]:
    """How much of what `rotate` moves each key-encryption key holds, by its name."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for table in vault.key_tables():
        for name, count in _counted(table._default_manager.all()):
            found[name][_label(table)] = count
    for row in _second_steps():
        for name in {sealed.partition(":")[0] for sealed in _secrets(row).values()}:
            found[name][SECOND_STEPS] += 1
    return dict(found)


def needed(now: datetime) -> dict[str, Counter[str]]:
    """What no rotation can move, by the name of the key that it was made with.

    A mail that was promised carries a token made from a key, and only the token's hash is stored: it ends
    within a week. The seals of the record take in one another, so each is compared with its own key for good.
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, count in _counted(AuditSeal.objects.all()):
        found[name][SEALS] = count
    for invitation in Invitation.objects.unspent(now).exclude(token_hash=None):
        tokens = zip(vault.encryption_keys(), mailed_tokens(invitation.pk), strict=True)
        for name in [name for name, token in tokens if hashed(token) == bytes(invitation.token_hash or b"")]:
            found[name][MAILED] += 1
    return dict(found)


def missing() -> dict[str, Counter[str]]:
    """What is held by a key that VAULT_KEYS does not have."""
    known = vault.encryption_keys()
    return {name: counts for name, counts in held().items() if name not in known}


def _counted(rows: QuerySet[Any]) -> Iterator[tuple[str, int]]:
    return rows.order_by().values_list("key_name").annotate(count=Count("pk")).iterator()


def _label(table: type[WrappedKey]) -> str:
    return str(table._meta.verbose_name_plural)


def _older(table: type[WrappedKey]) -> QuerySet[Any]:
    return table._default_manager.exclude(key_name=vault.newest_key_name())


def _second_steps() -> QuerySet[Any]:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)  # a passkey is no secret


def _batches(rows: QuerySet[Any]) -> Iterator[QuerySet[Any]]:
    """By the ids that were there when each was asked for: what does not open is passed over once."""
    rows = rows.order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for first in range(0, len(ids), BATCH):
        yield rows.filter(pk__in=ids[first : first + BATCH])


@transaction.atomic
def _moved(rows: QuerySet[Any], move: Callable[[Any], int]) -> int:
    return sum(move(row) for row in rows)


def _rewrap(row: WrappedKey) -> int:
    """Where it is as it was read: an erasure or another rotation that came first has the last word (A8)."""
    try:
        name, wrapped = vault.wrap_again(row)
    except vault.Unreadable as error:
        logger.error("the %s %s stays as it is: %s", row._meta.verbose_name, row.pk, error)
        return 0
    as_read = type(row)._default_manager.filter(pk=row.pk, key_name=row.key_name)
    return as_read.update(key_name=name, wrapped=wrapped)


def _secrets(row: Authenticator) -> dict[str, str]:
    """What allauth keeps of it, sealed by our adapter."""
    return {field: row.data[field] for field in ("secret", "seed") if field in row.data}


def _reseal(row: Authenticator) -> int:
    """Under the row's lock, as spare codes that are used up are marked in the same column."""
    newest = vault.newest_key_name()
    older = {field: text for field, text in _secrets(row).items() if text.partition(":")[0] != newest}
    try:
        row.data |= {field: vault.seal_own(vault.unseal_own(text, MFA), MFA) for field, text in older.items()}
    except vault.Unreadable as error:
        logger.error("the second step %s stays as it is: %s", row.pk, error)
        return 0
    if older:
        row.save(update_fields=["data"])
    return bool(older)
