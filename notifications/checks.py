"""Refuses keys that could not sign, and says at release what is not offered without one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags
from django.core.checks import register as register_check

from notifications import push_service


def push_key_can_sign(**_: Any) -> list[CheckMessage]:
    if not settings.VAPID_PRIVATE_KEY:
        return []
    try:
        push_service.public_key()
    except Exception:  # py_vapid lets through whatever its parts raise, and their words hold the key
        hint = "32 random bytes of a P-256 key in base64url; `vapid --gen` makes one."
        return [Error("VAPID_PRIVATE_KEY is no key.", hint=hint, id="notifications.E001")]
    return []


def push_is_offered(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.VAPID_PRIVATE_KEY:
        hint = (
            "People can choose mail and notices alone. Keep the key: with another one, devices fall silent."
        )
        found.append(Info("VAPID_PRIVATE_KEY is not set.", hint=hint, id="notifications.I001"))
    wide = [host for host in settings.PUSH_HOSTS if host.lstrip("*.").count(".") < 1 or "/" in host]
    if wide:
        hint = "Our worker writes to these hosts, and their names come from browsers."
        found.append(Error(f"PUSH_HOSTS holds {', '.join(wide)}.", hint=hint, id="notifications.E002"))
    return found


def register() -> None:
    register_check(push_key_can_sign, Tags.security)
    register_check(push_is_offered, Tags.security, deploy=True)
