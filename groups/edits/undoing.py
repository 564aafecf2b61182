"""An edit taken back, while nothing has come of it (T7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Stay, User
from groups import clashes
from groups.edits import memory, telling, writing
from groups.models import Booking, Edit, Facilitator, Room, Series, Session, SkippedDate, Suspension, recorded
from groups.models.booking import State
from groups.refusals import SomethingHappened


def is_open(edit: Edit, now: datetime) -> bool:
    """Whether it could be undone as things stand."""
    if edit.undone_at or not edit.is_kept:
        return False
    later = Edit.objects.filter(edited_at__gt=edit.edited_at)
    if later.filter(Q(series__in=edit.series_concerned) | Q(session__in=edit.concerned)).exists():
        return False
    begun = Session.objects.filter(pk__in=edit.concerned, starts_at__lte=now)
    starts = (row["fields"]["starts_at"] for row in edit.before["sessions"].values())
    was_ahead = all(datetime.fromisoformat(start) > now for start in starts)
    return was_ahead and not begun.exists() and edit.before["left"] == edit.mark()


def undo(edit: Edit, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        rows = Series.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        series = list(rows.filter(pk__in=edit.series_concerned))
        since = laid_out_since(edit, series)
        held = Session.objects.filter(Q(pk__in=edit.concerned) | Q(pk__in=since)).hold()
        row = Edit.objects.select_for_update(of=("self",), no_key=True).get(pk=edit.pk)
        if row.undone_at:
            return
        if not is_open(row, now):
            raise SomethingHappened
        freed = put_back(row, {one.pk: one for one in held}, series, by=by, now=now)
        row.undone_by, row.undone_at = by, now
        row.save(update_fields=["undone_by", "undone_at"])
    for one in Series.objects.filter(pk__in=edit.before.get("series", {})):
        if one.is_open_ended:
            one.lay_out(now)
    telling.promote_elsewhere(freed, now)
    edit.refresh_from_db()


def laid_out_since(edit: Edit, series: Iterable[Series]) -> set[UUID]:
    """What the nightly layout added under the rule that goes away."""
    ids = [str(one.pk) for one in series]
    there = [*edit.concerned, *edit.before.get("others", [])]
    return {UUID(pk) for pk in memory.others(ids, there, edit.edited_at)}


def put_back(
    edit: Edit, held: dict[UUID, Session], series: list[Series], *, by: User, now: datetime
) -> set[UUID]:
    """Rows as they were; gives back the clients whose time that frees."""
    was: dict[str, Any] = edit.before["sessions"]
    kept = [one for pk, one in held.items() if str(pk) in was]
    gone = [one for pk, one in held.items() if str(pk) not in was]
    if Booking.objects.filter(session__in=[one.pk for one in gone]).exists():
        raise SomethingHappened
    now_at = {one.pk: (one.starts_at, one.room_id) for one in kept}
    recorded.begin(kept)
    for one in kept:
        memory.put_back(one, was[str(one.pk)]["fields"])
        one.sequence, one.changed_at = one.sequence + 1, now
    hold_all(edit, kept)
    standing = [one for one in kept if one.cancelled_at is None]
    with clashes.guarded(standing):
        put_back_series(edit, series, by)
        new_leads = put_back_people(edit)
        Session.objects.filter(pk__in=[one.pk for one in gone]).delete()
        if clashes.find(standing):
            raise SomethingHappened
        writing.save(kept, by=by, now=now)
        new = edit.before.get("added_series", [])
        Suspension.objects.filter(series__in=new).delete()
        Series.objects.filter(pk__in=new).delete()
    reopened = put_back_places(was)
    moved = [one for one in standing if now_at[one.pk] != (one.starts_at, one.room_id)]
    led_anew = [held[UUID(pk)] for pk in new_leads]
    telling.tell(moved=moved, reopened=reopened, led_anew=led_anew, now=now)
    return telling.clients_of(kept)


def hold_all(edit: Edit, sessions: list[Session]) -> None:
    """The rooms, then the people: those who led may have left meanwhile (A9)."""
    rooms = Room.objects.filter(pk__in={one.room_id for one in sessions})
    parts = [*edit.before["sessions"].values(), *edit.before.get("series", {}).values()]
    ids = {row[0] for part in parts for row in part["people"]}
    clashes.hold(rooms, User.objects.filter(pk__in=ids))
    states = [part["bookings"] for part in edit.before["sessions"].values()]
    waiting = {pk for part in states for pk in part}
    User.objects.hold(Booking.objects.filter(pk__in=waiting).values_list("client", flat=True))


def put_back_series(edit: Edit, series: list[Series], by: User) -> None:
    was = edit.before.get("series", {})
    for one in series:
        if picture := was.get(str(one.pk)):
            memory.put_back(one, picture["fields"])
            one._history_user = by
            one.save()
            days = picture["skipped"]
            SkippedDate.objects.filter(series=one).delete()
            SkippedDate.objects.bulk_create(
                SkippedDate(series=one, day=day, skipped_by_id=who, at=at) for day, who, at in days
            )
            for pk, (first, last, _lifted) in picture["rests"].items():
                Suspension.objects.filter(pk=pk).update(series=one, first=first, last=last)


def put_back_people(edit: Edit) -> list[str]:
    """Who led; gives back the sessions whose people are others than a moment ago."""
    was = {"session": edit.before["sessions"], "series": edit.before.get("series", {})}
    now_led = {"session": memory.of_sessions(was["session"]), "series": memory.of_series(was["series"])}
    changed: dict[str, list[str]] = {}
    rows: list[Facilitator] = []
    for kind, pictures in was.items():
        led = now_led[kind]
        changed[kind] = [pk for pk in pictures if not same(pictures[pk]["people"], led[pk]["people"])]
        Facilitator.objects.filter(**{f"{kind}__in": changed[kind]}).delete()
        rows += [
            Facilitator(**{f"{kind}_id": pk}, **dict(zip(memory.PEOPLE, row, strict=True)))
            for pk in changed[kind]
            for row in pictures[pk]["people"]
        ]
    for row in rows:
        if row.overlap_allowed_by_id:  # the reason was somebody's words, and is not kept twice
            row.overlap_reason = "…"
    Facilitator.objects.bulk_create(rows)
    return changed["session"]


def same(one: list[Any], other: list[Any]) -> bool:
    return memory.mark(one) == memory.mark(other)


def put_back_places(was: dict[str, Any]) -> list[Booking]:
    """Places that the edit closed, as they were. Raises SomethingHappened for who is elsewhere now (C3)."""
    states = {pk: state for part in was.values() for pk, (state, _since) in part["bookings"].items()}
    stays = Stay.objects.current(OuterRef("session__local_date")).filter(client=OuterRef("client"))
    here = Booking.objects.filter(Exists(stays), client__in=User.objects.clients().active(), pk__in=states)
    here = here.exclude(closed_from="", closed_at__isnull=False)  # ended for good, as their stay did (A6)
    # Who went home meanwhile keeps no place.
    closed = [row for row in here.select_related("client", "session") if row.state != states[str(row.pk)]]
    for row in closed:
        row.state, row.closed_at, row.closed_from, row.needs_place_since = states[str(row.pk)], None, "", None
    Booking.objects.bulk_update(
        closed, ["state", "closed_at", "closed_from", "needs_place_since"], batch_size=500
    )
    confirmed = Booking.objects.filter(pk__in=[row.pk for row in closed if row.state == State.CONFIRMED])
    if confirmed.count() > confirmed.free_to_come().count():
        raise SomethingHappened
    return closed
