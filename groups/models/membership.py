"""Who belongs to a closed group, and from when to when (B6)."""

from __future__ import annotations

import logging
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.care_team import care_team
from accounts.who import Own, Rule
from groups import notices
from groups.models.facilitator import leads_group
from groups.refusals import MemberAlready
from groups.transitions import Event

if TYPE_CHECKING:
    from groups.models.booking import BookingQuerySet
    from groups.models.group import Group
    from groups.models.session import Session

logger = logging.getLogger(__name__)

BEGAN = Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))  # not one that was ended before its first day


class Moved(Exception):
    """The member was put on one more list while the locks were awaited."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> MembershipQuerySet:
        """One's own; those of groups one leads; those of the clients one cares for."""
        return Membership.seen_by.rows(self, user)

    def from_then_on(self, day: date | OuterRef) -> MembershipQuerySet:
        """Those that hold on that day or will hold later."""
        return self.filter(BEGAN, Q(ends_on=None) | Q(ends_on__gte=day))

    def on(self, day: date | OuterRef) -> MembershipQuerySet:
        """Those that hold on that day, first and last day included."""
        return self.from_then_on(day).filter(starts_on__lte=day)

    def ending_with_stay(self, client: User, on: date) -> MembershipQuerySet:
        """Those of a client who leaves the house on that day that would go on after it."""
        return self.filter(BEGAN, Q(ends_on=None) | Q(ends_on__gt=on), client=client)

    def end_with_stay(self, client: User, *, on: date, by: User, now: datetime) -> None:
        """Who leaves the house leaves its groups (A6). The places go in `groups.leaving`."""
        self.ending_with_stay(client, on).update(ends_on=on, ended_by=by, ended_at=now)


class Membership(models.Model):
    """A client's time in a closed group. Members have a place in each of its sessions (B6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group: models.ForeignKey[Group] = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, related_name="memberships"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(  # who set the last day after it was added, and when; the days decide
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), leads_group("group"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client"],
                condition=Q(ends_on=None),
                name="one_open_membership_per_client_and_group",
                violation_error_message=_("This person is a member already."),
            ),
            models.CheckConstraint(
                # Who is taken off again before the first day was never a member.
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")) | Q(ended_at__isnull=False),
                name="membership_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ends_on__isnull=False),
                name="membership_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} from {self.starts_on}"

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def is_over(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < max(day, self.starts_on)

    def end(self, *, on: date, by: User, now: datetime) -> None:
        """Sets the last day; their places after it go to the next in line (B3). Twice is once.

        A later day than before makes it longer. One that is over stays as it was. Raises MemberAlready where
        another time of theirs in this group would be touched.
        """
        held: list[Session] | None = None
        while held is None:
            try:
                held = self._end(on, by, now)
            except Moved:
                continue
        self.refresh_from_db()
        try:
            for session in held:
                session.promote_beside(now)
        except Exception as error:  # the end is kept; the next turn of the waitlists makes it good
            logger.warning("after the end of membership %s: %s", self.pk, type(error).__name__)
        self.group.expect_members(now)

    @transaction.atomic
    def _end(self, on: date, by: User, now: datetime) -> list[Session]:
        """Sessions are held before people, as for whoever joins."""
        from groups.models.booking import Booking
        from groups.models.session import Session

        after = self._places_after(on, now)
        ids = set(after.values_list("session", flat=True))
        sessions = Session.objects.filter(pk__in=ids).hold()
        waiting = Booking.objects.in_line().filter(session__in=ids).values_list("client", flat=True)
        User.objects.hold({self.client_id, *waiting})
        was = Membership.objects.select_related("client", "group").get(pk=self.pk)
        if was.is_over(timezone.localdate(now)) or was.ends_on == on:
            return []
        if set(after.values_list("session", flat=True)) - ids:
            raise Moved
        was.refuse_overlap(until=on)
        Membership.objects.filter(pk=self.pk).update(ends_on=on, ended_by=by, ended_at=now)
        after.pass_all(Event.REMOVE, now=now)
        was._after(on).filter(session__starts_at__gt=now).update(
            needs_place_since=None
        )  # nor looked for (T8)
        for session in sessions:
            session.promote(now)
        notices.post_membership_ends(was, by, now)
        return sessions

    def _after(self, day: date) -> BookingQuerySet:
        """What they have in this group after that day, but for the days of another time of theirs in it."""
        from groups.models.booking import Booking

        theirs = Booking.objects.filter(client=self.client_id, session__group=self.group_id)
        again = Membership.objects.filter(group=self.group_id, client=self.client_id).exclude(pk=self.pk)
        again = again.on(OuterRef("session__local_date"))
        return theirs.filter(~Exists(again), session__local_date__gt=day)

    def _places_after(self, day: date, now: datetime) -> BookingQuerySet:
        """Where a mark says already that they were there, the place stays."""
        from groups.models.attendance import Attendance

        marks = Attendance.objects.filter(client=self.client_id, session=OuterRef("session"))
        return self._after(day).active().filter(~Exists(marks), session__starts_at__gt=now)

    def refuse_overlap(self, *, until: date | None) -> None:
        """Nobody is a member twice on one day. Only while the client is held."""
        others = Membership.objects.filter(group=self.group_id, client=self.client_id).exclude(pk=self.pk)
        same_days = others.from_then_on(self.starts_on)
        if until is not None:
            same_days = same_days.filter(starts_on__lte=until)
        if same_days.exists():
            raise MemberAlready
