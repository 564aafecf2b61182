"""An edit taken back, while nothing has come of it (T7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q

from accounts.models import User
from groups import clashes
from groups.clashes import Clashes
from groups.edits import expected, memory, putting_back, telling, writing
from groups.models import (
    Booking,
    Edit,
    Facilitator,
    Group,
    Room,
    Series,
    Session,
    SessionNote,
    Suspension,
    recorded,
)
from groups.refusals import GroupOverSince, RoomClosedSince, SomethingHappened


def is_open(edit: Edit, now: datetime) -> bool:
    """Whether it could be undone as things stand."""
    return why_not(edit, now) is None


def why_not(edit: Edit, now: datetime) -> SomethingHappened | None:
    """What keeps it from being undone. What the clock says is asked first, then the rows."""
    if edit.undone_at or not edit.is_kept:
        return SomethingHappened()
    later = Edit.objects.filter(edited_at__gt=edit.edited_at)
    if later.filter(Q(series__in=edit.series_concerned) | Q(session__in=edit.concerned)).exists():
        return SomethingHappened()
    begun = Session.objects.filter(pk__in=edit.concerned, starts_at__lte=now)
    starts = (row["fields"]["starts_at"] for row in edit.before["sessions"].values())
    was_ahead = all(datetime.fromisoformat(start) > now for start in starts)
    if not was_ahead or begun.exists() or edit.before["left"] != edit.mark() or was_taken_up(edit):
        return SomethingHappened()
    if Room.objects.filter(pk__in=rooms_of(edit), closed_at__isnull=False).exists():
        return RoomClosedSince()
    over = groups_of(edit).filter(ended_at__isnull=False)
    return GroupOverSince() if over.exists() else None


def was_taken_up(edit: Edit) -> bool:
    """Whether somebody did something with a session that was laid out since: then it cannot just go."""
    since = laid_out_since(edit)
    made = [pk for pk in edit.concerned if str(pk) not in edit.before["sessions"]]
    if SessionNote.objects.filter(session__in=[*since, *made]).exists():
        return True
    rows = Session.objects.filter(pk__in=since)
    own = Q(sequence__gt=0) | Q(own_time=True) | Q(own_room=True) | Q(own_people=True)
    substitutes = Facilitator.objects.filter(role=Facilitator.Role.SUBSTITUTE)
    asked = Booking.objects.exclude(pk__in=expected.arrived(since, edit.edited_at).values("pk"))
    touched = [found.filter(session=OuterRef("pk")) for found in (Edit.objects, asked, substitutes)]
    return rows.filter(own | Q(Exists(touched[0])) | Q(Exists(touched[1])) | Q(Exists(touched[2]))).exists()


def rooms_of(edit: Edit) -> set[str]:
    """Where what took place would take place again, and the series would go on."""
    stood = (row["fields"] for row in edit.before["sessions"].values() if not row["fields"]["cancelled_at"])
    rules = (row["fields"] for row in edit.before.get("series", {}).values())
    return {fields["room_id"] for fields in [*stood, *rules]}


def groups_of(edit: Edit) -> Any:
    sessions = Session.objects.filter(pk__in=edit.concerned).values("group")
    return Group.objects.filter(
        Q(pk__in=sessions) | Q(pk__in=Series.objects.filter(pk__in=edit.series_concerned).values("group"))
    )


def undo(edit: Edit, *, by: User, now: datetime) -> None:
    """What the database itself refuses is something that happened, too."""
    try:
        freed = taken_back(edit, by=by, now=now)
    except (Clashes, ProtectedError) as error:  # a sheet of a new session was marked, and cleared again (B7)
        raise SomethingHappened from error
    Series.objects.filter(pk__in=edit.before.get("series", {})).lay_out(now)
    telling.promote_elsewhere(freed, now)
    edit.refresh_from_db()


@transaction.atomic
def taken_back(edit: Edit, *, by: User, now: datetime) -> set[UUID]:
    """Gives back the clients whose time that frees. Twice is once."""
    rows = Series.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    series = list(rows.filter(pk__in=[*edit.series_concerned, *edit.series_beside]))
    concerned = [one for one in series if str(one.pk) in edit.series_concerned]
    since = laid_out_since(edit)
    held = Session.objects.filter(Q(pk__in=edit.concerned) | Q(pk__in=since)).hold()
    row = Edit.objects.select_for_update(of=("self",), no_key=True).get(pk=edit.pk)
    if row.undone_at:
        return set()
    if not row.is_kept:
        raise SomethingHappened
    hold_all(row)
    if refusal := why_not(row, now):
        raise refusal
    freed = put_back(row, {one.pk: one for one in held}, concerned, by=by, now=now)
    row.undone_by, row.undone_at = by, now
    row.save(update_fields=["undone_by", "undone_at"])
    return freed


def laid_out_since(edit: Edit) -> set[UUID]:
    """What the nightly layout added under the rule that goes away."""
    there = [*edit.concerned, *edit.before.get("others", [])]
    return {UUID(pk) for pk in memory.others(edit.series_concerned, there, edit.edited_at)}


def hold_all(edit: Edit) -> None:
    """The rooms, the clients, then the staff: those who led may have left meanwhile (A9). Then the groups,
    which nobody ends until this is done."""
    parts = [*edit.before["sessions"].values(), *edit.before.get("series", {}).values()]
    ids = {row[0] for part in parts for row in part["people"]}
    coming = Booking.objects.filter(session__in=edit.before["sessions"]).order_by()
    clashes.hold(
        Room.objects.filter(pk__in=rooms_of(edit)),
        User.objects.filter(pk__in=ids),
        clients=coming.values_list("client", flat=True),
    )
    list(groups_of(edit).select_for_update(of=("self",), no_key=True).order_by("pk"))


def put_back(
    edit: Edit, held: dict[UUID, Session], series: list[Series], *, by: User, now: datetime
) -> set[UUID]:
    """Rows as they were; gives back the clients whose time that frees."""
    was: dict[str, Any] = edit.before["sessions"]
    kept = [one for pk, one in held.items() if str(pk) in was]
    gone = [one for pk, one in held.items() if str(pk) not in was]
    freed = telling.clients_of(held.values())
    expected.arrived([one.pk for one in gone], edit.edited_at).delete()
    if Booking.objects.filter(session__in=[one.pk for one in gone]).exists():
        raise SomethingHappened
    now_at = {one.pk: where(one) for one in kept}
    recorded.begin(kept)
    for one in kept:
        memory.put_back(one, was[str(one.pk)]["fields"])
        one.sequence, one.changed_at = one.sequence + 1, now
    standing = [one for one in kept if one.cancelled_at is None]
    with clashes.guarded(standing):
        putting_back.series(edit, series, by)
        putting_back.rests(standing)
        new_leads = putting_back.people(edit)
        Session.objects.filter(pk__in=[one.pk for one in gone]).delete()
        if clashes.find(standing):
            raise SomethingHappened
        writing.save(kept, by=by, now=now)
        new = edit.before.get("added_series", [])
        putting_back.ends_of_rests(edit)
        Suspension.objects.filter(series__in=new).delete()
        Series.objects.filter(pk__in=new).delete()
    lost = telling.close_places(
        [one for one in kept if one.cancelled_at], now
    )  # whose day was back for a while
    reopened = putting_back.places(was, now)
    moved = [one for one in standing if now_at[one.pk] != where(one)]
    refuse_two_places(moved, reopened)
    telling.hear_anew(one for one in moved if now_at[one.pk][:2] != where(one)[:2])
    led_anew = [held[UUID(pk)] for pk in new_leads]
    telling.tell(moved=moved, lost=lost, reopened=reopened, led_anew=led_anew, now=now)
    telling.tell_of_change([*moved, *led_anew], edit.pk, now, but=[by])
    return freed


def where(one: Session) -> tuple[Any, ...]:
    return (one.starts_at, one.ends_at, one.room_id)


def refuse_two_places(moved: Iterable[Session], reopened: Iterable[Booking]) -> None:
    """Also of those whose place was theirs all the while: they may have joined another session since (C3)."""
    there = Q(session__in=[one.pk for one in moved]) | Q(pk__in=[row.pk for row in reopened])
    confirmed = Booking.objects.confirmed().filter(there)
    if confirmed.count() > confirmed.free_to_come().count():
        raise SomethingHappened
