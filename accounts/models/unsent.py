from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse

from accounts import vault
from accounts.who import YOU, Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User

type Fields = Sequence[tuple[str, list[str]]]  # the names in a form, each with what stood there

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
MOST = 20  # of one person; the oldest gives way
LONGEST = 200_000  # bytes
# Fields that a form has for itself, and no words of the person.
MACHINERY = {"client_token", "token", "seen", "revision", "prompt", "begin", "then"}


class UnsentQuerySet(models.QuerySet["Unsent"]):
    def visible_to(self, user: User) -> UnsentQuerySet:
        return Unsent.seen_by.rows(self, user)

    def newest_first(self) -> UnsentQuerySet:
        return self.order_by("-received_at", "-pk")

    @transaction.atomic
    def keep(self, fields: Fields, *, by: User, path: str, now: datetime) -> Unsent | None:
        """Seals what was sent. None for what is too long, or went elsewhere; the same form twice is one row.

        Raises Unreadable where the account was closed meanwhile and has no key any more (A8).
        """
        written = json.dumps(fields, ensure_ascii=False)
        if len(written.encode()) > LONGEST or len(path) > Unsent.PATH_LENGTH or path.startswith("//"):
            return None
        key = vault.key_to_seal(by.pk)  # from here on the forms of one person take turns
        unsent = Unsent(owner=by, path=path, received_at=now)
        unsent.fields_sealed = key.seal(written, *unsent._about)
        standing = list(Unsent.objects.filter(owner=by).newest_first())
        last = next((row for row in standing if row.path == path), None)
        if last and last._written(key) == written:
            return last
        unsent.save(force_insert=True)
        Unsent.objects.filter(pk__in=[row.pk for row in standing[MOST - 1 :]]).delete()
        return unsent

    def forget(self, now: datetime) -> None:
        """Deletes what nobody came back for."""
        self.filter(received_at__lte=now - KEPT_FOR).delete()


class Unsent(models.Model):
    """A form that came when its writer was signed out already, or its page too old: sealed until they are
    back (J4). It did nothing yet."""

    KIND = "accounts.unsent"
    PATH_LENGTH = 200

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsent")
    # Where it was sent to, or without fields where its words stand by now; ids only, as all our addresses.
    path = models.CharField(max_length=PATH_LENGTH)
    fields_sealed = models.BinaryField()
    received_at = models.DateTimeField()

    objects = UnsentQuerySet.as_manager()
    seen_by = Rule(Own("owner", theirs=YOU))

    class Meta:
        verbose_name_plural = "unsent"
        indexes = [models.Index(fields=["owner", "-received_at"], name="unsent_of_one_writer")]

    def __str__(self) -> str:
        return f"unsent form of {self.owner_id}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:unsent", args=[self.pk])

    @property
    def goes_at(self) -> datetime:
        return self.received_at + KEPT_FOR

    @property
    def _about(self) -> tuple[object, ...]:
        return (self.KIND, self.pk, "fields", 1)

    def opened(self, *, by: User, key: vault.PersonKey | None = None) -> Fields:
        """The form. Raises PermissionDenied for anybody but the writer, Unreadable when it does not open."""
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        written = self._written(key or vault.key_for(self.owner_id))
        if written is None:
            raise vault.Unreadable(self.KIND)
        return [(name, values) for name, values in json.loads(written)]

    def words(self, *, by: User, key: vault.PersonKey | None = None) -> list[str]:
        """What the person typed or chose, without what the form holds for itself."""
        fields = [values for name, values in self.opened(by=by, key=key) if name not in MACHINERY]
        return [text.replace("\0", "") for values in fields for text in values if text.strip()]

    def let_go(self, *, by: User) -> None:
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        Unsent.objects.filter(pk=self.pk).delete()

    def _written(self, key: vault.PersonKey) -> str | None:
        """As it was sealed, None when it does not open."""
        try:
            return key.unseal(self.fields_sealed, *self._about)
        except vault.Unreadable as error:
            logger.error("The %s %s does not open: %s", self.KIND, self.pk, error)
            return None
