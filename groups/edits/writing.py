"""A plan written down: series, sessions, people, places. Everything is held by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from simple_history.utils import bulk_update_with_history

from accounts.models import User
from groups import notices
from groups.answers import Answer
from groups.edits import expected, memory, telling
from groups.edits.places import Places
from groups.edits.plan import Plan
from groups.edits.wish import count_before
from groups.models import Booking, Edit, Facilitator, Series, Session, SkippedDate, Suspension, recorded

ONE_DAY = timedelta(days=1)
SESSION = [*(name.removesuffix("_id") for name in memory.SESSION), "sequence", "changed_at"]


def write(plan: Plan, edit: Edit, *, by: User, now: datetime) -> None:
    changed = [one for one in plan.kept if one.pk in plan.changed]
    different = [*plan.gone, *plan.lapsed, *plan.revived, *changed]
    led_anew = [one for one in plan.kept if one.pk in plan.led_anew and one.pk not in plan.changed]
    recorded.begin([*different, *led_anew])
    for one in plan.gone:
        one.cancelled_at, one.cancelled_by, one.withdrawn_by = now, by, edit
    for one in plan.lapsed:
        one.withdrawn_by = edit
    for one in different:
        if one in plan.gone or one in plan.revived or one.pk in plan.moved:  # (T10)
            one.sequence, one.changed_at = one.sequence + 1, now
    write_series(plan, by=by, now=now)
    Session.objects.filter(pk__in=[one.pk for one in plan.all]).update(series=plan.series_kept)
    for one in [*plan.all, *plan.new]:
        one.series = plan.series_kept
    rest(plan)
    Session.objects.bulk_create(plan.new, batch_size=500)
    write_people(plan)
    save(different, by=by, now=now)
    recorded.changed(led_anew, by=by, now=now)
    edit.added(plan.new, series=plan.series_kept if plan.is_linked else None)


def save(sessions: list[Session], *, by: User, now: datetime) -> None:
    """In a few queries, and with their history."""
    if sessions:
        bulk_update_with_history(
            sessions, Session, SESSION, batch_size=100, default_user=by, default_date=now
        )


def write_series(plan: Plan, *, by: User, now: datetime) -> None:
    was, target = plan.series, plan.target
    if plan.is_linked:
        if was.count is None:
            was.until = plan.since - ONE_DAY
        else:
            was.count = count_before(was, plan.since)
        target.created_by, target.created_at, target._history_user = by, now, by
        target.save(force_insert=True)
        was.skipped.filter(day__gte=plan.since).update(series=target)
    else:
        for name in ("room", "start_date", "start_time", "minutes", "rule", "until", "count"):
            setattr(was, name, getattr(target, name))
    if plan.is_linked or plan.wish.leads != plan.led_by:
        Facilitator.objects.filter(series=plan.series_kept).delete()
        Facilitator.objects.bulk_create(leading(plan.wish.leads, series=plan.series_kept))
    was._history_user = by
    was.save()
    write_days_left_out(plan, by, now)


def write_days_left_out(plan: Plan, by: User, now: datetime) -> None:
    """What was chosen, and, for a linked series, days of its rule that past sessions have had."""
    SkippedDate.objects.filter(series=plan.series_kept, skipped_by=None).delete()
    days = plan.left_out | (plan.occupied if plan.is_linked else set())
    SkippedDate.objects.bulk_create(
        (SkippedDate(series=plan.series_kept, day=day, skipped_by=by, at=now) for day in sorted(days)),
        ignore_conflicts=True,
    )


def leading(people: Iterable[User], **of: Series | Session) -> list[Facilitator]:
    """The first leads, the others co-lead."""
    roles = chain([Facilitator.Role.LEAD], iter(lambda: Facilitator.Role.CO, None))
    return [Facilitator(person=person, role=role, **of) for person, role in zip(people, roles, strict=False)]


def rest(plan: Plan) -> None:
    """Where the series rests, its new sessions rest too, and those that come onto such a day; what lies in
    the linked series goes with it (T9)."""
    if plan.is_linked:
        for found in Suspension.objects.standing().filter(series=plan.series, last__gte=plan.since):
            part_rest(plan, found)
    standing = list(Suspension.objects.standing().filter(series__in={plan.series.pk, plan.series_kept.pk}))
    placed = {one.pk for one in [*plan.revived, *plan.new]} | plan.changed
    for one in plan.standing:
        if one.pk in placed:
            days = (row for row in standing if row.first <= one.local_date <= row.last)
            one.suspension = next(days, None)


def part_rest(plan: Plan, found: Suspension) -> None:
    """One that has begun by then goes on in the linked series; of its end people hear there, once."""
    here = found
    if found.first >= plan.since:
        Suspension.objects.filter(pk=found.pk).update(series=plan.target)
    else:
        here = Suspension.objects.create(
            series=plan.target,
            first=plan.since,
            last=found.last,
            suspended_by=found.suspended_by,
            suspended_at=found.suspended_at,
        )
        Suspension.objects.filter(pk=found.pk).update(last=plan.since - ONE_DAY)
        notices.go_on_resting(found, here)
    mine = [one for one in plan.all if one.suspension_id == found.pk]
    for one in mine:
        one.suspension = here
    Session.objects.filter(pk__in=[one.pk for one in mine]).update(suspension=here)


def write_people(plan: Plan) -> None:
    anew = [one for one in plan.kept if one.pk in plan.led_anew] + plan.revived
    Facilitator.objects.filter(session__in=anew).delete()
    moved = Facilitator.objects.filter(session__in=plan.elsewhen, overlap_allowed_by__isnull=False)
    moved.update(overlap_allowed_by=None, overlap_reason="")
    rows = chain.from_iterable(leading(plan.wish.leads, session=one) for one in [*anew, *plan.new])
    Facilitator.objects.bulk_create(rows, batch_size=500)


def allow(apart: Collection[tuple[UUID, UUID]], answer: Answer | None, *, by: User, now: datetime) -> None:
    """A manager let these people be in two places, and wrote why; the history keeps it (C2)."""
    for session, person in apart:
        rows = Facilitator.objects.filter(person=person, session=session)
        rows.update(overlap_allowed_by=by, overlap_reason=answer.reason if answer else "")
    recorded.changed(Session.objects.filter(pk__in={session for session, _person in apart}), by=by, now=now)


def tell(plan: Plan, edit: Edit, places: Places, *, by: User, now: datetime) -> None:
    """Places end or are there again, those who wait move up where some are free (C5), and everybody hears of
    it once."""
    lost = telling.close_places(plan.gone, now)
    places.write(now)
    telling.hear_anew(one for one in plan.kept if one.pk in plan.elsewhen)
    off = expected.come_anyway(plan, lost)
    Booking.objects.of(off).update(needs_place_since=None)
    moved = [one for one in plan.kept if one.pk in plan.moved and not one.cancelled_at]
    for one in telling.with_lines([*moved, *plan.revived]):
        one.promote_anew(now) if one.pk in plan.elsewhen else one.promote(now)
    led_anew = [one for one in plan.kept if one.pk in plan.led_anew and not one.cancelled_at]
    lost = [row for row in [*lost, *places.lost] if row not in set(off)]
    telling.tell(moved=moved, lost=lost, off=off, led_anew=led_anew, reopened=places.back, now=now)
    came = set(plan.wish.leads) - set(plan.led_by)
    telling.tell_leads(came - {by}, edit.pk, now)
    telling.tell_of_change([*moved, *led_anew, *plan.gone], edit.pk, now, but=[by, *came])
