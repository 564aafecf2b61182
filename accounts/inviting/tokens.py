"""The secrets behind an invitation's address. Only their SHA-256 is stored."""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from accounts import vault


def new_token() -> str:
    """256 bits, for a card that is shown once."""
    return secrets.token_urlsafe(32)


def mailed_tokens(invitation_id: UUID) -> list[str]:
    """The token of an e-mailed invitation under each key of the vault, newest key first.

    It is never stored, and yet a mail that has to be sent again carries the same link.
    """
    keys = vault.keys_of_purpose("invitation")
    digests = (hmac.digest(key, invitation_id.bytes, "sha256") for key in keys)
    return [base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests]


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
