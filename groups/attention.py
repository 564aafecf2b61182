"""What in the schedule waits for a decision: of a clinician's own sessions, and of all for a manager."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import CareTeamMember, User
from groups import expecting
from groups.models import (
    Admission,
    Booking,
    Facilitator,
    Group,
    Holiday,
    JoinRequest,
    Leave,
    Membership,
    Session,
    SkippedDate,
)
from groups.models.booking import BookingQuerySet
from groups.models.counting import number_of, people_in
from groups.models.join_request import JoinRequestQuerySet
from groups.models.session_queries import SessionQuerySet

WEEKS_AHEAD = 4  # how far the list looks
SHOWN = 25  # of each list: the first are decided first
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """How many of each there are; for the first page of the day."""

    unattended: int
    holidays: int
    unplaced: int
    places: int
    asking: int
    also: tuple[int, ...] = ()  # what others asked to be counted, in their order

    @property
    def is_quiet(self) -> bool:
        return not (self.unattended or self.holidays or self.unplaced or self.places or self.asking)


@dataclass(frozen=True)
class Attention:
    """The first of each list, and how many more there are of it."""

    unled: list[Session]  # nobody is named
    away: list[Session]  # whoever is named is away
    holidays: list[Session]
    unplaced: list[SkippedDate]
    bookings: list[Booking]  # of those whom the reader cares for, by name
    more: dict[str, int]
    places: int  # how many clients wait for one, also for whoever reads no names
    in_no_care: int  # how many of them nobody looks after, for a manager to see to
    led: int  # how many lost a place with whoever reads this, while others look for another
    asking: list[Group]  # to which somebody would like to come
    unlisted: list[Group]  # with a member who could not be put on a list

    @property
    def is_quiet(self) -> bool:
        lists = self.unled or self.away or self.holidays or self.unplaced or self.asking or self.unlisted
        return not (lists or self.places or self.led)


def compose(user: User, now: datetime) -> Attention:
    """Everything, in as many queries however much there is."""
    unattended, named = nobody_there(user, now).with_faces().in_order(), Exists(led())
    waiting, groups = without_place(user, now), of_members(user, now)
    named_clients = waiting.none() if user.is_manager else waiting
    more: dict[str, int] = {}
    parts = (waiting, waiting.filter(~Exists(care())), lost_with(user, now))
    places, in_no_care, lost = User.objects.filter(pk=user.pk).values_list(*map(people_in, parts))[0]
    return Attention(
        unled=first("unled", unattended.filter(~named), more),
        away=first("away", unattended.filter(named), more),
        holidays=first("holidays", with_holiday(on_holidays(user, now)).with_faces().in_order(), more),
        unplaced=first(
            "unplaced", days_unplaced(user, now).select_related("series__group", "series__room"), more
        ),
        bookings=first("bookings", named_clients.select_related("client", "session__group"), more),
        more=more,
        places=places,
        in_no_care=in_no_care,
        led=lost,
        asking=[group for group in groups if vars(group)["is_asked"]],
        unlisted=[group for group in groups if vars(group)["is_short"]],
    )


def first[Row: Model](name: str, rows: QuerySet[Row], more: dict[str, int]) -> list[Row]:
    """As many as one can read; the number of the others goes to `more`."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:SHOWN])
    more[name] = vars(found[0])["in_all"] - len(found) if found else 0
    return found


def count(user: User, now: datetime, *also: Coalesce) -> Counts:
    """The same as numbers, in one query, which also counts what somebody else asks for."""
    parts: tuple[QuerySet[Session] | QuerySet[SkippedDate], ...] = (
        nobody_there(user, now),
        on_holidays(user, now),
        days_unplaced(user, now),
    )
    numbers = [*map(number_of, parts), people_in(without_place(user, now)), number_of(requests(user))]
    found = User.objects.filter(pk=user.pk).values_list(*numbers, *also)[0]
    return replace(Counts(*found[: len(numbers)]), also=found[len(numbers) :])


def requests(user: User) -> JoinRequestQuerySet:
    """Of people who would like to come to a closed group, for those who can answer (B6)."""
    return JoinRequest.objects.visible_to(user).open()


def of_members(user: User, now: datetime) -> list[Group]:
    """Closed groups to which somebody asks to come, and those with a session in the next weeks on which a
    member whom the reader sees has no place: it is full, or they are elsewhere then (B6)."""
    if not user.is_clinician:
        return []
    place = Booking.objects.filter(
        expecting.STANDS_SOMEWHERE, session=OuterRef(OuterRef("pk")), client=OuterRef("client")
    )
    members = Membership.objects.visible_to(user).on(OuterRef("local_date")).filter(group=OuterRef("group"))
    soon = Session.objects.upcoming(now).soon(now, weeks=expecting.WEEKS_TOLD)
    short = soon.filter(Exists(members.filter(~Exists(place))), group__admission=Admission.CLOSED)
    groups = Group.objects.annotate(
        is_asked=Exists(requests(user).filter(group=OuterRef("pk"))),
        is_short=Q(pk__in=short.values("group")),
    )
    return list(groups.filter(Q(is_asked=True) | Q(is_short=True)).order_by("name", "pk"))


def ahead(user: User, now: datetime) -> SessionQuerySet:
    """What takes place in the next weeks."""
    sessions = Session.objects.visible_to(user).not_cancelled().soon(now, weeks=WEEKS_AHEAD)
    lately = now - ONE_DAY  # none lasts as long, and the index by start leaves out the years before
    return sessions.filter(starts_at__gt=lately, ends_at__gt=now, suspension=None)


def led() -> QuerySet[Facilitator]:
    return Facilitator.objects.filter(session=OuterRef("pk"))


def nobody_there(user: User, now: datetime) -> SessionQuerySet:
    """Nobody leads them, or everybody who does is away on that day."""
    away = Leave.objects.on(OuterRef("session__local_date")).filter(person=OuterRef("person"))
    there = Facilitator.objects.filter(~Exists(away), session=OuterRef("pk"))
    return ahead(user, now).in_hands_of(user).filter(~Exists(there))


def on_holidays(user: User, now: datetime) -> SessionQuerySet:
    return ahead(user, now).in_hands_of(user).on_holidays_undecided(now)


def with_holiday(sessions: SessionQuerySet) -> SessionQuerySet:
    """Adds `holiday`, the key of the first that falls on the day."""
    day = OuterRef("local_date")
    holidays = Holiday.objects.filter(first__lte=day, last__gte=day).order_by("first", "pk")
    return sessions.annotate(holiday=Subquery(holidays.values("pk")[:1]))


def days_unplaced(user: User, now: datetime) -> QuerySet[SkippedDate]:
    """Days of a rule on which the nightly layout found the room or somebody taken."""
    rows = SkippedDate.objects.filter(skipped_by=None, day__gte=timezone.localdate(now)).order_by("day", "pk")
    if user.is_manager:
        return rows
    led = Facilitator.objects.filter(series=OuterRef("series"))
    return rows.filter(Q(Exists(led.filter(person=user.pk))) | ~Q(Exists(led)))


def care() -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.standing().filter(client=OuterRef("client"))


def without_place(user: User, now: datetime) -> BookingQuerySet:
    """Clients who wait for another place (T8): for their care team, which finds it. A manager gets all, as a
    number and nothing else."""
    waiting = Booking.objects.needing_a_place(now)
    return waiting if user.is_manager else waiting.visible_to(user).cared_for_by(user)


def lost_with(user: User, now: datetime) -> BookingQuerySet:
    """Places lost in sessions of this person, for which a care team looks that they are not on."""
    waiting = Booking.objects.needing_a_place(now).visible_to(user)
    return waiting.exclude(pk__in=waiting.cared_for_by(user).order_by().values("pk"))


def places_lost(session: Session, now: datetime) -> int:
    """How many clients lost a place here and wait for another: for whoever has the session in hand."""
    return session.bookings.needing_a_place(now).order_by().values("client").distinct().count()
