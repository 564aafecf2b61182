"""A way to a person that leads nowhere any more: it is turned off, and they are told in the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification, Preference

MAIL_STOPPED = "notifications.mail_stopped"


def page(notification: Notification) -> str:
    try:
        return reverse("accounts:reach")
    except NoReverseMatch:
        return reverse("notifications:notices")


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=MAIL_STOPPED,
            notice=_("Mails to your address come back. We tell you here instead. You can change that."),
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


def tell(person: Any, kind: str, now: datetime) -> None:
    """Once a day for each kind; under Notices alone."""
    row = {"recipient": person, "kind": kind, "about": person.pk, "due_on": person.local_day(now)}
    Notification.objects.post_shown(now, row)
