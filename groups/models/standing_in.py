from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction

from accounts.models import User
from groups import clashes, notices
from groups.models.facilitator import (
    CLOSES_TO_SUBSTITUTE,
    NOT_IN_TWO_PLACES,
    OPENS_TO_SUBSTITUTE,
    Facilitator,
)
from groups.models.leave import Leave
from groups.models.recorded import begin
from groups.refusals import CalledOff, IsAway, IsElsewhere, IsThereAlready, LedAlready, Over

if TYPE_CHECKING:
    from groups.models.session import Session


class StandingIn:
    """Who leads one session in place of somebody else (B9, C2)."""

    starts_at: datetime

    def row_of(self, user: User) -> Facilitator | None:
        rows = cast("Session", self).facilitators.all()
        return next((row for row in rows if row.person_id == user.pk), None)

    def can_be_passed_on_by(self, user: User, now: datetime) -> bool:
        session = cast("Session", self)
        ahead = not (session.cancelled_at or now >= session.ends_at)
        return ahead and session.is_in_hands_of(user)

    def is_read_by(self, user: User, now: datetime) -> bool:
        """Whether this person leads it and its list is open to them (B9)."""
        row, session = self.row_of(user), cast("Session", self)
        around = session.starts_at - OPENS_TO_SUBSTITUTE <= now < session.ends_at + CLOSES_TO_SUBSTITUTE
        return row is not None and (around or not row.is_substitute)

    def is_noted_by(self, user: User, now: datetime) -> bool:
        """Whether this person keeps its note: also whoever somebody else leads it for, who comes back."""
        rows = cast("Session", self).facilitators.all()
        return self.is_read_by(user, now) or any(row.stands_in_for_id == user.pk for row in rows)

    def list_opens_at(self, user: User, now: datetime) -> datetime | None:
        """When a substitute begins to read the list; None for anybody else, and once it was opened (B9)."""
        row, opens = self.row_of(user), self.starts_at - OPENS_TO_SUBSTITUTE
        return opens if row and row.is_substitute and now < opens else None

    def substitute(
        self, person: User, *, instead_of: User | None, by: User, now: datetime, reason: str = ""
    ) -> None:
        """Puts `person` in this place for this session, or in the lead where nobody leads. Twice is once.

        Raises IsAway, IsElsewhere (C2; a manager's `reason` allows that and is kept), IsThereAlready,
        LedAlready when somebody else was faster, CalledOff, Over or HasLeft.
        """
        with transaction.atomic():
            session = cast("Session", self).locked()
            clashes.hold([session.room], [person])
            if session._is_settled(person, instead_of):
                return
            row = session._place_of(instead_of, now)
            allowed = session._allowed(person, by, reason)
            begin([session])
            if row and row.stands_in_for_id == person.pk:
                row.give_back()
            elif row:
                for_whom = row.stands_in_for_id or row.person_id
                Facilitator.objects.filter(pk=row.pk).update(
                    person=person, role=Facilitator.Role.SUBSTITUTE, stands_in_for=for_whom, **allowed
                )
            else:
                Facilitator.objects.create(session=session, person=person, **allowed)
            session._change(now, by, own_people=not session._led_as_planned())
            told = notices.HANDED_OVER if row is None else notices.STOOD_IN
            session._tell(told, came=person, went=instead_of, by=by, now=now)

    def end_substitution(self, *, by: User, now: datetime, of: User | None = None) -> None:
        """Puts the one stood in for back; `of` names the substitute where two stand in. Twice is once.

        Raises IsAway or IsElsewhere for who cannot come back, CalledOff, Over or HasLeft.
        """
        with transaction.atomic():
            session = cast("Session", self).locked()
            rows = session.facilitators.filter(role=Facilitator.Role.SUBSTITUTE)
            row = (rows.filter(person=of) if of else rows).select_related("person", "stands_in_for").first()
            if row is None or row.stands_in_for is None:
                return
            back, substitute = row.stands_in_for, row.person
            clashes.hold([session.room], [back])
            session._refuse_when_past(now)
            session._allowed(back, by, "")
            begin([session])
            row.give_back()
            session._change(now, by, own_people=not session._led_as_planned())
            session._tell(notices.HANDED_OVER, came=back, went=substitute, by=by, now=now)

    def _is_settled(self, person: User, instead_of: User | None) -> bool:
        people = set(cast("Session", self).facilitators.values_list("person", flat=True))
        return person.pk in people and (instead_of is None or instead_of.pk not in people)

    def _refuse_when_past(self, now: datetime) -> None:
        session = cast("Session", self)
        if session.cancelled_at or now >= session.ends_at:
            raise CalledOff if session.cancelled_at else Over

    def _place_of(self, instead_of: User | None, now: datetime) -> Facilitator | None:
        """The row that changes hands; None where nobody leads."""
        session = cast("Session", self)
        session._refuse_when_past(now)
        rows = list(session.facilitators.all())
        row = next((row for row in rows if instead_of and row.person_id == instead_of.pk), None)
        if row is None and (rows or instead_of):
            raise LedAlready
        return row

    def _allowed(self, person: User, by: User, reason: str) -> dict[str, Any]:
        """What is kept of a manager's leave to be in two places (C2)."""
        session = cast("Session", self)
        if session.led_by(person):
            raise IsThereAlready(person)
        if Leave.objects.on(session.local_date).filter(person=person).exists():
            raise IsAway(person)
        led = type(session).objects.not_cancelled().led_by(person).select_related("group")
        other = led.overlapping(session).first()
        if other is None:
            return NOT_IN_TWO_PLACES
        if not (reason and by.has_perm("groups.allow_overlap")):
            raise IsElsewhere(person, other)
        return {"overlap_allowed_by": by, "overlap_reason": reason}

    def _led_as_planned(self) -> bool:
        """Whether its people are those of its series again (T7)."""
        session = cast("Session", self)
        planned = Facilitator.objects.filter(series=session.series_id, series__isnull=False)
        there = session.facilitators.values_list("person", "role")
        return bool(session.series_id) and set(there) == set(planned.values_list("person", "role"))

    def _tell_leads_of_change(self, by: User, now: datetime) -> None:
        """Those who lead it, where somebody else moved it, called it off, or put it back."""
        session = cast("Session", self)
        rows = session.facilitators.exclude(person=by).select_related("person")
        notices.post_plan_changed([row.person for row in rows], session.pk, now)

    def _tell_leads_of_move(self, before: list[User], by: User, now: datetime, *, is_moved: bool) -> None:
        """Who comes, who goes, and who stays where somebody else moved it."""
        session = cast("Session", self)
        rows = {row.person: row for row in session.facilitators.select_related("person")}
        for person in rows.keys() - {*before, by}:
            told = notices.STOOD_IN if rows[person].is_substitute else notices.HANDED_OVER
            notices.post_to_leader(told, person, session, now)
        for person in set(before) - {*rows, by}:
            notices.post_to_leader(notices.LED_BY_ANOTHER, person, session, now)
        stay = (rows.keys() & set(before)) - {by} if is_moved else ()
        notices.post_plan_changed(stay, session.pk, now)

    def _tell(self, told: str, *, came: User, went: User | None, by: User, now: datetime) -> None:
        """Those who come learn who will be in the room (B9), and who leads learns what is new."""
        session = cast("Session", self)
        if came.pk != by.pk:
            notices.post_to_leader(told, came, session, now)
        if went is not None and went.pk != by.pk:
            notices.post_to_leader(notices.LED_BY_ANOTHER, went, session, now)
        notices.post_leads(session.bookings.active().select_related("client", "session"), now)
