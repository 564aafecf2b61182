from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


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

    def __str__(self) -> str:
        return f"a browser of {self.person_id}"
