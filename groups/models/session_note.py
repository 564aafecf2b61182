"""What facilitators keep about a session for each other, sealed with a key of the group's own (B6)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.who import Rule
from groups.models.facilitator import leads

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group
    from groups.models.session import Session


class GroupKey(models.Model):
    """A group's data key, wrapped as a person's is (accounts.vault)."""

    group: models.OneToOneField[Group] = models.OneToOneField(
        "groups.Group", on_delete=models.CASCADE, primary_key=True, related_name="key"
    )
    key_name = models.CharField(max_length=40, db_index=True)
    wrapped = models.BinaryField(max_length=80)

    objects = models.Manager["GroupKey"]()
    seen_by = Rule()  # nobody: it only ever opens what others may see

    def __str__(self) -> str:
        return f"key of {self.group_id}"


class SessionNoteQuerySet(models.QuerySet["SessionNote"]):
    def visible_to(self, user: User) -> SessionNoteQuerySet:
        """Of the sessions that one leads (B6)."""
        return SessionNote.seen_by.rows(self, user)


class SessionNote(models.Model):
    """One text about a session, not about a person, for those who lead it. In no client's export (B6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session: models.OneToOneField[Session] = models.OneToOneField(
        "groups.Session", on_delete=models.PROTECT, related_name="note"
    )
    sealed = models.BinaryField()  # with the group's key
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = SessionNoteQuerySet.as_manager()
    seen_by = Rule(leads("session"))

    def __str__(self) -> str:
        return f"note on {self.session_id}"
