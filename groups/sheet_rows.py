"""Who stands on an attendance sheet, each with what is known of them there (B7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from groups.models import Attendance, Booking, Session


@dataclass
class Row:
    person: User
    mark: str = ""
    walked_in: bool = False
    on_list: bool = True
    apology_at: datetime | None = None
    marked_by: str = ""
    marked_at: datetime | None = None

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return Attendance.WAS_THERE if self.walked_in else Attendance.MARKS

    @property
    def fitting(self) -> str:
        """What "everyone else" means for them: who sent word is excused, and never just taken for present."""
        return Attendance.State.EXCUSED if self.apology_at else Attendance.State.PRESENT

    def blank(self) -> Row:
        return replace(self, mark="", marked_by="", marked_at=None)


def rows_of(session: Session, reader: User) -> dict[UUID, Row]:
    """Those with a place, by name; then those without one who have a mark, which stays. Two queries."""
    bookings = Booking.objects.visible_to(reader).filter(session=session).confirmed().select_related("client")
    marks = Attendance.objects.visible_to(reader).filter(session=session)
    rows = {one.client_id: Row(one.client, apology_at=one.apology_at) for one in in_order(bookings)}
    for mark in in_order(marks.select_related("client", "recorded_by")):
        row = rows.setdefault(
            mark.client_id, Row(mark.client, walked_in=mark.walked_in, on_list=mark.walked_in)
        )
        row.mark, row.marked_by, row.marked_at = mark.state, str(mark.recorded_by), mark.recorded_at
    return rows


def in_order(rows: Any) -> Any:
    return rows.order_by("client__chosen_name", "client")
