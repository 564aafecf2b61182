"""Sealing of private text: AES-256-GCM with a key of one's own for each person.

Each person has a random 256-bit data key. It is stored wrapped by a key-encryption key from
VAULT_KEYS ("name:base64,name:base64", newest first), which never enters the database.
A sealed value is one version byte, a 12-byte nonce, and ciphertext with its 16-byte tag.
Its associated data names the row, field and revision, so a value moved elsewhere does not open.
`manage.py rotate_vault_keys` wraps the data keys anew (accounts.rotation); no text is touched by that.
docs/sealed-text.md says how to open a value without this product. What belongs to the product and not to
a person, such as the secret that an authenticator app shares, is sealed with a key of its purpose.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from accounts.models import DataKey
    from accounts.models.key import WrappedKey

VERSION = b"\x01"
NONCE_BYTES = 12
PADDING_BYTES = 256  # lengths are told only in steps of this size
NAME_LENGTH = 40  # of a key-encryption key, as DataKey stores it


class Unreadable(Exception):
    """The value is not what was sealed here, or its key is gone."""


class PersonKey:
    """The data key of one person, or of one group. Unwrapped on first use: a broken one spoils no page about
    others."""

    def __init__(self, owner_id: UUID, unwrapped: Callable[[], bytes]) -> None:
        self.owner_id = owner_id
        self._unwrapped = unwrapped

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._unwrapped())

    def seal(self, text: str, *about: object) -> bytes:
        """The sealed value. Raises Unreadable when the key itself cannot be unwrapped."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, _padded(text.encode()), self._context(about))

    def unseal(self, sealed: bytes | memoryview, *about: object) -> str:
        """The text. Raises Unreadable for a value that was altered, moved, or sealed with another key."""
        sealed = bytes(sealed)
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != VERSION:
            raise Unreadable("unknown version")
        try:
            padded = self._cipher.decrypt(nonce, ciphertext, self._context(about))
        except (InvalidTag, ValueError) as error:
            raise Unreadable("altered, moved, or sealed with another key") from error
        return padded[: padded.rindex(b"\x80")].decode()

    def _context(self, about: tuple[object, ...]) -> bytes:
        parts = [str(part) for part in ("v1", self.owner_id, *about)]
        if any("|" in part for part in parts):
            raise ValueError("A part that holds the separator would let two places share one context.")
        return "|".join(parts).encode()


def _padded(data: bytes) -> bytes:
    data += b"\x80"
    return data + b"\0" * (-len(data) % PADDING_BYTES)


def key_for(owner_id: UUID) -> PersonKey:
    """The key of one person, made on first use. That of a closed account opens and seals nothing."""
    return keys_for([owner_id])[owner_id]


def key_to_seal(owner_id: UUID) -> PersonKey:
    """The key of one person, held until the transaction ends. Call it inside one.

    What is sealed with it is stored before the key can be destroyed, or not at all (A8).
    """
    from accounts.models import DataKey

    return PersonKey(owner_id, partial(unwrap, DataKey.objects.held(owner_id)))


def keys_for(owner_ids: Iterable[UUID]) -> dict[UUID, PersonKey]:
    """The keys of several people, in one query where all exist."""
    from accounts.models import DataKey

    wanted = set(owner_ids)
    rows: dict[UUID, DataKey | None] = {
        row.owner_id: row for row in DataKey.objects.filter(owner_id__in=wanted)
    }
    for owner_id in wanted - rows.keys():
        rows[owner_id] = DataKey.objects.make(owner_id)
    return {owner_id: PersonKey(owner_id, partial(unwrap, row)) for owner_id, row in rows.items()}


def wrap_new_key(owner_id: UUID) -> tuple[str, bytes]:
    """A fresh data key: the name of the key-encryption key, and the key as it is stored."""
    return _wrapped(os.urandom(32), owner_id)


def wrap_again(row: WrappedKey) -> tuple[str, bytes]:
    """The same data key under the newest key-encryption key. Raises Unreadable as `unwrap` does."""
    return _wrapped(unwrap(row), row.holder_id)


def _wrapped(key: bytes, holder_id: UUID) -> tuple[str, bytes]:
    name = newest_key_name()
    nonce = os.urandom(NONCE_BYTES)
    return name, nonce + _wrapper(name).encrypt(nonce, key, f"data-key|{holder_id}|{name}".encode())


def key_of(row: WrappedKey) -> PersonKey:
    """The key in that row, whoever holds it."""
    return PersonKey(row.holder_id, partial(unwrap, row))


def key_tables() -> list[type[WrappedKey]]:
    """Each table of wrapped keys: those of people, and those that other apps keep."""
    from accounts.models.key import WrappedKey

    return [model for model in apps.get_models() if issubclass(model, WrappedKey)]


def unwrap(row: WrappedKey | None) -> bytes:
    """The data key itself. Raises Unreadable when its wrapper is missing, wrong, or the row was altered."""
    if row is None:
        raise Unreadable("the key was destroyed, or the account is closed")
    if row.key_name not in encryption_keys():
        raise Unreadable(f"VAULT_KEYS has no key named {row.key_name}")
    wrapped = bytes(row.wrapped)
    context = f"data-key|{row.holder_id}|{row.key_name}".encode()
    try:
        return _wrapper(row.key_name).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the stored key was altered, or VAULT_KEYS holds another key") from error


def encryption_keys() -> dict[str, bytes]:
    """Key-encryption keys by name, newest first. Raises ImproperlyConfigured for a malformed VAULT_KEYS."""
    return _parse(settings.VAULT_KEYS)


def newest_key_name() -> str:
    """The key-encryption key that seals what is written now."""
    return next(iter(encryption_keys()))


@lru_cache(maxsize=4)
def _parse(text: str) -> dict[str, bytes]:
    try:
        pairs = [pair.strip().split(":", 1) for pair in text.split(",")]
        keys = {name: base64.b64decode(secret, validate=True) for name, secret in pairs}
    except ValueError as error:
        raise ImproperlyConfigured("VAULT_KEYS must read name:base64,name:base64") from error
    if not all(0 < len(name) <= NAME_LENGTH and len(key) == 32 for name, key in keys.items()):
        raise ImproperlyConfigured("each key in VAULT_KEYS needs a name and 32 bytes in base64")
    if len(keys) != len(pairs):
        raise ImproperlyConfigured("two keys in VAULT_KEYS have the same name")
    return keys


def keys_of_purpose(purpose: str) -> list[bytes]:
    """Keys for something else than a person's text, one from each key-encryption key, newest first."""
    return [_derived(secret, purpose) for secret in encryption_keys().values()]


def seal_own(text: str, purpose: str) -> str:
    """A secret of the product itself, sealed, before the name of its key-encryption key: "name:base64"."""
    name = newest_key_name()
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_derived(encryption_keys()[name], purpose))
    sealed = nonce + cipher.encrypt(nonce, text.encode(), f"{purpose}|{name}".encode())
    return f"{name}:{base64.b64encode(sealed).decode()}"


def unseal_own(sealed: str, purpose: str) -> str:
    """The secret. Raises Unreadable for one in clear, altered, of another purpose or with a lost key."""
    name, _colon, data = sealed.partition(":")
    if name not in encryption_keys():
        raise Unreadable("VAULT_KEYS has no key of that name")
    try:
        raw = base64.b64decode(data, validate=True)
        cipher = AESGCM(_derived(encryption_keys()[name], purpose))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{purpose}|{name}".encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("altered, or sealed for another purpose or with another key") from error


@lru_cache(maxsize=32)
def _derived(secret: bytes, purpose: str) -> bytes:
    info = f"stillwater|{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _wrapper(name: str) -> AESGCM:
    return AESGCM(_derived(encryption_keys()[name], "data-key"))
