from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts import vault
from accounts.models import AuditEvent, User
from groups.refusals import Begun
from groups.refusals.waiting import WaitsNoMore

if TYPE_CHECKING:
    from groups.models.booking import Booking

logger = logging.getLogger(__name__)

FIRST = 1  # before everybody who has none; among each other, who joined first (B2)


class GivingPriority:
    """A clinician lets somebody come first in a waitlist, and writes why (B2)."""

    def give_priority(self, reason: str, *, by: User, now: datetime) -> None:
        """The reason is sealed with the client's key, for whoever may see this place, and for their export.

        Again gives it the new reason. Raises WaitsNoMore, Begun, and Unreadable where the reason cannot
        be kept.
        """
        with transaction.atomic():
            booking = self._waiting_under_lock()
            if booking.session.has_begun(now):
                raise Begun
            key = vault.key_to_seal(booking.client_id)
            booking.priority, booking.priority_by, booking.priority_at = FIRST, by, now
            booking.priority_sealed = key.seal(reason, *booking._about_priority)
            booking._save_priority()
            booking._note_priority(AuditEvent.Act.PRIORITY_GIVEN, by, now)
        cast("Booking", self).refresh_from_db()

    def take_priority_back(self, *, by: User, now: datetime) -> None:
        """They wait where they would have, and the reason is gone. Twice is once. Raises WaitsNoMore."""
        with transaction.atomic():
            booking = self._waiting_under_lock()
            if booking.priority:
                booking.forget_priority()
                booking._note_priority(AuditEvent.Act.PRIORITY_LIFTED, by, now)
        cast("Booking", self).refresh_from_db()

    def forget_priority(self) -> None:
        booking = cast("Booking", self)
        booking.priority, booking.priority_by, booking.priority_at = 0, None, None
        booking.priority_sealed = None
        booking._save_priority()

    def priority_reason(self, key: vault.PersonKey | None = None) -> str | None:
        """What was written; None without a reason, and where it cannot be opened any more."""
        booking = cast("Booking", self)
        if booking.priority_sealed is None:
            return None
        try:
            key = key or vault.key_for(booking.client_id)
            return key.unseal(booking.priority_sealed, *booking._about_priority)
        except vault.Unreadable:
            logger.error("the reason of the priority of booking %s cannot be opened", booking.pk)
            return None

    @property
    def _about_priority(self) -> tuple[object, ...]:
        return "groups.booking", cast("Booking", self).pk, "priority"

    def _note_priority(self, act: str, by: User, now: datetime) -> None:
        """Who did it and about whom outlasts the reason, which is sealed and goes with the priority."""
        AuditEvent.objects.record(act, by=by, about=cast("Booking", self).client, now=now)

    def _waiting_under_lock(self) -> Booking:
        """As it is now, with its session held: nobody is given a place while the order changes."""
        booking = cast("Booking", self)
        session = booking.session.locked()
        found = session.bookings.get(pk=booking.pk)
        if found.state != found.State.WAITLISTED:
            raise WaitsNoMore
        return found

    def _save_priority(self) -> None:
        columns = ["priority", "priority_by", "priority_at", "priority_sealed"]
        cast("Booking", self).save(update_fields=columns)
