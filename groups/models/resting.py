"""A series that rests from one day to another, and its sessions meanwhile (T9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from groups import notices
from groups.models import recorded
from groups.models.booking import Booking
from groups.refusals import NothingToRest, RestsAlready
from groups.transitions import Event

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.series import Series
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet
    from groups.models.suspension import Suspension


class Elsewhere(Exception):
    """An edit gave the session to another series while its own was awaited."""


class RestingSession:
    """Keeps its row, room, people and bookings, and nothing else happens in it while it rests."""

    suspension_id: uuid.UUID | None
    suspension: models.ForeignKey[Suspension | None]

    @property
    def rests(self) -> bool:
        return self.suspension_id is not None

    @property
    def rest_words(self) -> str:
        rest = cast("Session", self).suspension
        return _("This group rests until %(day)s.") % {"day": rest.last_words} if rest else ""

    def locked_with_series(self) -> Session:
        """Like `locked`, where a day may be one on which its series rests: that is held first, as everywhere.
        One that went to another series meanwhile is let go, and all begins anew."""
        rows = type(cast("Session", self)).objects.filter(pk=cast("Session", self).pk)
        while True:
            series = rows.select_related("series").get().series
            try:
                with transaction.atomic():
                    if series:
                        hold(series)
                    session = cast("Session", self).locked()
                    if session.series_id != (series and series.pk):
                        raise Elsewhere
                    return session
            except Elsewhere:
                continue

    def _rest_on(self, day: date) -> Suspension | None:
        """The rest of its series on this local day (T9)."""
        series = cast("Session", self).series
        return series.rest_on(day) if series else None


class RestingSeries:
    """A series can rest several times, never twice on one day."""

    @property
    def rests_ahead(self) -> list[Suspension]:
        """The standing suspensions that are not over, the earliest first."""
        return list(cast("Series", self).suspensions.filter(lifted_at=None, last__gte=timezone.localdate()))

    def rest_on(self, day: date) -> Suspension | None:
        """The standing suspension in which a session on this local day rests."""
        rests = cast("Series", self).suspensions
        return rests.filter(lifted_at=None, first__lte=day, last__gte=day).first()

    def sessions_between(self, first: date, last: date, now: datetime) -> SessionQuerySet:
        """Those that would rest: by the day on which they really are; not what has begun (T9)."""
        return cast("Series", self).sessions.upcoming(now).filter(local_date__range=(first, last))

    def suspend(self, *, first: date, last: date, by: User, now: datetime) -> Suspension:
        """Lets the series rest on these local days, both included, and tells who is on a session then.

        Raises RestsAlready when another suspension shares a day: whoever suspends holds the series' row and
        looks then, which is enough in both databases. Raises NothingToRest for days that are over.
        """
        from groups.models.suspension import Suspension

        with transaction.atomic():
            series = hold(cast("Series", self))
            if last < timezone.localdate(now):
                raise NothingToRest
            standing = Suspension.objects.standing().filter(series=series.pk)
            if other := standing.filter(first__lte=last, last__gte=first).first():
                raise RestsAlready(other)
            sessions = series.sessions_between(first, last, now).hold()
            suspension = Suspension.objects.create(
                series=series, first=first, last=last, suspended_by=by, suspended_at=now
            )
            point(sessions, suspension, by=by, now=now)
            offers = Booking.objects.filter(session__in=[session.pk for session in sessions])
            offers.pass_all(Event.PUT_BACK, now=now)  # offered anew when it meets again
            notices.post_rests(suspension, people_on(sessions), now)
        return suspension


class Lifting:
    """A rest that ends before its last day."""

    def lift(self, *, by: User, now: datetime) -> None:
        """The sessions ahead take place again, with everybody who was on them; free places go to those who
        wait. Twice is once, and one whose last day is over has nothing left to lift."""
        from groups.models.session import Session
        from groups.models.suspension import Suspension

        with transaction.atomic():
            given = cast("Suspension", self)
            hold(given.series)
            suspension = Suspension.objects.get(pk=given.pk)
            if suspension.lifted_at or suspension.is_over(now):
                return
            sessions = suspension.sessions.filter(starts_at__gt=now).hold()
            point(sessions, None, by=by, now=now)
            suspension.lifted_by, suspension.lifted_at = by, now
            suspension.save(update_fields=["lifted_by", "lifted_at"])
            notices.post_meets_again(suspension, people_on(sessions), now)
        Session.objects.filter(pk__in=[session.pk for session in sessions]).promote(now)
        given.refresh_from_db(fields=["lifted_by", "lifted_at"])


def hold(series: Series) -> Series:
    """The series as it is now; nobody else lets it rest or lays it out until the transaction ends."""
    rows = type(series).objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=series.pk)


def point(sessions: list[Session], suspension: Suspension | None, *, by: User, now: datetime) -> None:
    """Each changes for those who come, and for their calendars (T10)."""
    from groups.models.session import Session

    recorded.begin(sessions)
    for session in sessions:
        session.suspension = suspension
        session.sequence, session.changed_at = session.sequence + 1, now
    fields = ["suspension", "sequence", "changed_at"]
    bulk_update_with_history(sessions, Session, fields, batch_size=100, default_user=by, default_date=now)


def people_on(sessions: Iterable[Session]) -> list[Booking]:
    """One booking a person, of those who are in or wait."""
    standing = [session.pk for session in sessions if session.cancelled_at is None]
    rows = Booking.objects.active().filter(session__in=standing).select_related("client", "session")
    return list({row.client_id: row for row in rows.order_by("-session__starts_at", "pk")}.values())
