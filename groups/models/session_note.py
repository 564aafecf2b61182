"""What facilitators keep about a session for each other, sealed with a key of the group's own (B6)."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models

from accounts import vault
from accounts.models.key import WrappedKey
from accounts.who import Rule
from groups.models.facilitator import leads, stood_in_for

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group
    from groups.models.session import Session

logger = logging.getLogger(__name__)


class GroupKeyManager(models.Manager["GroupKey"]):
    def of(self, group_id: uuid.UUID) -> vault.PersonKey:
        """The group's key, made with its first note. Two that make it at once get the one that was stored.

        Raises Unreadable where it is lost: a new one would open none of the notes that are there.
        """
        # The notes are asked for first: where somebody keeps the first one meanwhile, its key is there too.
        has_notes = SessionNote.objects.filter(session__group=group_id).exists()
        row = self.filter(pk=group_id).first()
        if row is None and not has_notes:
            name, wrapped = vault.wrap_new_key(group_id)
            row = self.get_or_create(pk=group_id, defaults={"key_name": name, "wrapped": wrapped})[0]
        if row is None:
            raise vault.Unreadable("the key of the group is gone")
        return vault.key_of(row)


class GroupKey(WrappedKey):
    """A group's data key, wrapped as a person's is (accounts.vault)."""

    group: models.OneToOneField[Group] = models.OneToOneField(
        "groups.Group", on_delete=models.CASCADE, primary_key=True, related_name="key"
    )

    objects = GroupKeyManager()
    seen_by = Rule()  # nobody: it only ever opens what others may see

    def __str__(self) -> str:
        return f"key of {self.group_id}"


class SessionNoteQuerySet(models.QuerySet["SessionNote"]):
    def visible_to(self, user: User) -> SessionNoteQuerySet:
        """Of the sessions that one leads, or that somebody led in one's place (B6, B9)."""
        return SessionNote.seen_by.rows(self, user)


class SessionNote(models.Model):
    """One text about a session, not about a person, for those who lead it. In no client's export (B6)."""

    LENGTH = 10_000  # characters

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session: models.OneToOneField[Session] = models.OneToOneField(
        "groups.Session", on_delete=models.PROTECT, related_name="note"
    )
    sealed = models.BinaryField()  # with the group's key
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    text: str | None  # what `opened` gave, for a page

    objects = SessionNoteQuerySet.as_manager()
    seen_by = Rule(leads("session"), stood_in_for("session"))  # a substitute writes for whoever comes back

    def __str__(self) -> str:
        return f"note on {self.session_id}"

    def opened(self, *, by: User) -> str:
        """The text. Raises PermissionDenied for anybody but a reader, Unreadable when it does not open."""
        if not self.seen_by.admits(self, by):
            raise PermissionDenied
        try:
            return GroupKey.objects.of(self.session.group_id).unseal(self.sealed, *self._about)
        except vault.Unreadable as error:
            logger.error("session note %s does not open: %s", self.pk, error)
            raise

    def put(self, text: str) -> None:
        """These words, in the revision that this row is in. Raises Unreadable when the key itself is lost."""
        self.sealed = GroupKey.objects.of(self.session.group_id).seal(text, *self._about)

    @property
    def _about(self) -> tuple[object, ...]:
        return "groups.session_note", self.session_id, self.pk, "text", self.revision
