"""Which sessions really take place, and what still waits for a decision (T9, B9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, cast

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import LessThan

from accounts.models import Stay
from groups.models.booking import Booking
from groups.models.facilitator import Facilitator
from groups.models.holiday import Holiday, KeptOnHoliday
from groups.models.prerequisite import not_too_early_for

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.session import Session
    from groups.models.session_queries import SessionQuerySet

ALTERNATIVES = 3  # B9
ALTERNATIVE_WITHIN = timedelta(days=7)  # after the day that was called off


class MeetingQuerySet(models.QuerySet["Session"]):
    def not_cancelled(self) -> Self:
        return self.filter(cancelled_at=None)

    def meeting(self) -> Self:
        """Neither cancelled nor resting (T9)."""
        return self.not_cancelled().filter(suspension=None)

    def upcoming(self, now: datetime) -> Self:
        return self.meeting().filter(starts_at__gt=now)

    def in_hands_of(self, user: User) -> Self:
        """As Session.is_in_hands_of: a manager's are all, a clinician's those they lead, those somebody leads
        in their place, and those that nobody leads."""
        if user.is_manager:
            return self
        if not user.is_clinician:
            return self.none()
        led = Facilitator.objects.filter(session=OuterRef("pk"))
        mine = led.filter(Q(person=user.pk) | Q(stands_in_for=user.pk))
        return self.filter(Exists(mine) | ~Exists(led))

    def number_of_people(self) -> int:
        """How many clients are on these or wait for them, each counted once."""
        on_them = Booking.objects.active().filter(session__in=self.order_by().values("pk"))
        return on_them.order_by().values("client").distinct().count()

    def on_holidays_undecided(self, now: datetime) -> Self:
        """Ahead on a holiday of which nobody has said yet that they take place (T9).

        Found by the day on which a session really is: one that was moved away is no longer among them, one
        that was laid out or moved onto the day is.
        """
        kept = KeptOnHoliday.objects.filter(holiday=OuterRef("pk"), session=OuterRef(OuterRef("pk")))
        days = Holiday.objects.filter(first__lte=OuterRef("local_date"), last__gte=OuterRef("local_date"))
        return self.upcoming(now).filter(Exists(days.filter(~Exists(kept))))

    def undecided_for(self, holiday: Holiday, now: datetime) -> Self:
        kept = KeptOnHoliday.objects.filter(holiday=holiday, session=OuterRef("pk"))
        days = self.upcoming(now).filter(local_date__range=(holiday.first, holiday.last))
        return days.filter(~Exists(kept))

    def decided_for(self, holiday: Holiday, now: datetime) -> Self:
        """What somebody kept on these days or called off, and is not over yet."""
        kept = KeptOnHoliday.objects.filter(holiday=holiday, session=OuterRef("pk"))
        days = self.filter(local_date__range=(holiday.first, holiday.last), ends_at__gt=now)
        standing = Q(Exists(kept), cancelled_at=None, suspension=None)
        return days.filter(Q(cancelled_at__isnull=False) | standing, withdrawn_by=None)

    def instead_of(self, session: Session, client: User, now: datetime) -> Self:
        """Up to three sessions that this client could join in place of one that was called off (B9).

        On the same day or in the week after it; open, with a free place, at a time when the client is nowhere
        else, while they stay in the house; no group that comes too early for them (B6). First the same
        kind of group, then the same pace, then the others; within each, the earliest. One query.
        """
        sessions = cast("SessionQuerySet", self).visible_to(client).fitting(client, now)
        stays = Stay.objects.current(OuterRef("local_date")).filter(client=client.pk)
        # Whoever waits comes before whoever arrives (B3).
        taken = Booking.objects.active().filter(session=OuterRef("pk")).order_by()
        number = taken.values("session").annotate(number=Count("pk")).values("number")
        occupied = Coalesce(Subquery(number), 0)
        likeness = Case(
            When(group__kind=session.group.kind, then=Value(0)),
            When(group__pace=session.group.pace, then=Value(1)),
            default=Value(2),
        )
        found = (
            sessions.exclude(pk=session.pk)
            .filter(
                Exists(stays),
                not_too_early_for(client),
                group__ended_at=None,
                local_date__range=(session.local_date, session.local_date + ALTERNATIVE_WITHIN),
            )
            .filter(LessThan(occupied, Least(F("group__capacity"), F("room__capacity"))))
            .annotate(taken=occupied)  # type: ignore[no-redef]
        )
        ordered = found.order_by(likeness, "starts_at", "group__name", "pk")
        return cast(Self, ordered.select_related("group", "room")[:ALTERNATIVES])
