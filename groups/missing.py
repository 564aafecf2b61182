"""Who was missed twice in a row, and should be asked how they are (B8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Session


def look_after(session: Session, clients: Iterable[UUID], *, by: User, now: datetime) -> None:
    """What a change of these clients' marks in this session means for them. Call it in the transaction of the
    change, after it."""
