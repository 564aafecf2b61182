from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Stay, User
from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups import notices
from groups.models.answering import Answering
from groups.models.apologies import Apologies
from groups.models.facilitator import leads
from groups.models.finding_place import FindingPlace
from groups.models.giving_priority import GivingPriority
from groups.models.group import Admission
from groups.models.membership import Membership
from groups.refusals import Begun, PartOfThePlan
from groups.transitions import ACTIVE as ACTIVE
from groups.transitions import TAKING_A_PLACE as TAKING_A_PLACE
from groups.transitions import Event, after, result_of, states_before
from groups.transitions import State as State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groups.models.session import Session

A_DAY = timedelta(days=1)  # no session lasts as long, so that an index by start serves
LATE_WITHIN = timedelta(hours=24)
LOOKED_FOR = timedelta(days=28)  # how long after the session another place is looked for (T8)


IN_ORDER = ("-priority", "joined_at", "pk")  # B2


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: User) -> BookingQuerySet:
        """One's own; those of sessions one leads; those of the clients one cares for. Managers get counts."""
        return Booking.seen_by.rows(self, user)

    def of(self, bookings: Iterable[Booking]) -> BookingQuerySet:
        return self.filter(pk__in=[row.pk for row in bookings])

    def pass_all(self, event: Event, *, now: datetime, **fields: Any) -> int:
        """What happens to many at once, by the table: those to which it cannot happen stay as they are."""
        rows, state = self.filter(state__in=states_before(event)), result_of(event)
        if State.OFFERED in states_before(event):
            notices.lay_down_offers(self, now)
        return rows.update(**{"state": state, **closing(F("state"), state, now), **fields})

    def come_back(self, *, now: datetime, **fields: Any) -> None:
        """To the place that they had. An offer is none: who had one is in the line again, where they were."""
        self.filter(closed_from=State.CONFIRMED).pass_all(Event.RETURN, now=now, **fields)
        waited = self.filter(closed_from__in=[State.OFFERED, State.WAITLISTED])
        waited.pass_all(Event.RETURN_TO_LINE, now=now, **fields)

    def active(self) -> BookingQuerySet:
        return self.filter(state__in=ACTIVE)

    def confirmed(self) -> BookingQuerySet:
        return self.filter(state=State.CONFIRMED)

    def taking_a_place(self) -> BookingQuerySet:
        return self.filter(state__in=TAKING_A_PLACE)

    def waiting(self) -> BookingQuerySet:
        """In the order in which places are given (B2)."""
        return self.filter(state=State.WAITLISTED).order_by(*IN_ORDER)

    def in_line(self) -> BookingQuerySet:
        """Who waits, and who has an offer that may not stand any more."""
        return self.filter(state__in=[State.OFFERED, State.WAITLISTED]).order_by()

    def free_to_come(self) -> BookingQuerySet:
        """Of people who are in the house on that day, and have no other place at that time (B3)."""
        elsewhere = Booking.objects.confirmed().filter(
            client=OuterRef("client"),
            session__starts_at__gt=OuterRef("session__starts_at") - A_DAY,
            session__starts_at__lt=OuterRef("session__ends_at"),
            session__ends_at__gt=OuterRef("session__starts_at"),
        )
        other = elsewhere.exclude(session=OuterRef("session"))
        return self.in_the_house().filter(~Exists(other))

    def in_the_house(self) -> BookingQuerySet:
        """Of people who live in the house on that day."""
        stays = Stay.objects.current(OuterRef("session__local_date")).filter(client=OuterRef("client"))
        return self.filter(Exists(stays), client__in=User.objects.clients().active())

    def belonging(self) -> BookingQuerySet:
        """Where the group is closed, of its members on that day (B6)."""
        members = Membership.objects.on(OuterRef("session__local_date"))
        members = members.filter(client=OuterRef("client"), group=OuterRef("session__group"))
        return self.filter(~Q(session__group__admission=Admission.CLOSED) | Exists(members))

    def look_no_further(self) -> None:
        """Who does not belong to that group on that day needs no other place (T8)."""
        self.exclude(pk__in=self.belonging().values("pk")).update(needs_place_since=None)

    def needing_a_place(self, now: datetime) -> BookingQuerySet:
        """A change of the plan took the place, and nobody has settled it (T8).

        Not of people who left, and not once the session was over for [28] days.
        """
        return self.filter(
            needs_place_since__isnull=False,
            session__ends_at__gt=now - LOOKED_FOR,
            client__away_since=None,
            client__is_active=True,
        ).order_by("needs_place_since", "pk")

    def cared_for_by(self, clinician: User) -> BookingQuerySet:
        return self.filter(client__in=User.objects.cared_for_by(clinician))

    def overlapping(self, session: Session) -> BookingQuerySet:
        """Confirmed places elsewhere during that session; one that ends as it begins is no overlap (T4)."""
        return (
            self.confirmed()
            .filter(session__starts_at__lt=session.ends_at, session__ends_at__gt=session.starts_at)
            .filter(session__starts_at__gt=session.starts_at - A_DAY)  # none lasts as long
            .exclude(session=session)
        )


class Booking(Answering, FindingPlace, Apologies, GivingPriority, models.Model):
    """A client's place in a session, or on its waitlist."""

    State = State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session: models.ForeignKey[Session] = models.ForeignKey(
        "groups.Session", on_delete=models.PROTECT, related_name="bookings"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=20, choices=State)
    priority = models.SmallIntegerField(default=0, help_text=_("Set by a clinician; the higher is first."))
    joined_at = models.DateTimeField()
    adds_me = models.BooleanField(_("Add me automatically"), default=False)  # within a day of the start (B4)
    held_until = models.DateTimeField(null=True, blank=True)  # an offer is theirs to take until then (B4)
    apology_at = models.DateTimeField(null=True, blank=True)  # sent word that they cannot come (B6)
    priority_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority_at = models.DateTimeField(null=True, blank=True)
    priority_sealed = models.BinaryField(null=True, blank=True)  # the reason, with the client's key (B2)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_from = models.CharField(max_length=20, choices=State, blank=True)  # what it was until then
    needs_place_since = models.DateTimeField(null=True, blank=True)  # an edit took the place away (T8)
    place_settled_at = models.DateTimeField(null=True, blank=True)
    place_settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BookingQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads("session"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "client"],
                condition=Q(state__in=["confirmed", "offered", "waitlisted"]),
                name="one_active_booking_per_client_and_session",
                violation_error_message=_("You are on this list already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=["confirmed", "offered", "waitlisted"])
                | Q(
                    closed_at__isnull=False,
                    state__in=[
                        "cancelled",
                        "cancelled_late",
                        "declined",
                        "expired",
                        "removed",
                        "session_cancelled",
                    ],
                ),
                name="closed_booking_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(held_until__isnull=False), name="offer_is_held_until"
            ),
            models.CheckConstraint(
                condition=Q(priority=0)
                | Q(priority_by__isnull=False, priority_at__isnull=False, priority_sealed__isnull=False),
                name="priority_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(place_settled_at=None, place_settled_by=None)
                | Q(place_settled_at__isnull=False, place_settled_by__isnull=False),
                name="place_is_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["session", "state"], name="bookings_of_session"),
            models.Index(fields=["client", "state"], name="bookings_of_client"),
            models.Index(fields=["held_until"], condition=Q(state="offered"), name="offers_by_end"),
            # Who waits now, of all who ever did. It holds every state: SQLite would use one of those states
            # alone for no query that has them as parameters.
            models.Index(fields=["state", "session"], name="bookings_by_state"),
            models.Index(
                fields=["client", "session"],
                condition=Q(apology_at__isnull=False),
                name="apologies_of_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.state}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    def cancel(self, *, by: User, now: datetime) -> None:
        """Gives the place up; the next in line gets it at once. Twice is once.

        Raises PartOfThePlan for a client in a mandatory group (B6), Begun after the start.
        """
        with transaction.atomic():
            session = self.session.locked()
            booking = session.bookings.get(pk=self.pk)
            if booking.is_active:
                booking._refuse_to_leave(session, by, now)
                booking._pass(booking._left_as(session, now), now=now)
                session.promote(now)
        session.promote_beside(now)
        self.refresh_from_db()

    def _pass(self, event: Event, *, now: datetime, **fields: Any) -> None:
        """The one way in which a booking gets its state. Raises Impossible, and then nothing is saved."""
        state = after(self.state, event)
        if self.state == State.OFFERED:
            notices.lay_down_offers(Booking.objects.filter(pk=self.pk), now)
        changes = {"state": state, **closing(self.state, state, now), **fields}
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=None if self._state.adding else [*changes])

    def _refuse_to_leave(self, session: Session, by: User, now: datetime) -> None:
        is_expected = session.group.admission == Admission.MANDATORY and self.state == State.CONFIRMED
        if is_expected and by.is_client:
            raise PartOfThePlan
        if session.has_begun(now):
            raise Begun

    def _left_as(self, session: Session, now: datetime) -> Event:
        """Leaving what rests is never late: nobody was expected (T9)."""
        expected = self.state == State.CONFIRMED and not session.rests
        late = expected and now > session.starts_at - LATE_WITHIN
        return Event.LEAVE_LATE if late else Event.LEAVE


def closing(was: Any, state: State, now: datetime) -> dict[str, Any]:
    """What goes with the new state. No offer is held in any but one, and `fields` say until when."""
    closed = (
        {"closed_from": "", "closed_at": None} if state in ACTIVE else {"closed_from": was, "closed_at": now}
    )
    return closed | {"held_until": None}
