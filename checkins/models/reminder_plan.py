from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.who import Own, Rule
from checkins.models.reminder_plan_queries import FOLLOW_UP, KIND, ReminderPlanQuerySet
from checkins.rhythm import DAY, EVERY_DAY, ProgramDefault, Rhythm

__all__ = ["EVERY_DAY", "FOLLOW_UP", "KIND", "ReminderPlan", "ReminderPlanQuerySet"]


class ReminderPlan(models.Model):
    """When one client likes to be reminded. Its days are dates of the calendar by the client's clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_plan"
    )
    at = models.TimeField(default=ProgramDefault.AT)  # by the client's own clock
    weekdays = models.PositiveSmallIntegerField(default=ProgramDefault.WEEKDAYS)  # one bit a day
    is_on = models.BooleanField(default=True)
    paused_until = models.DateField(null=True, blank=True)  # the first day with a reminder again
    # Minutes after the reminder at which one more goes out, where the day is still open; None: never (K4).
    follow_up_after = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_on = models.DateField(null=True, editable=False)  # the last date that had one
    next_on = models.DateField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    zone_name = models.CharField(max_length=60, blank=True, editable=False)  # the client's, when it was aimed

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
            plan.next_on = plan.next_at = None
        plan.save()

    @property
    def rhythm(self) -> Rhythm:
        """By the clock of the client's present zone."""
        return Rhythm(
            at=self.at,
            weekdays=self.weekdays,
            paused_until=self.paused_until,
            zone_name=self.client.time_zone or settings.TIME_ZONE,
            planned_on=self.planned_on,
            follow_up_after=self.follow_up_after,
        )

    def stands_on(self, day: date) -> bool:
        """On, and not paused on that date (K4)."""
        return self.is_on and (self.paused_until is None or self.paused_until <= day)

    def aim(self, now: datetime) -> None:
        """Sets the next time that is still to come."""
        rhythm = self.rhythm
        self.zone_name, self.next_on = rhythm.zone_name, rhythm.day_ahead(now)
        self.next_at = rhythm.instant(self.next_on)

    def coming(self, now: datetime) -> datetime | None:
        """When the next reminder can really come, reckoned anew.

        Since the plan was aimed the client may have moved to another zone, left, or checked in (K3, K4).
        """
        if not ReminderPlan.objects.filter(pk=self.pk, is_on=True).of_people_in_the_house(now).exists():
            return None
        check_ins = self.client.check_ins.filter(day__gte=self.client.local_day(now))
        answered = set(check_ins.values_list("day", flat=True))
        rhythm = self.rhythm
        day = rhythm.day_ahead(now)
        while self.client.local_day(rhythm.instant(day)) in answered:
            day = rhythm.chosen_day(day + DAY)
        return rhythm.instant(day)
