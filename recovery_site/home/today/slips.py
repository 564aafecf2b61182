"""A talk that a clinician noted a moment ago, and may take back (K6)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Contact, User


def slip(clinician: User, task: str, now: datetime) -> Contact | None:
    """The talk that closed this task, as long as it can be taken back. None for what is no task."""
    try:
        about = UUID(task)
    except ValueError:
        return None
    mine = Contact.objects.visible_to(clinician).slips_of(clinician, now)
    return mine.filter(task=about).select_related("client").first()
