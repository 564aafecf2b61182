"""The writer's side of a share: opens one page to one person, takes it back, ends what is over (J2)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.models import CareTeamMember

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.vault import PersonKey
    from journal.models.entry import Entry
    from journal.models.share import Share

LONGEST_SHARE = timedelta(days=90)  # for a share with a last day; without one it stands until taken back
ENDED_TOGETHER = 100  # rows held at once


class NotShared(Exception):
    """Why a page cannot be shared now, in words for its writer. Nothing was shared, and nothing changed."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class ChangedMeanwhile(NotShared):
    message = _("This page changed since you opened this. Please read it once more before you share it.")


class NotOnTheTeam(NotShared):
    message = _("This person is not on your care team any more. Nothing was shared.")


class NoSuchDay(NotShared):
    message = _("Choose a day after today, at most 90 days from now.")


class Shared(models.Model):
    """A page that its writer can open to one clinician of their care team."""

    pk: uuid.UUID
    owner_id: uuid.UUID

    class Meta:
        abstract = True

    @transaction.atomic
    def share(
        self, *, with_: User, by: User, revision: int, ends_on: date | None = None, now: datetime
    ) -> Share:
        """Opens that revision, the one of the preview, until it is taken back or `ends_on` is over.

        Twice is once. A page that changed since is shared anew in the same row: the reader gets the new
        words, and has not read them yet. Raises PermissionDenied for anybody but its writer, NotShared with
        the reason, Unreadable when the page does not open.
        """
        if by.pk != self.owner_id:
            raise PermissionDenied
        # The writer is held first: neither the care team nor the stay changes until this is kept (A6).
        by.hold_to("journal.write_entry")
        member = CareTeamMember.objects.standing().filter(client=by, clinician=with_).first()
        if member is None:
            raise NotOnTheTeam
        now = max(now, member.started_at)  # who came while this waited reads it too
        ends_at = end_of(ends_on, by, now)
        key = vault.key_to_seal(self.owner_id)
        entry = self._held_at(revision)
        return open_to(with_, entry, key=key, by=by, ends_at=ends_at, now=now)

    def _held_at(self, revision: int) -> Entry:
        from journal.models.entry import Entry

        entry = Entry.objects.standing().select_for_update(no_key=True).filter(pk=self.pk).first()
        if entry is None or entry.revision != revision:
            raise ChangedMeanwhile
        return entry


def end_of(day: date | None, writer: User, now: datetime) -> datetime | None:
    """The midnight after that day, by the writer's clock."""
    if day is None:
        return None
    today = now.astimezone(writer.zone).date()
    if not today < day <= today + LONGEST_SHARE:
        raise NoSuchDay
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=writer.zone)


def open_to(
    reader: User, entry: Entry, *, key: PersonKey, by: User, ends_at: datetime | None, now: datetime
) -> Share:
    """The one open share of this page with that person, holding a copy of the words as they stand."""
    from journal import notices
    from journal.models.share import Share, SharedCopy

    page = entry.opened(by=by, key=key)
    open_rows = Share.objects.select_for_update(no_key=True, of=("self",))
    share = open_rows.filter(entry=entry, clinician=reader, ended_at=None).first()
    if share and Share.objects.over(now).filter(pk=share.pk).exists():  # not ended yet by the clock
        Share.objects.filter(pk=share.pk).close(by=None, now=now)
        share = None
    if share and share.entry_revision == entry.revision:
        Share.objects.filter(pk=share.pk).update(ends_at=ends_at)
        share.ends_at = ends_at
        return share
    share = share or Share(client_id=by.pk, entry=entry, clinician=reader)
    share.entry_revision, share.shared_at, share.ends_at, share.read_at = entry.revision, now, ends_at, None
    share.save()
    copy = SharedCopy(share=share, owner_id=by.pk)
    words = copy.sealed(page, revision=entry.revision)
    SharedCopy.objects.update_or_create(
        share=share, defaults={"owner_id": by.pk, "written_on": entry.written_on, **words}
    )
    notices.tell_shared(share, now)
    return share


class Withdrawn(models.Model):
    """What its writer can do with a share that stands."""

    pk: uuid.UUID
    client_id: uuid.UUID
    ended_at: datetime | None

    class Meta:
        abstract = True

    @transaction.atomic
    def take_back(self, *, by: User, now: datetime) -> bool:
        """The copy is gone with this, and the reader's next request finds nothing. False where it had ended.

        Whoever left the house may do it too. Raises PermissionDenied for anybody but the writer.
        """
        if by.pk != self.client_id:
            raise PermissionDenied
        rows: Any = type(self)._default_manager
        held = rows.select_for_update(no_key=True, of=("self",)).filter(pk=self.pk, ended_at=None)
        return bool(held.values_list("pk")) and bool(rows.filter(pk=self.pk).close(by=by, now=now))


class Ending(models.QuerySet[Any]):
    """What ends many shares at once. Part of the queries for shares."""

    def close(self, *, by: User | None, now: datetime) -> int:
        """Ends those of these that are open and destroys their copies. Call it inside a transaction."""
        from journal.models.share import SharedCopy

        keys = list(self.filter(ended_at=None).values_list("pk", flat=True))
        ended: int = self.model._default_manager.filter(pk__in=keys, ended_at=None).update(
            ended_at=now, ended_by=by
        )
        SharedCopy.objects.filter(share__in=keys).delete()
        return ended

    @transaction.atomic
    def end_all(self, client: User, *, by: User | None, now: datetime) -> int:
        """Nobody reads any page of this person from now on (A6). Readmission revives none."""
        return int(self.model._default_manager.filter(client=client).close(by=by, now=now))

    def end_over(self, now: datetime) -> int:
        """Ends what is over: its last day, the care, or an account. One query where nothing is.

        They could not be read any more before; this destroys the copies. A few at a time, and each held.
        """
        rows, ended = self.model._default_manager, 0
        while keys := list(rows.over(now).order_by("pk").values_list("pk", flat=True)[:ENDED_TOGETHER]):
            with transaction.atomic():
                held = rows.over(now).filter(pk__in=keys).order_by("pk")
                held = held.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
                ended += rows.filter(pk__in=list(held)).close(by=None, now=now)
        return ended
