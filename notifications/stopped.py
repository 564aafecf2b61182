"""A way to a person that leads nowhere any more: it is turned off, and they are told in the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification, Preference, PushSubscription

MAIL_STOPPED = "notifications.mail_stopped"
PUSH_STOPPED = "notifications.push_stopped"


def page(notification: Notification) -> str:
    return reverse("accounts:reach")


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=MAIL_STOPPED,
            notice=_("Mails to your address come back. We tell you here instead. You can change that."),
            page=page,
            mails=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=PUSH_STOPPED,
            notice=_(
                "Your device takes no messages from us now. We tell you here instead. You can change that."
            ),
            page=page,
            mails=False,
        )
    )


@transaction.atomic
def mail(person: Any, now: datetime) -> None:
    """Not where they chose another way meanwhile, nor where the address is another by now."""
    same = type(person).objects.filter(pk=person.pk, email=person.email)
    if not same.exists():
        return
    Preference.objects.get_or_create(person=person)
    on = Preference.objects.filter(person=person, channel=Preference.Channel.MAIL)
    if on.update(channel=Preference.Channel.NOTICES, bounced_at=now):
        tell(person, MAIL_STOPPED, now)


@transaction.atomic
def push(person: Any, now: datetime, *, tell_them: bool = True) -> None:
    """No browser of theirs is left. Mail is not what they chose, so it does not begin by itself (K5)."""
    browsers = PushSubscription.objects.filter(person=OuterRef("pk"))
    on = Preference.objects.filter(~Exists(browsers), person=person, channel=Preference.Channel.PUSH)
    if on.update(channel=Preference.Channel.NOTICES) and tell_them:
        tell(person, PUSH_STOPPED, now)


def tell(person: Any, kind: str, now: datetime) -> None:
    """Once a day for each kind; under Notices alone."""
    row = {"recipient": person, "kind": kind, "about": person.pk, "due_on": person.local_day(now)}
    Notification.objects.post_shown(now, row)
