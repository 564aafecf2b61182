"""What a person can choose about how we reach them, and what stands against it (K4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from notifications import push_service
from notifications.models import Preference, PushSubscription

type Clash = Callable[[Any, time, time], str]

_asked: list[Clash] = []


def ask_before_quiet(clash: Clash) -> None:
    """An app that writes at fixed times says in words what would fall into somebody's new quiet hours."""
    _asked.append(clash)


def clashes(person: Any, start: time, end: time) -> list[str]:
    return [words for clash in _asked if (words := clash(person, start, end))]


def to(person: Any) -> list[tuple[str, Any]]:
    """The ways that lead to this person now, as choices of a form."""
    leads = {
        Preference.Channel.MAIL: bool(person.email),
        Preference.Channel.PUSH: push_service.is_offered()
        and PushSubscription.objects.visible_to(person).exists(),
        Preference.Channel.NOTICES: True,
    }
    return [(way.value, way.label) for way, does in leads.items() if does]


def choose(person: Any, **chosen: Any) -> None:
    """Whoever turns mail on again has mended what sent it back."""
    if chosen.get("channel") == Preference.Channel.MAIL:
        chosen["bounced_at"] = None
    Preference.objects.update_or_create(person=person, defaults=chosen)
