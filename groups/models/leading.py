from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from accounts.models import User
from groups import clashes
from groups.models.facilitator import Facilitator
from groups.models.leave import Leave
from groups.refusals import CalledOff, LeadsElsewhere, LedAlready, Over, YouAreAway

if TYPE_CHECKING:
    from groups.models.session import Session


class Leading:
    """Who leads a session, and in whose hands it is."""

    @property
    def people(self) -> list[User]:
        """Who leads, the lead first."""
        return [row.person for row in self.leading]

    @property
    def leading(self) -> list[Facilitator]:
        """The lead or who stands in for them, then the others."""
        return sorted(cast("Session", self).facilitators.all(), key=Facilitator.turn)

    def led_by(self, user: User) -> bool:
        return any(row.person_id == user.pk for row in cast("Session", self).facilitators.all())

    def is_in_hands_of(self, user: User) -> bool:
        """Of those who lead it and of managers; of every clinician while nobody leads it."""
        return user.is_manager or self.led_by(user) or (user.is_clinician and not self.people)

    def can_be_taken_over_by(self, user: User) -> bool:
        session = cast("Session", self)
        return user.has_perm("groups.lead_session") and not (
            self.people or session.cancelled_at or session.is_over
        )

    def take_over(self, *, by: User, now: datetime) -> None:
        """Leads a session that nobody leads. Twice is once.

        Raises LeadsElsewhere for who leads another then (C2), YouAreAway, LedAlready, CalledOff or Over.
        """
        with transaction.atomic():
            session = cast("Session", self).locked()
            clashes.hold([session.room], [by])
            if session.led_by(by):
                return
            if session.cancelled_at or now >= session.ends_at:
                raise CalledOff if session.cancelled_at else Over
            if session.people:
                raise LedAlready
            led = type(session).objects.not_cancelled().led_by(by).select_related("group")
            if other := led.overlapping(session).first():
                raise LeadsElsewhere(other)
            if Leave.objects.on(session.local_date).filter(person=by).exists():
                raise YouAreAway
            Facilitator.objects.create(session=session, person=by)
            session._change(now, by, own_people=not session._led_as_planned())
