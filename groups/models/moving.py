from __future__ import annotations

import copy
import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Stay, User
from groups import answers, clashes, notices, recurrence
from groups.models.booking import Booking, BookingQuerySet
from groups.models.edit import Edit, Scope
from groups.models.facilitator import NOT_IN_TWO_PLACES
from groups.models.group import Admission
from groups.models.leave import Leave
from groups.models.membership import Membership, MembershipQuerySet
from groups.models.recorded import begin
from groups.models.resting import people_on
from groups.models.room import Room
from groups.refusals import (
    Begun,
    CalledOff,
    HasMarks,
    IsAway,
    MovedMeanwhile,
    NotAhead,
    OutOfUse,
    Refused,
    Resting,
    TakesPlaces,
    Unmoved,
)
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.session import Session


@dataclass(frozen=True)
class Move:
    """When and where one session is to be, and who leads it: the first leads, the others co-lead."""

    day: date
    at: time
    minutes: int
    room: Room
    leads: tuple[User, ...]

    @classmethod
    def of(cls, session: Session) -> Move:
        """As it is: what the form shows first."""
        local = session.starts_at.astimezone(ZoneInfo(session.zone))
        return cls(local.date(), local.time(), session.minutes, session.room, tuple(session.people))


class Moving:
    """One session that gets another time, room or other people, whatever its series does (T7)."""

    starts_at: datetime
    cancelled_at: datetime | None
    sequence: int

    @property
    def zone(self) -> str:
        series = cast("Session", self).series
        return series.zone if series else timezone.get_default_timezone_name()

    @property
    def mark(self) -> str:
        """Another one once something of it is changed, or it is handed over."""
        people = " ".join(str(person.pk) for person in cast("Session", self).people)
        return hashlib.sha256(f"{self.sequence} {people}".encode()).hexdigest()[:16]

    def can_be_moved_by(self, user: User, now: datetime) -> bool:
        session = cast("Session", self)
        return session.is_in_hands_of(user) and session.why_it_stays(now) is None

    def moved(self, to: Move) -> Session:
        """This session as it would be; nothing is written. What is not touched stays to the second."""
        session = copy.copy(cast("Session", self))
        was = Move.of(session)
        if (was.day, was.at, was.minutes) != (to.day, to.at, to.minutes):
            session.starts_at = recurrence.to_utc(to.day, to.at, self.zone)
            session.ends_at = session.starts_at + timedelta(minutes=to.minutes)
            session.local_date = to.day
        if (session.ends_at, to.room.pk) != (cast("Session", self).ends_at, was.room.pk):
            session.room = to.room
            session.room_free_at = session.ends_at + timedelta(minutes=to.room.turnover_minutes)
        return session

    def whom_it_costs(self, to: Move) -> BookingQuerySet:
        """Confirmed places that cannot be kept: of people who are not staying here on the new day, have
        another place at the new time (C3, T8), or do not belong to a closed group on that day (B6)."""
        session, target = cast("Session", self), self.moved(to)
        if not target._is_elsewhen(session):
            return Booking.objects.none()
        stays = Stay.objects.current(target.local_date).filter(client=OuterRef("client"))
        other = Booking.objects.overlapping(target).filter(client=OuterRef("client"))
        confirmed = Booking.objects.filter(session=session.pk).confirmed()
        keep = confirmed.filter(Exists(stays), ~Exists(other))
        if session.group.admission == Admission.CLOSED:
            keep = keep.filter(Exists(session._members_on(target.local_date)))
        return confirmed.exclude(pk__in=keep.values("pk"))

    def _members_on(self, day: date) -> MembershipQuerySet:
        return Membership.objects.on(day).filter(
            group=cast("Session", self).group_id, client=OuterRef("client")
        )

    def settle(self, to: Move, *, answer: answers.Answer | None = None, by: User) -> answers.Settled:
        """This session as it would be, after the answer. Raises Clashes while one of them is open (C4).

        Whom a manager let be in two places may stay there while the time stays (C2).
        """
        session, target = cast("Session", self), self.moved(to)
        allowed = set()
        if not target._is_elsewhen(session):
            kept = session.facilitators.filter(overlap_allowed_by__isnull=False)
            allowed = set(kept.values_list("person", flat=True))
        people = [person for person in to.leads if person.pk not in allowed]
        return answers.settle([target], people, answer=answer or answers.NO_ANSWER, by=by)

    def move(
        self,
        to: Move,
        *,
        by: User,
        now: datetime,
        token: uuid.UUID,
        seen: str | None = None,
        costs: int | None = None,
        answer: answers.Answer | None = None,
    ) -> Edit:
        """Moves this one session, tells those who are on it, and can be undone. The same token is one move.

        `seen` is the mark of what the clinician looked at, `costs` how many they read would lose their
        place, `answer` what they chose where it clashes. Raises Clashes, having saved nothing (C4), or
        Refused, which says why.
        """
        from groups.edits import telling

        with transaction.atomic():
            session = cast("Session", self).locked_with_series()
            edit = Edit.begin(scope=Scope.THIS, by=by, now=now, token=token, session=session)
            if edit.is_kept:
                if not session._stands_at(to):
                    raise MovedMeanwhile
                return edit
            session._hold_for(to, answer or answers.NO_ANSWER)
            session._refuse_move(to, now, seen)
            settled = session.settle(to, answer=answer, by=by)
            lost = session.whom_it_costs(to).count()
            if costs is not None and lost > costs:
                raise TakesPlaces(lost)
            edit.remember([session])
            reason = answer.reason if answer else ""
            session._move(to, settled, reason, by=by, now=now)
            edit.keep()
        clients = set(Booking.objects.filter(session=session).values_list("client", flat=True))
        telling.promote_elsewhere(clients, now)
        cast("Session", self).refresh_from_db()
        return edit

    def _hold_for(self, to: Move, answer: answers.Answer) -> None:
        """The rooms, its own too, so that it is not given away twice; who is on the list; who will lead."""
        session = cast("Session", self)
        clients = session.bookings.active().values_list("client", flat=True)
        clashes.hold([session.room, to.room, *answer.rooms.values()], to.leads, clients=clients)

    def why_it_stays(self, now: datetime) -> Refused | None:
        """Neither what is past nor what somebody was seen at changes (T6)."""
        session = cast("Session", self)
        if session.cancelled_at:
            return CalledOff()
        if session.has_begun(now):
            return Begun()
        if session.suspension_id:
            return Resting()
        return HasMarks() if session.attendance.exists() else None

    def _refuse_move(self, to: Move, now: datetime, seen: str | None) -> None:
        session = cast("Session", self)
        if seen is not None and seen != session.mark:
            raise MovedMeanwhile
        if refusal := session.why_it_stays(now):
            raise refusal
        target = session.moved(to)
        if target.starts_at <= now:
            raise NotAhead
        if session._stands_at(to) and target.room_id == session.room_id:
            raise Unmoved
        room = Room.objects.get(pk=to.room.pk)
        if room.closed_at and room.pk != session.room_id:
            raise OutOfUse
        away = Leave.objects.on(to.day).filter(person__in=[one.pk for one in to.leads])
        if (to.day, set(to.leads)) != (session.local_date, set(session.people)) and (row := away.first()):
            raise IsAway(row.person)

    def _stands_at(self, to: Move) -> bool:
        """A room that was chosen as the answer to a clash may be another."""
        session, target = cast("Session", self), self.moved(to)
        return not target._is_elsewhen(session) and list(to.leads) == session.people

    def _is_elsewhen(self, other: Session) -> bool:
        return (self.starts_at, cast("Session", self).ends_at) != (other.starts_at, other.ends_at)

    def _move(self, to: Move, settled: answers.Settled, reason: str, *, by: User, now: datetime) -> None:
        from groups.edits import telling

        session, [target] = cast("Session", self), settled.sessions
        people, apart = session.people, {person for _session, person in settled.allowed}
        lost = list(session.whom_it_costs(to).select_related("client", "session"))
        is_elsewhen, is_elsewhere = target._is_elsewhen(session), target.room_id != session.room_id
        rest = session._rest_on(target.local_date)
        begin([session])
        with clashes.guarded([target], [one for one in to.leads if one.pk not in apart]):
            if list(to.leads) != people:
                session._put_in_charge(to.leads)
            session._let_overlap(apart, reason, by, anew=is_elsewhen)
            names = ("starts_at", "ends_at", "room_free_at", "local_date", "room")
            fields = {name: getattr(target, name) for name in names}
            own = session._own(target, is_elsewhen, is_elsewhere, people)
            session._change(now, by, **fields, **own, suspension=rest)
        Booking.objects.of(lost).pass_all(Event.REMOVE, now=now, needs_place_since=now)
        Booking.objects.of(lost).look_no_further()
        if is_elsewhen:
            telling.hear_anew([session])
        came = set(session.facilitators.values_list("person", flat=True)) - {one.pk for one in people}
        telling.tell(
            moved=[session] if (is_elsewhen or is_elsewhere) and not rest else [],
            lost=lost,
            led_anew=[session] if came or len(to.leads) != len(people) else [],
            now=now,
        )
        if rest:  # moved to a day on which its series rests (T9)
            notices.post_rests(rest, people_on([session]), now)
        session._tell_leads_of_move(people, by, now, is_moved=is_elsewhen or is_elsewhere)
        session.promote_anew(now) if is_elsewhen else session.promote(now)

    def _own(
        self, target: Session, is_elsewhen: bool, is_elsewhere: bool, people: list[User]
    ) -> dict[str, bool]:
        """Which of its fields are its own from now on: those that differ from its series (T7)."""
        session = cast("Session", self)
        if session.series is None or session.rule_date is None:
            return {}
        rule, own = session.series.session_on(session.rule_date), {}
        if is_elsewhen:
            own["own_time"] = target._is_elsewhen(rule)
        if is_elsewhere:
            own["own_room"] = target.room_id != rule.room_id
        if set(session.facilitators.values_list("person", flat=True)) != {one.pk for one in people}:
            own["own_people"] = not session._led_as_planned()
        return own

    def _let_overlap(self, apart: set[uuid.UUID], reason: str, by: User, *, anew: bool) -> None:
        """What was allowed at another time is allowed no longer; what a manager allows now is kept (C2)."""
        rows = cast("Session", self).facilitators
        if anew:
            rows.exclude(overlap_allowed_by=None).update(**NOT_IN_TWO_PLACES)
        if apart:
            rows.filter(person__in=apart).update(overlap_allowed_by=by, overlap_reason=reason)
