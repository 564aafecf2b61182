"""Who was missed twice in a row, and should be asked how they are (B8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Contact, OutreachTask, Stay, User
from groups import notices
from groups.models.attendance import Attendance
from groups.models.booking import Booking

if TYPE_CHECKING:
    from groups.models.session import Session

ENOUGH = 2  # absences in a row (B8); for the program to confirm
MISSED = Q(state=Attendance.State.ABSENT, apologised=False)
type Talks = defaultdict[UUID, list[datetime]]


class Absence(NamedTuple):
    client: UUID
    session: UUID
    at: datetime


def look_after(session: Session, clients: Iterable[UUID], *, by: User, now: datetime) -> None:
    """What a change of these clients' marks in this session means for them. Call it in the transaction of the
    change, after it.

    A second absence in a row makes one task, about the first of them. Where a corrected mark leaves no such
    row, the task is laid down, unless somebody has taken it. People who have left the house are left alone.
    """
    people = set(clients)
    if not people:
        return
    User.objects.hold(people)  # two sheets at one moment: the second sees the mark of the first
    here = User.objects.in_house(timezone.localdate(now)).in_bulk(people)
    around = list(absences_around(session, here))
    talks = talks_with({absence.client for absence in around})
    tasks = OutreachTask.objects.filter(client__in=here, reason=OutreachTask.Reason.MISSED_SESSIONS)
    known = {(task.client_id, task.about): task for task in tasks}
    stands: set[tuple[UUID, UUID]] = set()
    for row in in_a_row(around, breaks(session, here, talks)):
        key = row[0].client, row[0].session
        stands.add(key)
        if all(talk < row[-1].at for talk in talks[row[0].client]):
            ask(here[row[0].client], key, known.get(key), now)
    touched = {(absence.client, absence.session) for absence in around} | {(pk, session.pk) for pk in here}
    gone = [task.pk for key, task in known.items() if key in touched - stands]
    OutreachTask.objects.in_no_hands().filter(pk__in=gone).lay_down(by=by, now=now)


def ask(client: User, key: tuple[UUID, UUID], known: OutreachTask | None, now: datetime) -> None:
    """Tells the primary clinician, who is the first of the care team, and nobody twice."""
    if known is not None and known.closed_at is None:
        return
    task = OutreachTask.objects.ask(
        client=client, reason=OutreachTask.Reason.MISSED_SESSIONS, about=key[1], now=now
    )
    task.open_again(now=now)
    if primary := client.care_team().active().first():
        notices.post_missed(task, primary, now)


def in_a_row(absences: Iterable[Absence], breaks: Talks) -> Iterator[list[Absence]]:
    """Those of one client between which nothing breaks the row, where they are enough."""
    row: list[Absence] = []
    for absence in absences:
        last = row[-1] if row else None
        if last and (
            last.client != absence.client or any(last.at < at < absence.at for at in breaks[last.client])
        ):
            yield from [row] * (len(row) >= ENOUGH)
            row = []
        row.append(absence)
    yield from [row] * (len(row) >= ENOUGH)


def talks_with(clients: Iterable[UUID]) -> Talks:
    """When somebody of the care team talked with them: whoever was asked how they are is missed no more."""
    found: Talks = defaultdict(list)
    for client, at in Contact.objects.filter(client__in=clients).values_list("client", "at"):
        found[client].append(at)
    return found


def breaks(session: Session, clients: Iterable[UUID], talks: Talks) -> Talks:
    """Talks, and this session itself for whoever was seen there or sent word."""
    found: Talks = defaultdict(list, {client: list(times) for client, times in talks.items()})
    seen = marks().filter(session=session, client__in=clients).exclude(MISSED)
    for client in seen.exclude(state=Attendance.State.NOT_REQUIRED).values_list("client", flat=True):
        found[client].append(session.starts_at)
    return found


def marks() -> QuerySet[Any]:
    """With the start of their session, and whether word was sent that they would not come (B6)."""
    word = Booking.objects.confirmed().filter(
        session=OuterRef("session"), client=OuterRef("client"), apology_at__isnull=False
    )
    found = Attendance.objects.filter(session__cancelled_at=None)
    return found.annotate(at=F("session__starts_at"), apologised=Exists(word))


def absences_around(session: Session, clients: Iterable[UUID]) -> Iterator[Absence]:
    """The absences before and after this session, up to where the client was seen or sent word; in order.

    Of one stay alone. What is not recorded is passed over: it is neither there nor absent (B7). Where a row
    ends is asked once for each client and not for each absence, of which there may be years.
    """
    stays = Stay.objects.current(session.local_date).filter(client__in=clients).order_by("admitted_on")
    came = dict(stays.values_list("client", "admitted_on"))
    theirs = marks().filter(client__in=clients)
    if came.keys() >= set(clients):
        theirs = theirs.filter(session__local_date__gte=min(came.values(), default=session.local_date))
    seen = theirs.exclude(state=Attendance.State.NOT_REQUIRED).exclude(MISSED).exclude(session=session)
    since = Max("at", filter=Q(at__lt=session.starts_at))
    until = Min("at", filter=Q(at__gt=session.starts_at))
    ends = {
        client: ends
        for client, *ends in seen.order_by().values_list("client").annotate(since=since, until=until)
    }
    rows = theirs.filter(MISSED).order_by("client", "at", "session")
    for client, missed, at, day in rows.values_list("client", "session", "at", "session__local_date"):
        begins, stops = ends.get(client, (None, None))
        is_near = (begins is None or at > begins) and (stops is None or at < stops)
        if is_near and (client not in came or day >= came[client]):
            yield Absence(client, missed, at)
