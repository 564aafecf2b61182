from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from accounts import vault
from accounts.models import AccessRecord
from journal import notices

if TYPE_CHECKING:
    from accounts.models import User
    from journal.models.reply import Reply
    from journal.models.sealed_page import Page
    from journal.models.share import Share, SharedCopy

UNREAD_WORKING_DAYS = 2  # Monday to Friday in the program's zone: then a page waits too long (J3)
SATURDAY = 5


class Opened(NamedTuple):
    """A shared page with its words, open for the length of a request."""

    copy: SharedCopy
    page: Page


class Read(models.Model):
    """What the clinician to whom a page is open does with it (J3).

    Each verb holds the share until its transaction ends: taken back at the same moment, either comes first,
    and nobody reads or answers what is not theirs to read any more.
    """

    client_id: uuid.UUID  # the writer

    class Meta:
        abstract = True

    @transaction.atomic
    def opened(self, *, by: User, now: datetime) -> Opened:
        """The copy that `by` may read. The look is noted (A5) and the page is read from now on.

        Raises PermissionDenied where it is not theirs to read, Unreadable when it does not open.
        """
        from journal.models.share import SharedCopy

        share = self._held(by, now)
        copy = SharedCopy.objects.visible_to(by).filter(share=share).first()
        if copy is None:
            raise PermissionDenied
        found = Opened(copy, copy.opened(by=by))
        what = AccessRecord.What.SHARE
        AccessRecord.objects.note(actor=by, subjects=[share.client_id], what=what, now=now)
        type(share).objects.filter(pk=share.pk, read_at=None).update(read_at=now)
        return found

    @transaction.atomic
    def answer(self, text: str, *, by: User, client_token: uuid.UUID, now: datetime) -> tuple[Reply, bool]:
        """The clinician's own words; for a form that was sent before, the first answer and False.

        Raises PermissionDenied when the page was taken back meanwhile.
        """
        from journal.models.reply import Reply

        # The writer's key before the share: people are held before what is theirs.
        key = vault.key_to_seal(self.client_id)
        share = self._held(by, now)
        pk = uuid.uuid4()
        reply, is_new = Reply.objects.get_or_create(
            share=share,
            client_token=client_token,
            defaults={
                "id": pk,
                "client_id": share.client_id,
                "author": by,
                "text_sealed": Reply.sealed(pk, text, key),
                "written_at": now,
            },
        )
        if is_new:
            notices.tell_answered(reply, now)
        return reply, is_new

    def _held(self, by: User, now: datetime) -> Share:
        rows: Any = type(self)._default_manager
        theirs = rows.visible_to(by).standing(now).filter(pk=self.pk, clinician=by.pk)
        share: Share | None = theirs.select_for_update(no_key=True).first()
        if share is None:
            raise PermissionDenied
        return share


def too_long_ago(now: datetime) -> datetime:
    """What was shared at this moment or before has waited for UNREAD_WORKING_DAYS whole working days.

    Days go by the wall clock of the program; Saturday and Sunday do not count.
    """
    local = timezone.localtime(now)
    if local.weekday() >= SATURDAY:  # the time of the week stands still since Friday was over
        saturday = local.date() - timedelta(days=local.weekday() - SATURDAY)
        local = timezone.make_aware(datetime.combine(saturday, time.min))
    day = local.date()
    for _day in range(UNREAD_WORKING_DAYS):
        day -= timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, local.time()))
