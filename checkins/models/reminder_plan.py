from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.who import Own, Rule
from notifications.models import Notification

KIND = "checkins.reminder"
EVERY_DAY = 0b1111111  # Monday is the lowest bit
HORIZON = timedelta(seconds=20)  # the message lies ready two ticks before its minute
BATCH = 1000
DAY = timedelta(days=1)


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def visible_to(self, user: User) -> ReminderPlanQuerySet:
        return ReminderPlan.seen_by.rows(self, user)

    def for_client(self, client: User) -> ReminderPlan:
        return self.get_or_create(client=client)[0]

    def plan(self, now: datetime) -> int:
        """Puts the reminders that fall due next in the outbox, and tells how many (K3).

        Three queries where nothing is due. Two planners at once share the work: each takes rows that the
        other has not locked, and the outbox keeps one message for a plan and day.
        """
        house = User.objects.in_house(timezone.localdate(now))
        without = house.filter(reminder_plan=None)
        ReminderPlan.objects.bulk_create(
            [ReminderPlan(client=client) for client in without], ignore_conflicts=True
        )
        while self._aim_some(house, now):
            pass
        planned = 0
        while some := self._post_some(house, now):
            planned += some
        return planned

    def stop(self, client: User) -> None:
        """Nothing is due any more. What the client chose stays, for another stay (A6)."""
        self.filter(client=client).update(next_on=None, next_at=None)

    def of_people_in_the_house(self, now: datetime) -> ReminderPlanQuerySet:
        return self.filter(client__in=User.objects.in_house(timezone.localdate(now)))

    def wanted(self, *, on: date, check_in_day: date) -> ReminderPlanQuerySet:
        """Plans that are on, not paused on that date, and whose person said nothing on that day (K4)."""
        standing = self.filter(Q(paused_until=None) | Q(paused_until__lte=on), is_on=True)
        return standing.exclude(client__check_ins__day=check_in_day)

    @transaction.atomic
    def _aim_some(self, house: models.QuerySet[User], now: datetime) -> int:
        """Aims plans that have no next time, or whose person now lives by another clock."""
        clock = Coalesce(NullIf("client__time_zone", Value("")), Value(settings.TIME_ZONE))
        unaimed = Q(next_at=None) | ~Q(zone_name=F("clock"))
        rows = self.filter(is_on=True, client__in=house).annotate(clock=clock).filter(unaimed)
        plans = rows._locked()
        for plan in plans:
            plan.aim(now)
        self._store(plans)
        return len(plans)

    @transaction.atomic
    def _post_some(self, house: models.QuerySet[User], now: datetime) -> int:
        """Posts what is due of some plans and moves each on. The plans of people who left fall asleep."""
        at_home = Exists(house.filter(pk=OuterRef("client")))
        plans = self.filter(next_at__lte=now + HORIZON).annotate(at_home=at_home)._locked()
        Notification.objects.post_many(
            message for plan in plans if plan.at_home for message in plan.messages(now)
        )
        for plan in plans:
            if plan.at_home:
                plan.move_on(now)
            else:
                plan.sleep()
        self._store(plans)
        return len(plans)

    def _locked(self) -> list[ReminderPlan]:
        rows = self.select_related("client").select_for_update(skip_locked=True, of=("self",))
        return list(rows.order_by("next_at")[:BATCH])

    def _store(self, plans: Iterable[ReminderPlan]) -> None:
        """One update for all plans that aim at the same moment: mostly one, since they fell due together."""
        same: dict[tuple[Any, ...], list[uuid.UUID]] = defaultdict(list)
        for plan in plans:
            same[plan.planned_on, plan.next_on, plan.next_at, plan.zone_name].append(plan.pk)
        for (planned_on, next_on, next_at, zone_name), ids in same.items():
            ReminderPlan.objects.filter(pk__in=ids).update(
                planned_on=planned_on, next_on=next_on, next_at=next_at, zone_name=zone_name
            )


class ReminderPlan(models.Model):
    """When one client likes to be reminded. Its days are dates of the calendar by the client's clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_plan"
    )
    at = models.TimeField(default=settings.REMINDER_DEFAULT_AT)  # by the client's own clock
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY)  # one bit a day
    is_on = models.BooleanField(default=True)
    paused_until = models.DateField(null=True, blank=True)  # the first day with a reminder again
    # Minutes after the reminder at which one more goes out, where the day is still open; None: never (K4).
    follow_up_after = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_on = models.DateField(null=True, editable=False)  # the last date that had one
    next_on = models.DateField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    zone_name = models.CharField(max_length=60, blank=True, editable=False)  # the client's, when it was aimed

    at_home: bool  # said by the planner's query

    objects = ReminderPlanQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=EVERY_DAY),
                name="reminders_on_some_day",
                violation_error_message=_("Choose at least one day."),
            ),
            models.CheckConstraint(
                condition=Q(next_at=None, next_on=None) | Q(next_at__isnull=False, next_on__isnull=False),
                name="next_reminder_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="reminders_next")
        ]

    def __str__(self) -> str:
        return f"reminders at {self.at:%H:%M}"

    @transaction.atomic
    def change(self, *, by: User, now: datetime, **choices: Any) -> None:
        """Keeps the client's choices. A day that had its reminder gets no second one at the new time (K3)."""
        plan = ReminderPlan.objects.select_for_update().get(pk=self.pk, client=by)
        for name, value in choices.items():
            setattr(plan, name, value)
        plan.client = by
        if plan.is_on:
            plan.aim(now)
        else:
            plan.sleep()
        plan.save()

    def aim(self, now: datetime) -> None:
        """Sets the next time that is still to come, by the clock of the client's present zone."""
        self.zone_name = self.client.time_zone or settings.TIME_ZONE
        self._go_to(self._day_ahead(now))

    def coming(self, now: datetime) -> datetime | None:
        """When the next reminder can really come, reckoned anew.

        Since the plan was aimed the client may have moved to another zone, left, or checked in (K3, K4).
        """
        if not ReminderPlan.objects.filter(pk=self.pk, is_on=True).of_people_in_the_house(now).exists():
            return None
        check_ins = self.client.check_ins.filter(day__gte=self.client.local_day(now))
        answered = set(check_ins.values_list("day", flat=True))
        day = self._day_ahead(now)
        while self.client.local_day(self.instant(day)) in answered:
            day = self._chosen_day(day + DAY)
        return self.instant(day)

    def move_on(self, now: datetime) -> None:
        """To the next chosen day. After an outage today's reminder comes late; those of past days never."""
        self.planned_on = self.next_on
        self._go_to(self._first_day_from(now))

    def sleep(self) -> None:
        self.next_on = self.next_at = None

    def messages(self, now: datetime) -> Iterator[dict[str, Any]]:
        """The reminder of the date it aims at, or none where the check-in day of that moment is over."""
        if self.next_at and now < (ends := self.client.day_end(self.next_at)):
            yield {
                "recipient": self.client,
                "kind": KIND,
                "about": self.pk,
                "due_on": self.next_on,
                "not_before": self.next_at,
                "not_after": ends,
            }

    def instant(self, day: date) -> datetime:
        """When the reminder of that date is due.

        A time that does not exist takes the offset before the gap, an ambiguous one is the first (T3).
        """
        return datetime.combine(day, self.at, tzinfo=self.client.zone).astimezone(UTC)

    def _first_day_from(self, now: datetime) -> date:
        """The first chosen day from today on that had no reminder yet and is not paused."""
        first = now.astimezone(self.client.zone).date()
        if self.planned_on:
            first = max(first, self.planned_on + DAY)
        return self._chosen_day(max(first, self.paused_until or first))

    def _day_ahead(self, now: datetime) -> date:
        """The first such day whose moment is still to come."""
        day = self._first_day_from(now)
        return day if self.instant(day) >= now else self._chosen_day(day + DAY)

    def _chosen_day(self, first: date) -> date:
        week = (first + number * DAY for number in range(7))
        return next(day for day in week if self.weekdays >> day.weekday() & 1)

    def _go_to(self, day: date) -> None:
        self.next_on, self.next_at = day, self.instant(day)
