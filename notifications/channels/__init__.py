"""The ways on which a message leaves the house. Delivery knows no more of a way than what stands here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from notifications.channels.mail import Mail

if TYPE_CHECKING:
    from notifications.models import Notification

MAIL, PUSH = "mail", "push"  # as `Preference.Channel` names them


class Channel(Protocol):
    """One way out, made anew for each run of a sender and used by one thread."""

    def open(self) -> None:
        """Makes ready, once for a batch; does nothing where it is open. Whatever it raises is an outage: the
        batch stops, and no message of it counts a try."""

    def send(self, notification: Notification) -> None:
        """Hands over one message, with a time limit of its own. Raises when it was not taken."""

    def close(self) -> None:
        """Must not raise. Sending after it opens anew."""

    def is_permanent(self, error: Exception) -> bool:
        """Whether another try is of no use to this message."""

    def is_outage(self, error: Exception) -> bool:
        """Whether the way itself is at fault: what comes next in the batch waits, untried."""

    def is_no_try(self, error: Exception) -> bool:
        """Whether this one message waits, untried, while the way stays open for the others."""

    def refuses_person(self, error: Exception) -> bool:
        """Whether this way leads to the person no more, for any message."""

    def give_up(self, person: Any, now: datetime) -> None:
        """Turns this way off for the person and tells them so under Notices (`stopped.tell`)."""


_makers: dict[str, Callable[[], Channel]] = {MAIL: Mail}


def register(name: str, make: Callable[[], Channel]) -> None:
    _makers[name] = make


def make(name: str) -> Channel:
    """Raises KeyError for a way that nobody registered."""
    return _makers[name]()
