"""A series changed for all that is ahead, or from one session on (T6, T7, T8)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from groups import clashes
from groups.answers import Answer
from groups.edits import memory, telling, writing
from groups.edits.places import clients_concerned, of
from groups.edits.plan import Plan, ahead, earliest, make, next_day, with_people
from groups.edits.wish import Wish
from groups.models import Edit, Scope, Series, Session
from groups.models.session_queries import SessionQuerySet
from groups.refusals import AllLeftOut, EditedMeanwhile, NothingToPlan


def mark_of(series: Series) -> str:
    """Changes with each edit of the series, of who leads it, and of a single session in it."""
    edits = Edit.objects.concerning(series).values_list("pk", "undone_at")
    picture = memory.of_series([series.pk])
    return memory.mark(picture, list(edits))


def reach(series: Series, session: Session | None, scope: str, now: datetime) -> date:
    """The first day of the rule that an edit reaches. Raises NothingToPlan when all is over."""
    if scope == Scope.FOLLOWING and session is not None and session.rule_date:
        return session.rule_date
    day = next_day(series, now)
    if day is None:
        raise NothingToPlan
    return day


def preview(
    series: Series, wish: Wish, *, scope: str, since: date, now: datetime, may_end: bool = False
) -> Plan:
    """What `change` would do without an answer to what clashes, and nothing is written."""
    sessions = with_people(touched(series, scope, since, now))
    return make(series, wish, scope=scope, since=since, sessions=sessions, now=now, may_end=may_end)


def change(
    series: Series,
    wish: Wish,
    *,
    scope: str,
    since: date,
    token: UUID,
    by: User,
    now: datetime,
    mark: str | None = None,
    answer: Answer | None = None,
    may_end: bool = False,
) -> Edit:
    """Raises Clashes, having saved nothing (C4), NothingToPlan, HasLeft, or EditedMeanwhile when the series
    is not as `mark` says it was. The same token twice is one edit."""
    with transaction.atomic():
        held = series.locked()
        kept = Edit.objects.filter(client_token=token).first()
        if kept is not None:
            return kept
        if mark is not None and mark != mark_of(held):
            raise EditedMeanwhile
        plan = planned(held, wish, scope, since, now=now, may_end=may_end)
        hold_all(plan, answer or Answer())
        plan.be_ready()
        apart = plan.settle(answer or Answer(), by)
        places = of(plan)
        if not (plan.standing or may_end):
            raise AllLeftOut
        edit = Edit.begin(scope=scope, by=by, now=now, token=token, series=held)
        edit.remember(plan.all, series=[held])
        with clashes.guarded(plan.standing, plan.leaders()):
            writing.write(plan, edit, by=by, now=now)
            writing.allow(apart, answer, by=by, now=now)
        writing.tell(plan, edit, places, by=by, now=now)
        edit.keep()
    telling.promote_elsewhere(telling.clients_of([*plan.gone, *plan.kept, *plan.revived]), now)
    return edit


def touched(series: Series, scope: str, since: date, now: datetime) -> SessionQuerySet:
    return ahead(series, now, earliest(series, since) if scope == Scope.FOLLOWING else None)


def planned(series: Series, wish: Wish, scope: str, since: date, *, now: datetime, may_end: bool) -> Plan:
    """On sessions that are held from then on."""
    sessions = touched(series, scope, since, now)
    sessions.hold()
    rows = with_people(sessions)
    return make(series, wish, scope=scope, since=since, sessions=rows, now=now, may_end=may_end)


def hold_all(plan: Plan, answer: Answer) -> None:
    """Rooms, those of the answer too; then clients before staff, as in every act on both."""
    rooms = [one.room for one in plan.standing] or [plan.target.room]
    clients = clients_concerned(plan, answer)
    clashes.hold([*rooms, *answer.rooms.values()], plan.wish.leads, clients=clients)
