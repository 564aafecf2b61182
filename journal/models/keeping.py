from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.models import Bringing

if TYPE_CHECKING:
    from accounts.models import User

TIME_TO_THINK = timedelta(hours=24)  # a deleted page can be brought back for so long
ERASED_TOGETHER = 100  # rows held at once


class Kept(models.Model):
    """What its writer does with a page that stands: lets it rest, deletes it, brings it back (J5).

    Whoever left the house may do all of it until the account closes (A6).
    """

    owner_id: UUID

    # "Do not bring this back": since when it comes up only where the writer looks for it (J5).
    rests_since = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)  # gone for good TIME_TO_THINK later

    class Meta:
        abstract = True

    @property
    def goes_at(self) -> datetime | None:
        """When a deleted page is gone for good."""
        return self.deleted_at and self.deleted_at + TIME_TO_THINK

    def rest(self, *, by: User, now: datetime) -> None:
        """From now on it comes up by itself nowhere. Twice is once."""
        self._own(by).filter(rests_since=None).update(rests_since=now)

    def rest_no_more(self, *, by: User) -> None:
        self._own(by).update(rests_since=None)

    @transaction.atomic
    def discard(self, *, by: User, now: datetime) -> bool:
        """Deletes the page, with a day to bring it back. False where it was deleted before.

        What hangs on it goes at once and does not come back: whoever it was shared with can read it no more
        (J2), and what was typed for it and the reminders to bring it to a session are gone.
        """
        by.hold_to("journal.read_entry")
        if not self._own(by).filter(deleted_at=None).update(deleted_at=now):
            return False
        self.deleted_at = now
        self._let_go(by=by, now=now)
        return True

    def bring_back(self, *, by: User, now: datetime) -> bool:
        """False where its day is over, or where it never went."""
        waiting = self._own(by).filter(deleted_at__gt=now - TIME_TO_THINK)
        return bool(waiting.update(deleted_at=None))

    @transaction.atomic
    def erase(self, *, by: User) -> None:
        """Deletes the row of a page that was deleted and not brought back. Nothing of it stays."""
        going = self._own(by).filter(deleted_at__isnull=False).select_for_update(no_key=True)
        if not going.exists() or not going.delete()[0]:
            return
        Bringing.objects.filter(entry_id=self.pk).delete()

    def _own(self, by: User) -> models.QuerySet[Any]:
        """This row. Raises PermissionDenied for anybody but its writer."""
        if by.pk != self.owner_id:
            raise PermissionDenied
        return type(self)._default_manager.filter(pk=self.pk)

    def _let_go(self, *, by: User, now: datetime) -> None:
        row: Any = self
        row.drafts.all().delete()
        Bringing.objects.filter(entry_id=self.pk).delete()
        for share in row.shares.filter(ended_at=None):
            share.take_back(by=by, now=now)


def erase_deleted(rows: models.QuerySet[Any], now: datetime) -> int:
    """Deletes for good what was deleted a day ago, with all that hangs on it. Gives back how many.

    A few at a time, and each held first: who brings one back at this moment is waited for.
    """
    over, gone = rows.filter(deleted_at__lte=now - TIME_TO_THINK).order_by("deleted_at", "pk"), 0
    while True:
        with transaction.atomic():
            keys = list(over.select_for_update(no_key=False).values_list("pk", flat=True)[:ERASED_TOGETHER])
            if not keys:
                return gone
            rows.filter(pk__in=keys).delete()
            Bringing.objects.filter(entry_id__in=keys).delete()
        gone += len(keys)
