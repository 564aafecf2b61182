"""An e-mail address becomes a person's own once they open, signed in, a link that was sent to it.

A mistyped one would hand the way to a new password to a stranger. Until then nothing but the outbox knows it.
"""

import base64
import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.vault import Unreadable
from notifications import kinds

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Notification

KIND = PURPOSE = "accounts.address"
CHANGED = "accounts.address_changed"
LINK_LASTS = timedelta(hours=24)


@transaction.atomic
def ask(person: "User", address: str, *, now: datetime) -> None:
    """Sends the link. An address that was typed before and still waits is forgotten."""
    from notifications.models import Notification

    Notification.objects.filter(kind=KIND, about=person.pk).delete()
    Notification.objects.post(
        address=address, kind=KIND, about=person.pk, due_on=timezone.localdate(now), not_before=now
    )


def link(notification: "Notification") -> str:
    """Sealed, so that the link shows neither whom nor what it is about (K5)."""
    until = notification.not_before + LINK_LASTS
    said = [str(notification.about), notification.address, until.timestamp()]
    token = base64.urlsafe_b64encode(vault.seal_own(json.dumps(said), PURPOSE).encode()).decode()
    return settings.SITE_URL + reverse("accounts:address", args=[token])


def opened(token: str, *, by: "User", now: datetime) -> str | None:
    """The address that this link is for; None when it is old, another's, or made up."""
    try:
        person, address, until = json.loads(
            vault.unseal_own(base64.urlsafe_b64decode(token).decode(), PURPOSE)
        )
    except (Unreadable, ValueError):
        return None
    return address if uuid.UUID(person) == by.pk and now.timestamp() < until else None


@transaction.atomic
def keep(person: "User", address: str, *, now: datetime) -> None:
    """Makes it the person's own; they and the old address are told. Raises IntegrityError for a taken one,
    PermissionDenied for an account that was closed since the request began."""
    from notifications.models import Notification

    held = get_user_model().objects.held([person.pk])[person.pk]
    if not held.is_active:
        raise PermissionDenied
    _change(person, address.lower())
    Notification.objects.post(
        recipient=person, kind=CHANGED, about=uuid.uuid4(), due_on=person.local_day(now), not_before=now
    )
    _tell_old(person, held.email, now)


def forget(person: "User", *, old: str, now: datetime) -> None:
    """Takes the address away, and those that wait for their link; the old one is told. For somebody held."""
    from notifications.models import Notification

    Notification.objects.filter(kind=KIND, about=person.pk).delete()
    _change(person, "")
    _tell_old(person, old, now)


def _change(person: "User", address: str) -> None:
    """The rows that allauth made of an address would still be names to sign in with."""
    get_user_model().objects.filter(pk=person.pk).update(email=address)
    person.email = address
    EmailAddress.objects.filter(user=person).delete()


def _tell_old(person: "User", old: str, now: datetime) -> None:
    """`about` names the person, so that it goes out to nobody once the account is closed (A6, A8)."""
    from notifications.models import Notification

    if not old:
        return
    # The outbox takes one message a day to an address about one cause: a second change is told as well.
    today = person.local_day(now)
    earlier = Notification.objects.filter(
        kind=CHANGED, about=person.pk, recipient=None, due_on__gte=today
    ).count()
    due_on = today + timedelta(days=earlier)
    Notification.objects.post(address=old, kind=CHANGED, about=person.pk, due_on=due_on, not_before=now)


def wanted(notification: "Notification", now: Any) -> bool:
    from accounts.models import User

    return User.objects.active().filter(pk=notification.about).exists()


def change_wanted(notification: "Notification", now: Any) -> bool:
    return notification.recipient is not None or wanted(notification, now)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=KIND,
            notice="",
            page=lambda notification: reverse("accounts:profile"),
            mail_link=link,
            wanted=wanted,
            urgent=True,  # the person waits for it
        )
    )
    kinds.register(
        kinds.Kind(
            name=CHANGED,
            notice=_("Your e-mail was changed. If it was not you, tell staff."),
            page=lambda notification: reverse("accounts:address_edit"),
            mail_link=lambda notification: settings.SITE_URL + reverse("notifications:notices"),
            wanted=change_wanted,
            urgent=True,
            asked_for=True,
        )
    )
