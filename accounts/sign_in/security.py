"""What a person must hear of at once, and the record of it: how they sign in has changed, or somebody did."""

import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, User
from notifications import kinds
from notifications.models import Notification

FACTOR_ADDED = "accounts.factor_added"
FACTOR_REMOVED = "accounts.factor_removed"
CODES_MADE = "accounts.codes_made"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105  (the name of a kind)
NEW_DEVICE = "accounts.new_device"
# What is said, and where it can be put right.
SAID = {
    FACTOR_ADDED: (_("A new way to sign in as you was added. If it was not you, tell staff."), "mfa_index"),
    FACTOR_REMOVED: (
        _("One of your ways to sign in was removed. If it was not you, tell staff."),
        "mfa_index",
    ),
    CODES_MADE: (_("New spare codes were made for you. If it was not you, tell staff."), "mfa_index"),
    PASSWORD_CHANGED: (_("Your password was changed. If it was not you, tell staff."), "usersessions_list"),
    NEW_DEVICE: (_("You signed in on a new device. If it was not you, tell staff."), "usersessions_list"),
}


def register() -> None:
    for name, (notice, _page) in SAID.items():
        # `asked_for`, because a warning must come also where somebody switched mail off.
        kinds.register(kinds.Kind(name, notice, page_of, urgent=True, asked_for=True))


def page_of(notification: Notification) -> str:
    return reverse(SAID[notification.kind][1])


def tell(person: User, kind: str, about: uuid.UUID | None = None) -> None:
    """Without `about` each is a message of its own; with it, one a day."""
    now = timezone.now()
    Notification.objects.post(
        recipient=person, kind=kind, about=about or uuid.uuid4(), due_on=now.date(), not_before=now
    )


def changed(person: User, kind: str, detail: str) -> None:
    """The person changed how they sign in. Belongs into the transaction of the change."""
    act = AuditEvent.Act.PASSWORD if kind == PASSWORD_CHANGED else AuditEvent.Act.SECOND_FACTOR
    AuditEvent.objects.record(act, by=person, about=person, detail=detail, now=timezone.now())
    tell(person, kind)


@transaction.atomic
def record(act: str, person: Any, detail: str = "") -> None:
    AuditEvent.objects.record(act, by=person, about=person, detail=detail, now=timezone.now())


def alone(person: User) -> None:
    """Until the transaction ends nobody else changes how this person signs in."""
    User.objects.select_for_update().get(pk=person.pk)
