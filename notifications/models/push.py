from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction

from notifications.models.preference import Preference

DEVICES_AT_MOST = 10  # of one person; who turns on one more loses the oldest


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, user: Any) -> PushSubscriptionQuerySet:
        return self.filter(person=user)

    def latest_first(self) -> PushSubscriptionQuerySet:
        return self.order_by("-created_at", "pk")

    @transaction.atomic
    def turn_on(self, *, by: Any, browser: str, now: datetime, **keys: str) -> PushSubscription:
        """This browser may be written to, and from now on it is the way to this person.

        An endpoint is one browser. Whoever had it before has let go of it, also where they forgot to say so.
        """
        Preference.objects.get_or_create(person=by)
        PushSubscription.objects.filter(endpoint=keys["endpoint"]).delete()
        made = PushSubscription.objects.create(person=by, browser=browser, created_at=now, **keys)
        mine = PushSubscription.objects.filter(person=by).latest_first()
        too_many = list(mine.values_list("pk", flat=True)[DEVICES_AT_MOST:])
        PushSubscription.objects.filter(pk__in=too_many).delete()
        Preference.objects.filter(person=by).update(channel=Preference.Channel.PUSH)
        return made

    @transaction.atomic
    def end(self, *, of: Any, now: datetime, tell: bool = True) -> int:
        """Forgets these of one person. With the last one gone, messages stand under Notices: mail is a way
        that the person did not choose (K5). `tell` is False where they just did it themselves."""
        from notifications import stopped

        gone, _rows = self.filter(person=of).delete()
        if gone and not PushSubscription.objects.filter(person=of).exists():
            stopped.push(of, now, tell_them=tell)
        return gone

    def but(self, pks: Iterable[uuid.UUID | None]) -> PushSubscriptionQuerySet:
        return self.exclude(pk__in=[pk for pk in pks if pk])


class PushSubscription(models.Model):
    """One browser that a person lets us write to (RFC 8030). Its endpoint tells nobody who they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.URLField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    browser = models.CharField(max_length=60, blank=True)  # what a person would call it, for their list
    created_at = models.DateTimeField()

    objects = PushSubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"a browser of {self.person_id}"
