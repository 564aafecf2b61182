from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from groups import clashes, notices
from groups.models.attendance import EDITABLE_FOR, OPENS_BEFORE, Attendance
from groups.models.booking import Booking, State
from groups.models.facilitator import Facilitator
from groups.models.group import Admission, Group
from groups.models.room import Room
from groups.models.session_queries import SessionQuerySet
from groups.models.standing import Standing
from groups.models.waitlist import Waitlist
from groups.refusals import (
    Begun,
    CalledOff,
    Full,
    LeadsElsewhere,
    LedAlready,
    NotHereThen,
    NotOpen,
    Over,
    Overlaps,
    Refused,
    TooEarlyOrLate,
    Unagreed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groups.models.series import Series


class Session(Standing, Waitlist, models.Model):
    """One occurrence of a group: a day, a room, its people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="sessions")
    series: models.ForeignKey[Series | None] = models.ForeignKey(
        "groups.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="sessions")
    local_date = models.DateField()  # in the zone of the series
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room_free_at = models.DateTimeField()  # the end and the room's turnover (C1)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # What lists add: SessionQuerySet.with_leaders, places.count, with_turnout.
    leader: str | None
    leaders: Sequence[str] = ()
    confirmed = taken = waiting = blanks = 0
    more = 0  # how many of its group follow

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "local_date"], name="one_session_of_a_series_per_day"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), room_free_at__gte=F("ends_at")),
                name="session_ends_after_it_starts",
                violation_error_message=gettext_lazy("A session ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="cancelled_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["local_date", "starts_at"], name="sessions_by_day"),
            models.Index(fields=["room", "starts_at"], name="sessions_in_room"),
            models.Index(fields=["starts_at"], name="sessions_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.group} on {self.local_date}"

    def get_absolute_url(self) -> str:
        return reverse("groups:session_detail", args=[self.pk])

    @classmethod
    def plan(cls, *, group: Group, room: Room, day: date, starts_at: datetime, minutes: int) -> Session:
        """An unsaved session. `minutes` pass on every clock, whatever the local one does meanwhile (T4)."""
        ends_at = starts_at + timedelta(minutes=minutes)
        free_at = ends_at + timedelta(minutes=room.turnover_minutes)
        return cls(
            group=group, room=room, local_date=day, starts_at=starts_at, ends_at=ends_at, room_free_at=free_at
        )

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def day_word(self) -> str:
        """Yesterday, today or tomorrow, else nothing."""
        days = (timezone.localtime(self.starts_at).date() - timezone.localdate()).days
        return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get(days, "")

    @property
    def capacity(self) -> int:
        """The smaller of the group's and the room's (C5)."""
        return min(self.group.capacity, self.room.capacity)

    @property
    def free(self) -> int:
        """Below zero when a capacity was lowered under people who stay."""
        return self.capacity - self.taken

    def has_begun(self, now: datetime) -> bool:
        return now >= self.starts_at

    @property
    def people(self) -> list[User]:
        """Who leads, the lead first."""
        return [row.person for row in self.facilitators.all()]

    def led_by(self, user: User) -> bool:
        return any(row.person_id == user.pk for row in self.facilitators.all())

    def locked(self) -> Session:
        """This session as it is now, held until the transaction ends. Call it inside one."""
        rows = Session.objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("group", "room").get(pk=self.pk)

    def is_joinable(self, now: datetime) -> bool:
        return self.group.admission == Admission.OPEN and not (self.cancelled_at or self.has_begun(now))

    def is_leavable(self, now: datetime) -> bool:
        return self.group.admission != Admission.MANDATORY and not (self.cancelled_at or self.has_begun(now))

    def join(self, *, by: User, now: datetime, or_wait: bool = False, agreed: str = "") -> Booking:
        """A place for this client, or with `or_wait` one on the waitlist; again gives the same booking.

        `agreed` is the version of the group's agreement that the client read. Raises Refused, which says why:
        Full when the last place is gone and nobody asked to wait (C5), Overlaps for two at one time (C3).
        """
        with transaction.atomic():
            session = self.locked()
            session.hold_people(by)
            session.promote(now)  # whoever waits comes before whoever arrives
            booking = session.bookings.active().filter(client=by).first()
            refusal: Refused | None = None
            if booking is None:
                refusal = session._refusal(by, now, or_wait, agreed)
            elif booking.state == State.WAITLISTED:
                refusal = session._overlap(by)
            if booking is None and refusal is None:
                booking = session._book(by, now)
        if refusal is not None:
            raise refusal
        assert booking is not None  # noqa: S101  # for the type checker: there is one or a refusal
        return booking

    def _refusal(self, client: User, now: datetime, or_wait: bool, agreed: str) -> Refused | None:
        if self.cancelled_at:
            return CalledOff()
        if self.has_begun(now):
            return Begun()
        if self.group.admission != Admission.OPEN:
            return NotOpen()
        if not client.stays.current(self.local_date).exists():
            return NotHereThen()
        if agreed != str(self.group.agreement_version) and not self.group.is_agreed_by(client):
            return Unagreed()
        return self._overlap(client) if or_wait or self.places_left() > 0 else Full()

    def _overlap(self, client: User) -> Overlaps | None:
        """Keeps a client from a free place while they are elsewhere (C3); waiting in two is allowed."""
        other = client.bookings.overlapping(self).select_related("session__group").first()
        return Overlaps(other.session) if other and self.places_left() > 0 else None

    def _book(self, client: User, now: datetime) -> Booking:
        if self.group.agreement:
            self.group.agree(by=client, now=now)
        state = State.CONFIRMED if self.places_left() > 0 else State.WAITLISTED
        return self.bookings.create(client=client, state=state, joined_at=now)

    def is_in_hands_of(self, user: User) -> bool:
        """Of those who lead it and of managers; of every clinician while nobody leads it."""
        return user.is_manager or self.led_by(user) or (user.is_clinician and not self.people)

    def can_be_taken_over_by(self, user: User) -> bool:
        return user.has_perm("groups.lead_session") and not (self.people or self.cancelled_at or self.is_over)

    def take_over(self, *, by: User, now: datetime) -> None:
        """Leads a session that nobody leads. Twice is once.

        Raises LeadsElsewhere for who leads another then (C2), LedAlready, CalledOff or Over.
        """
        with transaction.atomic():
            session = self.locked()
            clashes.hold(session.room, [by])
            if session.led_by(by):
                return
            if session.cancelled_at or now >= session.ends_at:
                raise CalledOff if session.cancelled_at else Over
            if session.people:
                raise LedAlready
            led = Session.objects.not_cancelled().led_by(by).select_related("group")
            if other := led.overlapping(session).first():
                raise LeadsElsewhere(other)
            Facilitator.objects.create(session=session, person=by)

    def can_be_cancelled_by(self, user: User, now: datetime) -> bool:
        return self.is_in_hands_of(user) and not self.cancelled_at and not self.has_begun(now)

    def cancel(self, *, by: User, now: datetime) -> None:
        """Calls it off and tells everybody on it (B9). Twice is once. Raises Begun after the start."""
        with transaction.atomic():
            session = self.locked()
            if not session.cancelled_at:
                if session.has_begun(now):
                    raise Begun
                Session.objects.filter(pk=self.pk).update(cancelled_at=now, cancelled_by=by)
                on_it = list(session.bookings.active().select_related("client"))
                session.bookings.active().update(state=State.SESSION_CANCELLED, closed_at=now)
                notices.post_cancelled(session, on_it, now)
        self.promote_beside(now)
        self.refresh_from_db(fields=["cancelled_at", "cancelled_by"])

    @property
    def sheet_opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    def can_be_recorded(self, now: datetime) -> bool:
        return self.cancelled_at is None and self.sheet_opens_at <= now < self.ends_at + EDITABLE_FOR

    def is_left_to_record(self, now: datetime) -> bool:
        """Over, and its sheet has blanks; for rows that come `with_turnout`."""
        return self.blanks > 0 and self.ends_at <= now and self.can_be_recorded(now)

    @transaction.atomic
    def record(self, marks: Mapping[uuid.UUID, str], *, by: User, now: datetime) -> None:
        """Keeps these marks, client id to state; who is not among them stays as they were (B7).

        Raises TooEarlyOrLate outside the sheet's time. Marks of people who are not on the roster are dropped.
        """
        if not self.can_be_recorded(now):
            raise TooEarlyOrLate
        roster = set(self.bookings.confirmed().values_list("client", flat=True))
        known = dict(self.attendance.values_list("client", "state"))
        for client, state in marks.items():
            if client in roster and known.get(client) != state:
                Attendance.objects.update_or_create(
                    session=self,
                    client_id=client,
                    defaults={"state": state, "recorded_by": by, "recorded_at": now},
                )
