from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import CareTeamMember
from accounts.roles import Role
from accounts.vault import PersonKey
from accounts.who import Own, Rule, Through
from journal.models.entry import Entry
from journal.models.reading import Read, too_long_ago
from journal.models.sealed_page import Page, SealedPage
from journal.models.sharing import Ending, Withdrawn

if TYPE_CHECKING:
    from accounts.models import User


class ShareQuerySet(Ending, models.QuerySet["Share"]):
    def visible_to(self, user: User) -> ShareQuerySet:
        """The writer's own, and those that this clinician may read now (J2)."""
        return Share.seen_by.rows(self, user)

    def standing(self, now: datetime) -> ShareQuerySet:
        """Neither taken back nor over, and the reader still cares for the writer."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), Exists(care()), ended_at=None)

    def over(self, now: datetime) -> ShareQuerySet:
        """Open still in the table, and nobody's to read any more."""
        return self.filter(without_reader(now), ended_at=None)

    def telling(self, now: datetime) -> ShareQuerySet:
        """With what their writer is told: whether they are over, answered, and with an answer to read."""
        replies = self.model._meta.get_field("replies").related_model._default_manager.filter(
            share=OuterRef("pk")
        )
        news = replies.filter(seen_at=None)
        return self.annotate(is_over=without_reader(now), is_answered=Exists(replies), has_news=Exists(news))

    def worth_telling(self) -> ShareQuerySet:
        """Open ones, and those whose answers stay with their writer."""
        return self.filter(Q(ended_at=None) | Q(replies__isnull=False))

    def unread(self) -> ShareQuerySet:
        return self.filter(read_at=None)

    def waiting_too_long(self, now: datetime) -> ShareQuerySet:
        """Unread for UNREAD_WORKING_DAYS or longer (J3)."""
        return self.unread().filter(shared_at__lte=too_long_ago(now))

    def unread_first(self) -> ShareQuerySet:
        """Then the newest."""
        return self.annotate(is_read=Q(read_at__isnull=False)).order_by("is_read", "-shared_at", "-pk")

    def after(self, last: Share) -> ShareQuerySet:
        """Those that follow this one in that order."""
        same = Q(is_read=last.read_at is not None)
        later = Q(shared_at__lt=last.shared_at) | Q(shared_at=last.shared_at, pk__lt=last.pk)
        read = Q(is_read=True) if last.read_at is None else Q(pk__in=[])
        return self.unread_first().filter(same & later | read)

    def for_reading(self) -> ShareQuerySet:
        """With the day of the page and whether it was answered, and no words."""
        answered = Share.objects.filter(pk=OuterRef("pk"), replies__isnull=False)
        rows = self.annotate(day=F("copy__written_on"), is_answered=Exists(answered))
        return rows.select_related("client")


def care() -> QuerySet[CareTeamMember]:
    """That the reader of a share has cared for its writer since it was shared.

    Who left the team and came back reads nothing that was shared before (J2): its copy may not be gone yet.
    """
    return CareTeamMember.objects.standing().filter(
        client=OuterRef("client"), clinician=OuterRef("clinician"), started_at__lte=OuterRef("shared_at")
    )


def without_reader(now: datetime) -> Q:
    """Its time is over, an account is closed, or the reader is no clinician of the writer any more."""
    closed = Q(client__is_active=False) | Q(clinician__is_active=False)
    return closed | ~Q(clinician__role=Role.CLINICIAN) | Q(ends_at__lte=now) | Q(~Exists(care()))


def readers(field: str) -> Through:
    """The clinician to whom the share that this column names is open."""
    return Through(
        field,
        lambda: Share.objects.standing(timezone.now()),
        near="pk",
        far="clinician",
        role=Role.CLINICIAN,
        mine=gettext_lazy("whoever you share the page with"),
    )


class Share(Read, Withdrawn):
    """One page opened to one clinician of the care team, until it is taken back or over (J2).

    What they read is a sealed copy of its own (`SharedCopy`): that of the revision which the writer saw in
    the preview. It is gone as soon as the share ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shares")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="shares")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entry_revision = models.PositiveIntegerField()  # the one that was shared
    shared_at = models.DateTimeField()  # that revision; shared again, it is a later one
    ends_at = models.DateTimeField(null=True, blank=True)  # None: until it is taken back
    read_at = models.DateTimeField(null=True, blank=True)  # when that revision was first read
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # None where its time was over

    objects = ShareQuerySet.as_manager()
    seen_by = Rule(Own("client", permission="journal.read_entry"), readers("id"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "clinician"],
                condition=Q(ended_at=None),
                name="one_open_share_of_a_page_with_one_person",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("shared_at")),
                name="share_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False), name="share_ended_by_whom_and_when"
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinician", "-shared_at"],
                condition=Q(ended_at=None),
                name="shares_open_to_one_reader",
            )
        ]

    def __str__(self) -> str:
        return f"share of {self.entry_id}"

    @property
    def last_moment(self) -> datetime | None:
        """On the last day, which is what people name; it ends with the midnight after."""
        return self.ends_at and self.ends_at - timedelta(seconds=1)

    @property
    def stands(self) -> bool:
        """Whether its reader can read it. For rows of `telling`."""
        told: Any = self
        return self.ended_at is None and not told.is_over


class SharedCopyQuerySet(models.QuerySet["SharedCopy"]):
    def visible_to(self, user: User) -> SharedCopyQuerySet:
        """The writer's own, and those that this clinician may read now (J2)."""
        return SharedCopy.seen_by.rows(self, user)


class SharedCopy(SealedPage):
    """What the reader of a share sees: sealed with the writer's key, gone when the share ends (J2)."""

    KIND = "journal.shared_copy"

    share = models.OneToOneField(Share, on_delete=models.CASCADE, primary_key=True, related_name="copy")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written_on = models.DateField()

    objects = SharedCopyQuerySet.as_manager()
    seen_by = Rule(Own("owner", permission="journal.read_entry"), readers("share"))

    class Meta:
        verbose_name_plural = "shared copies"

    def __str__(self) -> str:
        return f"copy for {self.share_id}"

    def opened(self, *, by: User, key: PersonKey | None = None) -> Page:
        """The words. Raises PermissionDenied for anybody but a reader, Unreadable when they do not open.

        For the writer, who looks at what the other sees. A reader's look is noted: `Share.opened`.
        """
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        return self._unsealed(key)
