"""What an edit of a series would do to its sessions, worked out before anything is written (T6, T7, T8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.models import User
from groups import clashes, recurrence
from groups.answers import Answer, day_of
from groups.clashes import Clash, Clashes
from groups.edits.carrying import be_ready, place, sort
from groups.edits.wish import Wish, count_before, left_of
from groups.models import Attendance, Facilitator, Room, Scope, Series, Session
from groups.models.session_queries import SessionQuerySet
from groups.refusals import GroupOver, NothingToPlan, OutOfUse


@dataclass
class Plan:
    """Rows in memory as they would be; `was` says where the kept ones are now."""

    series: Series  # as it is, to be cut short or changed
    target: Series  # the same row, or a linked one that is not saved yet
    since: date
    wish: Wish
    all: list[Session]  # those the edit may touch
    led_by: tuple[User, ...] = ()  # who leads the series until then
    kept: list[Session] = field(default_factory=list)
    gone: list[Session] = field(default_factory=list)
    lapsed: list[Session] = field(default_factory=list)  # called off before, on days that the rule loses
    revived: list[Session] = field(default_factory=list)
    new: list[Session] = field(default_factory=list)
    occupied: set[date] = field(default_factory=set)  # days of the rule that past sessions have had
    left_out: set[date] = field(default_factory=set)  # as answered (C4)
    was: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # where each stands now
    changed: set[UUID] = field(default_factory=set)
    moved: set[UUID] = field(default_factory=set)  # another time or room
    elsewhen: set[UUID] = field(default_factory=set)  # another time
    led_anew: set[UUID] = field(default_factory=set)

    @property
    def is_linked(self) -> bool:
        return self.target.pk != self.series.pk

    @property
    def series_kept(self) -> Series:
        """Whose the sessions are from now on."""
        return self.target if self.is_linked else self.series

    @property
    def standing(self) -> list[Session]:
        """All that would take place, in order of time."""
        rows = [one for one in self.kept if one.cancelled_at is None]
        return sorted([*rows, *self.revived, *self.new], key=lambda one: (one.starts_at, one.pk))

    def leaders(self) -> Mapping[UUID, list[User]]:
        """Who would lead each; not whom a manager let be in two places (C2)."""
        anew = {*self.led_anew, *(one.pk for one in [*self.revived, *self.new])}
        return {
            one.pk: list(self.wish.leads)
            if one.pk in anew
            else [row.person for row in one.facilitators.all() if self.is_asked(row)]
            for one in self.standing
        }

    def is_asked(self, row: Facilitator) -> bool:
        """A manager's word was for the time that was (C2)."""
        return row.overlap_allowed_by_id is None or row.session_id in self.elsewhen

    def clashes(self) -> list[Clash]:
        """Of what would be different; with what goes away nothing clashes."""
        gone = {one.pk for one in self.gone}
        asked = {*self.changed, *self.led_anew, *(one.pk for one in [*self.revived, *self.new])}
        found = []
        for clash in clashes.find(self.standing, self.leaders()):
            # Of two that are planned here, the answer concerns the one that would be different.
            pair = clash if clash.planned.pk in asked else Clash(clash.other, clash.who, clash.planned)
            if pair.planned.pk in asked and pair.other.pk not in gone:
                found.append(pair)
        return found

    def settle(self, answer: Answer, by: User) -> set[tuple[UUID, UUID]]:
        """Does as answered with what clashes, and with nothing else (C4). Raises Clashes while one is open.

        Gives back whom a manager lets be in two places: session and person (C2).
        """
        found = self.clashes()
        off = {clash.planned.pk for clash in found}
        roomless = {clash.planned.pk for clash in found if isinstance(clash.who, Room)}
        for one in self.standing:
            day = day_of(one)
            if one.pk in off and day in answer.skip:
                self.leave_out(one, day)
            elif one.pk in roomless and (room := answer.rooms.get(day)):
                place(one, one.starts_at, one.minutes, room)
                one.own_room = True
                if one in self.kept:
                    self.changed.add(one.pk)
                    self.moved.add(one.pk)
        left = self.clashes() if found else []
        if not all(answer.allows(clash, by) for clash in left):
            raise Clashes(found)
        return {(clash.planned.pk, clash.who.pk) for clash in left}

    def leave_out(self, one: Session, day: date) -> None:
        """It goes as it was: at the time, and in the room, that people knew."""
        self.left_out.add(day)
        for rows in (self.kept, self.new, self.revived):
            if one in rows:
                rows.remove(one)
        if one.pk in self.changed | self.led_anew:
            for name, value in self.was[one.pk].items():
                setattr(one, name, value)
            self.gone.append(one)
        for keys in (self.changed, self.moved, self.elsewhen, self.led_anew):
            keys.discard(one.pk)

    def be_ready(self) -> None:
        """Rooms are held by now: their turnover is what it will be (C1).

        Raises OutOfUse for sessions that would come into a closed room, GroupOver for a group that has ended.
        """
        coming = [*self.revived, *self.new]
        if coming and self.series.group.ended_at:
            raise GroupOver
        placed = [*coming, *(one for one in self.kept if one.pk in self.moved and not one.cancelled_at)]
        for one in placed:
            be_ready(one)
            if one.room.closed_at:
                raise OutOfUse


def ahead(series: Series, now: datetime, since: date | None = None) -> SessionQuerySet:
    """What an edit may touch: neither past, nor begun, nor with a mark on its sheet (T6)."""
    marks = Attendance.objects.filter(session=OuterRef("pk"))
    rows = Session.objects.filter(~Exists(marks), series=series, starts_at__gt=now)
    return rows.filter(rule_date__gte=since) if since else rows


def with_people(sessions: SessionQuerySet) -> list[Session]:
    return list(sessions.with_faces().order_by("pk"))


def next_day(series: Series, now: datetime) -> date | None:
    """The first day of the rule whose time is still ahead: from there on an edit of all reaches."""
    days = recurrence.days(series.rule, series.start_date, until=series.until, count=series.count)
    return next(
        (day for day in days if recurrence.to_utc(day, series.start_time, series.zone) > now),
        None,
    )


def make(
    series: Series,
    wish: Wish,
    *,
    scope: str,
    since: date,
    sessions: list[Session],
    now: datetime,
    may_end: bool = False,
) -> Plan:
    """Raises NothingToPlan where nothing would be left, unless it `may_end`. `sessions` are those `ahead`."""
    first = first_day(series, wish, since, now)
    if wish.until and first > wish.until and not may_end:
        raise NothingToPlan
    target = target_of(series, wish, scope, since, first)
    plan = Plan(series, target, min(since, first), wish, sessions, tuple(series.people()))
    plan.occupied = occupied(series, plan.since, sessions)
    days = days_of(plan, now) - plan.occupied - left_out(series)
    sort(plan, {day for day in days if day >= plan.since}, now)
    if not (plan.standing or may_end):
        raise NothingToPlan
    return plan


def earliest(series: Series, since: date) -> date:
    """How far back in its week a change from that day on may reach: its new weekday may be an earlier one."""
    days = recurrence.days(series.rule, series.start_date, until=series.until, count=series.count)
    before = max(takewhile(lambda day: day < since, days), default=date.min)
    return max(recurrence.monday(since), before + timedelta(days=1))


def first_day(series: Series, wish: Wish, since: date, now: datetime) -> date:
    """The first day of the new rule, in the weeks in which the group meets: every second stays that (T1)."""
    rule = recurrence.Rule.parse(wish.rule)
    if rule.position is not None:
        return rule.first_day(since)
    floor = earliest(series, since)
    days = recurrence.days(wish.rule, recurrence.monday(since))
    return next(
        day
        for day in days
        if day >= since or (day >= floor and recurrence.to_utc(day, wish.start_time, series.zone) > now)
    )


def target_of(series: Series, wish: Wish, scope: str, since: date, first: date) -> Series:
    """From its first day on, a series does not split (T7)."""
    if scope == Scope.FOLLOWING and count_before(series, since) > 0:
        target = Series(group=series.group, zone=series.zone, follows=series, start_date=first)
        target.until, target.count = wish.until, wish.count
    else:
        target = Series(pk=series.pk, group=series.group, zone=series.zone, start_date=first)
        target.until, target.count = wish.until, wish.count
        if wish.rule == series.rule and wish.count in (None, left_of(series, since)):
            target.start_date = series.start_date
            target.count = None if wish.count is None else series.count
    if target.until and target.until < target.start_date:  # it ends before it began
        target.until, target.count = None, 0
    target.room, target.start_time, target.minutes = wish.room, wish.start_time, wish.minutes
    target.rule = wish.rule
    return target


def occupied(series: Series, since: date, sessions: list[Session]) -> set[date]:
    """Days that have had their session: it is past, or somebody's presence in it is kept (T6)."""
    rows = Session.objects.filter(series=series, rule_date__gte=since)
    free = [one.pk for one in sessions]
    return {day for day in rows.exclude(pk__in=free).values_list("rule_date", flat=True) if day}


def left_out(series: Series) -> set[date]:
    return set(series.skipped.filter(skipped_by__isnull=False).values_list("day", flat=True))


def days_of(plan: Plan, now: datetime) -> set[date]:
    """The days of the new rule; of an open one up to the horizon, or to the last session there is."""
    target = plan.target
    days = recurrence.days(target.rule, target.start_date, until=target.until, count=target.count)
    if not target.is_open_ended:
        return set(days)
    today = now.astimezone(ZoneInfo(target.zone)).date()
    horizon = today + timedelta(weeks=settings.WEEKS_LAID_OUT)
    last = max((one.rule_date for one in plan.all if one.rule_date), default=horizon)
    return set(recurrence.up_to(days, max(horizon, last))) or {target.start_date}
