"""What in the schedule waits for a decision: of a clinician's own sessions, and of all for a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from groups.models import Booking, Facilitator, Holiday, Leave, Session, SkippedDate
from groups.models.booking import BookingQuerySet
from groups.models.counting import number_of
from groups.models.session_queries import SessionQuerySet

WEEKS_AHEAD = 4  # how far the list looks
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """How many of each there are; for the first page of the day."""

    unattended: int
    holidays: int
    unplaced: int
    places: int

    @property
    def is_quiet(self) -> bool:
        return not (self.unattended or self.holidays or self.unplaced or self.places)


@dataclass(frozen=True)
class Attention:
    unled: list[Session]  # nobody is named
    away: list[Session]  # whoever is named is away
    holidays: list[Session]
    unplaced: list[SkippedDate]
    bookings: list[Booking]  # of those whom the reader may see by name
    places: int  # how many clients wait for one, also for whoever reads no names

    @property
    def is_quiet(self) -> bool:
        return not (self.unled or self.away or self.holidays or self.unplaced or self.places)


def compose(user: User, now: datetime) -> Attention:
    """Everything, in as many queries however much there is."""
    unattended = list(nobody_there(user, now).with_faces().in_order())
    waiting = without_place(user)
    bookings = [] if user.is_manager else list(waiting.select_related("client", "session__group"))
    return Attention(
        unled=[session for session in unattended if not session.people],
        away=[session for session in unattended if session.people],
        holidays=list(on_holidays(user, now).with_faces().in_order()),
        unplaced=list(days_unplaced(user, now).select_related("series__group", "series__room")),
        bookings=bookings,
        places=waiting.count() if user.is_manager else len(bookings),
    )


def count(user: User, now: datetime) -> Counts:
    """The same as numbers, in one query."""
    parts: tuple[QuerySet[Session] | QuerySet[SkippedDate] | QuerySet[Booking], ...] = (
        nobody_there(user, now),
        on_holidays(user, now),
        days_unplaced(user, now),
        without_place(user),
    )
    return Counts(*User.objects.filter(pk=user.pk).values_list(*map(number_of, parts))[0])


def ahead(user: User, now: datetime) -> SessionQuerySet:
    """What takes place in the next weeks, as far as this person has it in hand."""
    sessions = Session.objects.visible_to(user).not_cancelled().soon(now, weeks=WEEKS_AHEAD)
    lately = now - ONE_DAY  # none lasts as long, and the index by start leaves out the years before
    return sessions.filter(in_hand(user), starts_at__gt=lately, ends_at__gt=now, suspension=None)


def in_hand(user: User) -> Q:
    """Sessions that this clinician leads, or whose series; those that nobody leads; all for a manager."""
    if user.is_manager:
        return Q()
    led = Facilitator.objects.filter(session=OuterRef("pk"))
    rule = Facilitator.objects.filter(series=OuterRef("series"), person=user.pk)
    return Q(Exists(led.filter(person=user.pk))) | Q(Exists(rule)) | ~Q(Exists(led))


def nobody_there(user: User, now: datetime) -> SessionQuerySet:
    """Nobody leads them, or everybody who does is away on that day."""
    away = Leave.objects.on(OuterRef("session__local_date")).filter(person=OuterRef("person"))
    there = Facilitator.objects.filter(~Exists(away), session=OuterRef("pk"))
    return ahead(user, now).filter(~Exists(there))


def on_holidays(user: User, now: datetime) -> SessionQuerySet:
    """With `holiday`, the key of the first that falls on the day."""
    undecided = Session.objects.on_holidays_undecided(now)
    day = OuterRef("local_date")
    holidays = Holiday.objects.filter(first__lte=day, last__gte=day).order_by("first", "pk")
    found = ahead(user, now).filter(pk__in=undecided.values("pk"))
    return found.annotate(holiday=Subquery(holidays.values("pk")[:1]))


def days_unplaced(user: User, now: datetime) -> QuerySet[SkippedDate]:
    """Days of a rule on which the nightly layout found the room or somebody taken."""
    rows = SkippedDate.objects.filter(skipped_by=None, day__gte=timezone.localdate(now)).order_by("day", "pk")
    if user.is_manager:
        return rows
    led = Facilitator.objects.filter(series=OuterRef("series"))
    return rows.filter(Q(Exists(led.filter(person=user.pk))) | ~Q(Exists(led)))


def without_place(user: User) -> BookingQuerySet:
    """Clients who wait for another place (T8): a manager gets all, as a number and nothing else."""
    waiting = Booking.objects.needing_a_place()
    return waiting if user.is_manager else waiting.visible_to(user)
