"""The keys of web push, and the services that may be written to: what is known before any message is."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

AUTH_BYTES = 16  # RFC 8291, 3.2
HTTPS = 443


def is_offered() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY)


@cache
def key_from(text: str) -> Vapid02:
    """Raises ValueError for what is no key: 32 bytes or a PKCS #8 key, in base64url."""
    return Vapid02.from_string(text)


def public_key() -> str:
    """What a browser needs to know of us before it lets us write to it (RFC 8292)."""
    point = key_from(settings.VAPID_PRIVATE_KEY).public_key
    return unpadded(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_known(endpoint: str) -> bool:
    """Whether it leads to a push service that we know. The address comes from a browser, that is from
    anybody: without this, our worker would fetch whatever stands in our own network (SSRF)."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and port in (None, HTTPS) and "@" not in parts.netloc
    return plain and endpoint.isascii() and "\\" not in endpoint and is_host(parts.hostname or "")


def is_host(name: str) -> bool:
    """A pattern with a star stands for any name below it, and not for the domain itself."""
    return any(
        name.endswith(known[1:]) and name != known[2:] if known.startswith("*.") else name == known
        for known in settings.PUSH_HOSTS
    )


def is_browser_key(text: str) -> bool:
    """A point on the curve P-256: anything else fails with each message."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(text))
    except (ValueError, binascii.Error):
        return False
    return True


def is_browser_secret(text: str) -> bool:
    try:
        return len(decoded(text)) == AUTH_BYTES
    except (ValueError, binascii.Error):
        return False


def decoded(text: str) -> bytes:
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
