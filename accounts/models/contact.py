"""Talks that took place (K6, B8). What was said in them stands nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models.care_team import care_team
from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User

TAKE_BACK_WITHIN = timedelta(minutes=10)  # a talk that was none


class ContactQuerySet(models.QuerySet["Contact"]):
    def slips_of(self, clinician: User, now: datetime) -> ContactQuerySet:
        """What this clinician noted so lately that they may take it back."""
        return self.filter(clinician=clinician, at__gt=now - TAKE_BACK_WITHIN)

    def of_day(self, clinician: User, client: User, now: datetime) -> ContactQuerySet:
        begin = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(clinician=clinician, client=client, at__gte=begin)

    @transaction.atomic
    def log(self, *, client: User, by: User, now: datetime) -> bool:
        """ "We talked today": a talk that nobody asked for, once a day. It ends what nobody took (K6)."""
        from accounts.models.outreach import OutreachTask

        client.lock()
        if self.of_day(by, client, now).exists():
            return False
        self.create(client=client, clinician=by, at=now)
        missed = OutreachTask.objects.in_no_hands().filter(client=client)
        missed.filter(reason=OutreachTask.Reason.MISSED_CHECK_INS).lay_down(by=client, now=now)
        return True

    @transaction.atomic
    def take_back(self, *, client: User, by: User, now: datetime) -> bool:
        """ "That was a slip", for a talk without a task. False where it is too late."""
        client.lock()
        return bool(self.slips_of(by, now).filter(client=client, task=None).delete()[0])

    def visible_to(self, user: User) -> ContactQuerySet:
        return Contact.seen_by.rows(self, user)


class Contact(models.Model):
    """A talk between a client and a member of the care team. That it took place, not what was said."""

    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contacts")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    task = models.OneToOneField(
        "accounts.OutreachTask", on_delete=models.SET_NULL, null=True, blank=True, related_name="contact"
    )

    objects = ContactQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"))

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"contact at {self.at:%Y-%m-%d %H:%M}"
