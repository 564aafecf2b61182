from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from groups.models.booking import Booking, State
from groups.models.calling_off import CallingOff
from groups.models.group import Admission, Group
from groups.models.leading import Leading
from groups.models.moving import Moving
from groups.models.note_taking import NoteTaking
from groups.models.recorded import Recorded, begin
from groups.models.resting import RestingSession
from groups.models.room import Room
from groups.models.session_queries import SessionQuerySet
from groups.models.sheet import Sheet
from groups.models.standing import Standing
from groups.models.standing_in import StandingIn
from groups.models.swapping import Swapping
from groups.models.waitlist import Waitlist
from groups.refusals import (
    Begun,
    CalledOff,
    Full,
    NotHereThen,
    NotOpen,
    Overlaps,
    Refused,
    Rests,
    Unagreed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.models.series import Series


class Session(
    Standing,
    Waitlist,
    Swapping,
    Leading,
    StandingIn,
    CallingOff,
    Moving,
    RestingSession,
    Sheet,
    NoteTaking,
    models.Model,
):
    """One occurrence of a group: a day, a room, its people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="sessions")
    series: models.ForeignKey[Series | None] = models.ForeignKey(
        "groups.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="sessions")
    rule_date = models.DateField(null=True, blank=True)  # the day its series' rule gave it; never moves
    local_date = models.DateField()  # when it really is, in the zone of the series
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room_free_at = models.DateTimeField()  # the end and the room's turnover (C1)
    own_time = models.BooleanField(default=False)  # differs from its series, and stays so (T7)
    own_room = models.BooleanField(default=False)
    own_people = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(
        default=0
    )  # raised on each change of time, place or standing (T10)
    changed_at = models.DateTimeField(default=timezone.now)
    suspension = models.ForeignKey(
        "groups.Suspension", on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_by = models.ForeignKey(  # an edit took this day out of the series
        "groups.Edit", on_delete=models.SET_NULL, null=True, blank=True, related_name="withdrawn"
    )

    # What lists add: SessionQuerySet.with_leaders, places.count, with_turnout.
    leader: str | None
    leaders: Sequence[str] = ()
    confirmed = taken = waiting = blanks = 0
    more = 0  # how many of its group follow

    objects = SessionQuerySet.as_manager()
    history = Recorded()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "rule_date"], name="one_session_of_a_series_per_day"),
            models.CheckConstraint(
                condition=Q(series=None, rule_date=None) | Q(series__isnull=False, rule_date__isnull=False),
                name="session_of_a_series_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | Q(cancelled_at__isnull=False),
                name="withdrawn_session_is_cancelled",
            ),
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

    def locked(self) -> Session:
        """This session as it is now, held until the transaction ends. Call it inside one."""
        rows = Session.objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("group", "room").get(pk=self.pk)

    def _change(self, now: datetime, by: User | None = None, **fields: Any) -> None:
        """Writes what changes for those who come, raises the number that calendars compare (T10), and keeps
        who did it. Call it on a `locked` session."""
        begin([self], people_changed="own_people" in fields)
        for name, value in fields.items():
            setattr(self, name, value)
        self.sequence, self.changed_at = self.sequence + 1, now
        self._history_user = by
        self.save(update_fields=[*fields, "sequence", "changed_at"])

    def is_joinable(self, now: datetime) -> bool:
        closed = self.cancelled_at or self.rests or self.has_begun(now)
        return self.group.admission == Admission.OPEN and not closed

    def is_leavable(self, now: datetime) -> bool:
        return self.group.admission != Admission.MANDATORY and not (self.cancelled_at or self.has_begun(now))

    def join(self, *, by: User, now: datetime, or_wait: bool = False, agreed: str = "") -> Booking:
        """A place for this client, or with `or_wait` one on the waitlist; again gives the same booking.

        `agreed` is the version of the group's agreement that the client read. Raises Refused, which says why:
        Full when the last place is gone and nobody asked to wait (C5), Overlaps for two at one time (C3).
        """
        with transaction.atomic():
            session = self.locked()
            session.promote(now, by)  # whoever waits comes before whoever arrives
            booking, left = session.bookings.active().filter(client=by).first(), session.places_left()
            refusal: Refused | None = None
            if booking is None:
                refusal = session._refusal(by, now, left > 0 or or_wait, agreed)
            elif booking.state == State.WAITLISTED:
                refusal = session._overlap(by)
            if booking is None and refusal is None:
                state = State.CONFIRMED if left > 0 else State.WAITLISTED
                booking = session._book(state, by, now)
        if refusal is not None:
            raise refusal
        assert booking is not None  # noqa: S101  # for the type checker: there is one or a refusal
        return booking

    def _refusal(self, client: User, now: datetime, may_come: bool, agreed: str) -> Refused | None:
        if self.cancelled_at:
            return CalledOff()
        if self.has_begun(now):
            return Begun()
        if self.suspension:
            return Rests(self.suspension.last_words)
        if self.group.admission != Admission.OPEN:
            return NotOpen()
        if not client.stays.current(self.local_date).exists():
            return NotHereThen()
        if too_early := self.group.too_early_for(client):
            return too_early
        if agreed != str(self.group.agreement_version) and not self.group.is_agreed_by(client):
            return Unagreed()
        return self._overlap(client) if may_come else Full()

    def _overlap(self, client: User) -> Overlaps | None:
        """Keeps a client from a free place while they are elsewhere (C3); waiting in two is allowed."""
        others = (
            client.bookings.overlapping(self).select_related("session__group").order_by("session__starts_at")
        )
        found = [row.session for row in others[:2]]
        if not found or self.places_left() <= 0:
            return None
        return Overlaps(found[0], is_one=len(found) == 1)

    def _book(self, state: State, client: User, now: datetime) -> Booking:
        if self.group.agreement:
            self.group.agree(by=client, now=now)
        return self.bookings.create(client=client, state=state, joined_at=now)
