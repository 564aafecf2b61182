from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Q, QuerySet

from groups.models.attendance import Attendance
from groups.refusals import ComesAfter, ComesInACircle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from groups.models.group import Group

SESSIONS_BEFORE = 3  # times in the group that comes first (B6)
THERE = [Attendance.State.PRESENT, Attendance.State.LATE, Attendance.State.LEFT_EARLY]


def gone_through(client: User) -> QuerySet[Any, Any]:
    """The groups that this client came to often enough for those that come after."""
    there = Attendance.objects.filter(client=client, state__in=THERE).order_by()
    times = there.values("session__group").annotate(times=Count("pk"))
    return times.filter(times__gte=SESSIONS_BEFORE).values("session__group")


def not_too_early_for(client: User) -> Q:
    """Sessions of groups that come after none, or after one that this client came to often enough."""
    return Q(group__prerequisite=None) | Q(group__prerequisite__in=gone_through(client))


class Prerequisite:
    """A group that comes after another one (B6)."""

    prerequisite: Group | None
    prerequisite_id: UUID | None

    def too_early_for(self, client: User) -> ComesAfter | None:
        """What keeps this client from joining yet."""
        if self.prerequisite is None:
            return None
        there = Attendance.objects.filter(client=client, state__in=THERE)
        times = there.filter(session__group=self.prerequisite).count()
        left = SESSIONS_BEFORE - times
        return ComesAfter(self.comes_after(client), left) if left > 0 else None

    def comes_after(self, user: User) -> Group | None:
        """The one that comes first, where this person may know of it: a closed group is its members' own."""
        groups = type(cast("Group", self)).objects.visible_to(user)
        return groups.filter(pk=self.prerequisite_id).first() if self.prerequisite_id else None

    def refuse_circles(self, groups: Mapping[UUID, Group]) -> None:
        """Raises ComesInACircle when the one that comes first would come after this one, at any remove."""
        before, seen = self.prerequisite_id, {cast("Group", self).pk}
        while before is not None and before in groups:
            if before in seen:
                raise ComesInACircle
            seen.add(before)
            before = groups[before].prerequisite_id
