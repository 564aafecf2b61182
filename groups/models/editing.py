"""A series that changes, and in whose hands it is (T6, T7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User
    from groups.edits.plan import Plan
    from groups.models.edit import Edit
    from groups.models.series import Series


class EditingSeries:
    def is_in_hands_of(self, user: User) -> bool:
        """Of those who lead it and of managers; of every clinician while nobody leads it."""
        people = cast("Series", self).people()
        return user.is_manager or user in people or (user.is_clinician and not people)

    def editable_by(self, user: User) -> bool:
        return user.has_perm("groups.schedule_session") and self.is_in_hands_of(user)

    def get_absolute_url(self) -> str:
        return reverse("groups:series_detail", args=[cast("Series", self).pk])

    def end(self, *, on: date, by: User, now: datetime, token: UUID, mark: str | None = None) -> Edit:
        """The last day of the rule; what lies after it is withdrawn like any day that a rule loses (T8)."""
        from groups.edits import changing

        reach = self._ending(on, now)
        return changing.change(cast("Series", self), **reach, by=by, now=now, token=token, mark=mark)

    def ending(self, *, on: date, now: datetime) -> Plan:
        """What `end` would do; nothing is written."""
        from groups.edits import changing

        return changing.preview(cast("Series", self), **self._ending(on, now), now=now)

    def _ending(self, on: date, now: datetime) -> dict[str, Any]:
        from groups.edits.plan import next_day
        from groups.edits.wish import Wish
        from groups.models.edit import Scope

        series = cast("Series", self)
        since = next_day(series, now) or timezone.localdate(now)
        wish = replace(Wish.of(series, since), until=on, count=None)
        return {"wish": wish, "scope": Scope.ALL, "since": since, "may_end": True}
