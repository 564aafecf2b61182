from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from groups.models.recorded import begin
from groups.refusals import GroupGoesOn

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.group import Group
    from groups.models.session_queries import SessionQuerySet


class Ending:
    """A group that is over, until somebody takes it up again. What it was stays."""

    ended_at: datetime | None

    def sessions_left(self, now: datetime) -> SessionQuerySet:
        """What is still to take place, in order of time."""
        ahead = cast("Group", self).sessions.not_cancelled().filter(ends_at__gt=now)
        return ahead.select_related("room", "series").in_order()

    def end(self, *, by: User, now: datetime) -> None:
        """Out of lists and forms. Twice is once. Raises GroupGoesOn while anything is still to take place.

        Whoever plans a series for it holds its row with a foreign key, so this waits for them.
        """
        group = cast("Group", self)
        with transaction.atomic():
            was = type(group).objects.select_for_update().get(pk=group.pk)
            if was.ended_at:
                return
            if self.sessions_left(now).exists() or group.series.unfinished().exists():
                raise GroupGoesOn
            self._set_ended(was, now, by)

    def take_up(self, *, by: User) -> None:
        """It goes on."""
        group = cast("Group", self)
        with transaction.atomic():
            was = type(group).objects.select_for_update(no_key=True).get(pk=group.pk)
            if was.ended_at:
                self._set_ended(was, None, by)

    def _set_ended(self, was: Group, at: datetime | None, by: User) -> None:
        begin([was])
        was.ended_at = self.ended_at = at
        was._history_user = by
        was.save(update_fields=["ended_at"])
