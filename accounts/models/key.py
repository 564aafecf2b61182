from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from accounts import vault
from accounts.models.user import User
from accounts.who import Rule


class WrappedKey(models.Model):
    """A data key as it is stored, sealed with a key-encryption key. Each table of them is one of these."""

    key_name = models.CharField(max_length=40, db_index=True)
    wrapped = models.BinaryField(max_length=80)

    class Meta:
        abstract = True

    @property
    def holder_id(self) -> UUID:
        """Whose it is, a person or a group: part of what it is wrapped with."""
        return UUID(str(self.pk))

    @classmethod
    def sweep(cls) -> None:
        """Takes the bytes of destroyed and of older keys out of the database's own files. Not inside a
        transaction.

        A row that is gone stays behind in a file for a while: on SQLite in the write-ahead log, which is
        emptied here (secure_delete has overwritten the page); on PostgreSQL in dead rows, which a rewritten
        table leaves behind. The write-ahead log of PostgreSQL goes with the backups (BACKUP_DAYS).
        """
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:  # only an owner may rewrite a table, which the product is not: a function does it for it
                cursor.execute("SELECT accounts_rewrite_keys(%s)", [cls._meta.db_table])


class DataKeyManager(models.Manager["DataKey"]):
    @transaction.atomic
    def make(self, owner_id: UUID) -> DataKey | None:
        """The person's key; of two requests that make it at once, both get the one that was stored.

        None for a closed account. The lock makes this and an erasure take turns, so that whoever asked for
        their key to be destroyed never gets another one (A8).
        """
        owners = User.objects.filter(pk=owner_id, is_active=True, erased_at=None)
        if owners.select_for_update(no_key=True).first() is None:
            return None
        name, wrapped = vault.wrap_new_key(owner_id)
        return self.get_or_create(owner_id=owner_id, defaults={"key_name": name, "wrapped": wrapped})[0]

    def held(self, owner_id: UUID) -> DataKey | None:
        """The person's key, which nobody can destroy until the transaction ends. Call it inside one."""
        rows = self.select_for_update(no_key=True).filter(owner=owner_id)
        return rows.first() or (self.make(owner_id) and rows.first())


class DataKey(WrappedKey):
    """A person's data key, wrapped. Deleting the row makes all that the person sealed unreadable."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )

    objects = DataKeyManager()
    seen_by = Rule()  # nobody: it only ever opens what others may see

    def __str__(self) -> str:
        return f"key of {self.owner_id}"
