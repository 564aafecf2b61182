from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from groups.models.session_note import SessionNote

if TYPE_CHECKING:
    from groups.models.session import Session


class NoteTaking:
    """The one text about a session, which those who lead it keep for each other (B6)."""

    @transaction.atomic
    def write_note(self, text: str, *, seen: int, by: User, now: datetime) -> bool:
        """Keeps this text in place of the revision that was `seen`, 0 for none.

        False, and no change, when somebody else wrote meanwhile. Raises PermissionDenied for whoever may not
        read it any more, Unreadable when the group's key is lost.
        """
        session = cast("Session", self).locked()  # two who write the first one take turns
        note = SessionNote.objects.filter(session=session).first() or SessionNote(session=session, revision=0)
        if not SessionNote.seen_by.admits(note, by):
            raise PermissionDenied
        if note.revision != seen:
            return False
        note.session, note.revision = session, seen + 1
        note.written_by, note.written_at = by, now
        note.put(text)
        note.save()
        return True
