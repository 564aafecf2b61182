from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups.models.attendance import EDITABLE_FOR, OPENS_BEFORE, Attendance
from groups.models.attendance_change import AttendanceChange
from groups.refusals import NotAtHome, OnTheSheet, TooEarlyOrLate

if TYPE_CHECKING:
    from accounts.models.user_queries import UserQuerySet
    from groups.models.session import Session

Marks = Mapping[uuid.UUID, str]
Seen = Mapping[uuid.UUID, Collection[str]]
THERE = {state for state, _label in Attendance.WAS_THERE}


class Sheet:
    """The attendance sheet of a session (B7)."""

    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    blanks: int

    @property
    def sheet_opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    def can_be_recorded(self, now: datetime) -> bool:
        """Neither for a session that was called off nor for one that rested (T9)."""
        takes_place = self.cancelled_at is None and not cast("Session", self).rests
        return takes_place and self.sheet_opens_at <= now < self.ends_at + EDITABLE_FOR

    def is_left_to_record(self, now: datetime) -> bool:
        """Over, and its sheet has blanks; for rows that come `with_turnout`."""
        return self.blanks > 0 and self.ends_at <= now and self.can_be_recorded(now)

    @transaction.atomic
    def record(self, marks: Marks, *, by: User, now: datetime, was: Seen | None = None) -> set[uuid.UUID]:
        """Keeps these marks, client id to state, empty for none; who is not among them stays as they were
        (B7).

        `was` tells what the sheet of whoever marks showed. Where another mark was made since, that one
        stands: those clients are given back. Raises TooEarlyOrLate outside the sheet's time. Marks of people
        who never were on this sheet are dropped, and so is an absence of somebody without a place.
        """
        session = cast("Session", self).locked()  # an edit of its series leaves it alone from then on (T6)
        if not session.can_be_recorded(now):
            raise TooEarlyOrLate
        known = {row.client_id: row for row in session.attendance.all()}
        on_list = set(session.bookings.confirmed().values_list("client", flat=True))
        beside = known.keys() | session.attendance_changes.values_list("client", flat=True)
        wanted = {
            client: state
            for client, state in marks.items()
            if client in on_list | beside and state != state_of(known.get(client))
        }
        stands = {one for one in wanted if was and one in was and state_of(known.get(one)) not in was[one]}
        for client in wanted.keys() - stands:
            row = known.get(client) or Attendance(session=session, client_id=client, walked_in=True)
            row.walked_in = row.walked_in and client not in on_list  # they may have taken a place since
            session._mark(row, wanted[client], by, now)
        session._look_after(wanted.keys() - stands, by, now)
        return stands

    @transaction.atomic
    def walk_in(self, client: User, state: str, *, by: User, now: datetime) -> None:
        """Somebody came without a place: they are on the sheet, and take no place (B7).

        Raises TooEarlyOrLate; OnTheSheet for who is there already; NotAtHome for who did not live here then.
        """
        session = cast("Session", self).locked()
        if not session.can_be_recorded(now):
            raise TooEarlyOrLate
        expected = session.bookings.confirmed().filter(client=client)
        if expected.exists() or session.attendance.filter(client=client).exists():
            raise OnTheSheet
        if not User.objects.in_house(session.local_date).filter(pk=client.pk).exists():
            raise NotAtHome
        session._mark(Attendance(session=session, client=client, walked_in=True), state, by, now)
        session._look_after({client.pk}, by, now)

    def not_on_sheet(self, people: UserQuerySet) -> UserQuerySet:
        """Those of them who could have come without a place, by name."""
        session = cast("Session", self)
        expected, marked = session.bookings.confirmed().values("client"), session.attendance.values("client")
        return people.exclude(pk__in=expected).exclude(pk__in=marked).order_by("chosen_name", "pk")

    def _mark(self, row: Attendance, state: str, by: User, now: datetime) -> None:
        """One mark as it is from now on, and what it was (B7)."""
        if row.walked_in and state and state not in THERE:
            return
        change = AttendanceChange(session_id=row.session_id, client_id=row.client_id)
        change.old, change.new, change.changed_by, change.changed_at = row.state, state, by, now
        change.save(force_insert=True)
        if not state:
            row.delete()
            return
        row.state, row.recorded_by, row.recorded_at = state, by, now
        row.save()

    def _look_after(self, clients: Collection[uuid.UUID], by: User, now: datetime) -> None:
        from groups.missing import look_after

        if clients:
            look_after(cast("Session", self), clients, by=by, now=now)


def state_of(row: Attendance | None) -> str:
    return row.state if row else ""
