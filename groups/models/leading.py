from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from accounts.models import User
from groups import clashes, notices
from groups.models.facilitator import NOT_IN_TWO_PLACES, Facilitator
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
        """Of those who lead it, of those somebody stands in for (B9), and of managers; of every clinician
        while nobody leads it. The list of its people is another matter: StandingIn.is_read_by."""
        rows = cast("Session", self).facilitators.all()
        mine = any(user.pk in (row.person_id, row.stands_in_for_id) for row in rows)
        return user.is_manager or mine or (user.is_clinician and not rows)

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
            notices.post_leads(session.bookings.active().select_related("client", "session"), now)

    def _put_in_charge(self, leads: Sequence[User]) -> None:
        """The first leads. Who stands in for somebody goes on standing in, and who comes in place of somebody
        stands in for them: the list of this one session is theirs for a while only (B9)."""
        session, roles = cast("Session", self), Facilitator.Role
        staying = {person.pk for person in leads}
        rows = session.leading
        gone = [row for row in rows if row.person_id not in staying]
        stood_in_for = {row.stands_in_for_id for row in gone}
        new = staying - {row.person_id for row in rows}
        for person in sorted(leads, key=lambda one: one.pk not in stood_in_for):
            if person.pk in new and not session._replace(gone, person, staying):
                Facilitator.objects.create(session=session, person=person, role=roles.CO)
        session.facilitators.exclude(person__in=leads).delete()
        theirs = session.facilitators.exclude(role=roles.SUBSTITUTE)
        for number, person in enumerate(leads):
            theirs.filter(person=person).update(role=roles.CO if number else roles.LEAD)

    def _replace(self, gone: list[Facilitator], person: User, staying: set[UUID]) -> bool:
        """Gives this person the place that they had, or the first that is left. False where none is."""
        series = cast("Session", self).series_id
        if not gone:
            return False
        row = next((row for row in gone if row.stands_in_for_id == person.pk), gone[0])
        gone.remove(row)
        for_whom = row.stands_in_for_id or row.person_id
        is_theirs = series and Facilitator.objects.filter(series=series, person=person).exists()
        place = (
            {"role": Facilitator.Role.CO, "stands_in_for": None}
            if is_theirs or for_whom in staying
            else {"role": Facilitator.Role.SUBSTITUTE, "stands_in_for": for_whom}
        )
        Facilitator.objects.filter(pk=row.pk).update(person=person, **place, **NOT_IN_TWO_PLACES)
        return True
