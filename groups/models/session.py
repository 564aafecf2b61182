from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from groups.models.calling_off import CallingOff
from groups.models.group import Group
from groups.models.joining import Joining
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.models.series import Series


class Session(
    Standing,
    Waitlist,
    Joining,
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

    @property
    def left(self) -> int:
        """Free for whoever arrives: those who wait come first (B2). For rows that `places.count` has seen."""
        return max(0, self.free - self.waiting)

    def has_begun(self, now: datetime) -> bool:
        return now >= self.starts_at

    def locked(self) -> Session:
        """This session as it is now, held until the transaction ends. Call it inside one."""
        # The room is fetched once the row is held: it may have changed while this waited, and PostgreSQL
        # finds no row that still fits the room it joined before. The group of a session never changes.
        rows = Session.objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("group").get(pk=self.pk)

    def _change(self, now: datetime, by: User | None = None, **fields: Any) -> None:
        """Writes what changes for those who come, raises the number that calendars compare (T10), and keeps
        who did it. Call it on a `locked` session."""
        begin([self], people_changed="own_people" in fields)
        for name, value in fields.items():
            setattr(self, name, value)
        self.sequence, self.changed_at = self.sequence + 1, now
        self._history_user = by
        self.save(update_fields=[*fields, "sequence", "changed_at"])
