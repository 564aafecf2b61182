from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models

from accounts import vault


class DataKeyManager(models.Manager["DataKey"]):
    def make(self, owner_id: UUID) -> DataKey:
        """The person's key; of two requests that make it at once, both get the one that was stored."""
        name, wrapped = vault.wrap_new_key(owner_id)
        return self.get_or_create(owner_id=owner_id, defaults={"key_name": name, "wrapped": wrapped})[0]


class DataKey(models.Model):
    """A person's data key, wrapped. Deleting the row makes all that the person sealed unreadable."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )
    key_name = models.CharField(max_length=40, db_index=True)
    wrapped = models.BinaryField(max_length=80)

    objects = DataKeyManager()

    def __str__(self) -> str:
        return f"key of {self.owner_id}"
