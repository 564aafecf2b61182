"""What becomes of each session when its series changes: it stays, goes or comes back (T7, T8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from groups import recurrence
from groups.models import Edit, Facilitator, Room, Session

if TYPE_CHECKING:
    from groups.edits.plan import Plan

WHERE = ("starts_at", "ends_at", "room_free_at", "local_date", "room", "own_time", "own_room", "own_people")


def sort(plan: Plan, days: set[date], now: datetime) -> None:
    """Each session stays, goes or comes back; days without one get one (T8)."""
    there = {one.rule_date for one in plan.all} | plan.occupied
    plan.was = {one.pk: {name: getattr(one, name) for name in WHERE} for one in plan.all}
    still_off(plan, [one for one in plan.all if one.withdrawn_by_id and one.rule_date in days])
    for one in plan.all:
        if one.rule_date not in days and is_moved_onto(one, days - there):
            there.add(one.local_date)
            adopt(plan, one)
        if one.withdrawn_by_id and one.rule_date in days:
            revive(plan, one, now)
        elif one.withdrawn_by_id:
            plan.kept.append(one)
        elif one.rule_date in days or not reaches(plan, one):
            plan.kept.append(one)
            carry(plan, one, now)
        else:
            (plan.lapsed if one.cancelled_at else plan.gone).append(one)
    new = [plan.target.session_on(day) for day in sorted(days - there)]
    plan.new = [one for one in new if one.starts_at > now]


def reaches(plan: Plan, one: Session) -> bool:
    return one.rule_date is not None and one.rule_date >= plan.since


def still_off(plan: Plan, sessions: list[Session]) -> None:
    """Days that are back, and that somebody had called off before an edit took them out: they stay so."""
    edits = Edit.objects.in_bulk({one.withdrawn_by_id for one in sessions}) if sessions else {}
    for one in sessions:
        before = edits[one.withdrawn_by_id].before.get("sessions", {}).get(str(one.pk))
        if before and before["fields"]["cancelled_at"]:
            one.withdrawn_by = None
            plan.changed.add(one.pk)


def is_moved_onto(one: Session, free: set[date]) -> bool:
    """Moved by hand to a day that the rule has now, and on which nothing else stands (T8)."""
    return one.own_time and one.cancelled_at is None and one.local_date in free


def adopt(plan: Plan, one: Session) -> None:
    """The day is the rule's now; what is the session's own on it stays so."""
    one.rule_date = one.local_date
    rule = plan.target.session_on(one.local_date)
    one.own_time = (one.starts_at, one.ends_at) != (rule.starts_at, rule.ends_at)
    plan.changed.add(one.pk)


def revive(plan: Plan, one: Session, now: datetime) -> None:
    """A day that an earlier edit took out, and that the rule has again."""
    starts_at = recurrence.to_utc(one.rule_date, plan.wish.start_time, plan.target.zone)  # type: ignore[arg-type]
    if starts_at <= now:
        plan.kept.append(one)
        return
    one.cancelled_at = one.cancelled_by = one.withdrawn_by = None
    one.own_time = one.own_room = one.own_people = False
    one.local_date = one.rule_date  # type: ignore[assignment]
    place(one, starts_at, plan.wish.minutes, plan.wish.room)
    plan.revived.append(one)


def carry(plan: Plan, one: Session, now: datetime) -> None:
    """A session that stays takes over what is new, but for what is its own (T7).

    So does one that is called off, and nobody hears of it: put back, it stands as its series does.
    """
    wish, was = plan.wish, plan.series
    before = where(one)
    starts_at, minutes, room = one.starts_at, one.minutes, one.room
    asked = (wish.start_time, wish.minutes) != (was.start_time, was.minutes)
    if takes(asked, one.own_time, wish.own) and reaches(plan, one):
        at = recurrence.to_utc(one.rule_date, wish.start_time, plan.target.zone)  # type: ignore[arg-type]
        one.own_time = at <= now  # it is too late for that: it stays when it is
        starts_at, minutes = (one.starts_at, one.minutes) if one.own_time else (at, wish.minutes)
        if not one.own_time:
            one.local_date = one.rule_date  # type: ignore[assignment]
    if takes(wish.room.pk != was.room_id, one.own_room, wish.own):
        room, one.own_room = wish.room, False
    place(one, starts_at, minutes, room)
    stands_in = any(row.role == Facilitator.Role.SUBSTITUTE for row in one.facilitators.all())
    others = tuple(one.people) != wish.leads
    if takes(wish.leads != plan.led_by, one.own_people or stands_in, wish.own):
        one.own_people = False
        plan.led_anew |= {one.pk} if others else set()
    note(plan, one, before, where(one))


def where(one: Session) -> tuple[object, ...]:
    return one.starts_at, one.ends_at, one.room_id, one.own_time, one.own_room, one.own_people


def note(plan: Plan, one: Session, before: tuple[object, ...], after: tuple[object, ...]) -> None:
    for pks, facts in ((plan.elsewhen, slice(2)), (plan.moved, slice(3)), (plan.changed, slice(None))):
        if before[facts] != after[facts]:
            pks.add(one.pk)


def takes(is_new: bool, is_own: bool, also_own: bool) -> bool:
    return also_own if is_own else is_new


def place(one: Session, starts_at: datetime, minutes: int, room: Room) -> None:
    """Where nothing changes, a turnover that changed since stays as it was."""
    if (one.starts_at, one.minutes, one.room_id) != (starts_at, minutes, room.pk):
        one.starts_at, one.ends_at, one.room = starts_at, starts_at + timedelta(minutes=minutes), room
        be_ready(one)


def be_ready(one: Session) -> None:
    """With the turnover of the room as it is now (C1)."""
    one.room_free_at = one.ends_at + timedelta(minutes=one.room.turnover_minutes)
