from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds


class Preference(models.Model):
    """How one person wishes to be reached. Without a row, the program's defaults hold."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="reach"
    )
    by_mail = models.BooleanField(_("Send me an e-mail"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=settings.QUIET_FROM)
    quiet_until = models.TimeField(_("quiet until"), default=settings.QUIET_UNTIL)

    def __str__(self) -> str:
        return f"reach of {self.person_id}"


def quiet_hours(reach: Preference | None) -> tuple[time, time]:
    """From when to when a person is left in peace, by their own clock (K4)."""
    return (reach.quiet_from, reach.quiet_until) if reach else (settings.QUIET_FROM, settings.QUIET_UNTIL)


def is_within(clock: time, start: time, end: time) -> bool:
    """Half-open, and past midnight where the end comes before the start."""
    return start <= clock < end if start <= end else clock >= start or clock < end


def quiet_end(person: Any, now: datetime) -> datetime | None:
    """When the person's quiet hours end, by their own clock; None outside of them (K4).

    Of a bare address no clock is known: the program's holds.
    """
    start, end = quiet_hours(getattr(person, "reach", None))
    zone = person.zone if person else timezone.get_default_timezone()
    local = now.astimezone(zone)
    if not is_within(local.time(), start, end):
        return None
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=zone)


WAITING = ("due", "claimed")  # the states in which a message can still go out


class NotificationQuerySet(models.QuerySet["Notification"]):
    def post(self, **fields: Any) -> None:
        """Puts one message in the outbox; the same message twice is one message."""
        self.post_many([fields])

    def post_shown(self, now: datetime, *messages: dict[str, Any]) -> None:
        """For what people are told at once: read in the product from now on, whether or not a sender works.

        The mail, where there is one, goes the usual way.
        """
        self.post_many(message | {"not_before": now, "shown_at": now} for message in messages)

    def post_many(self, messages: Iterable[dict[str, Any]]) -> None:
        rows = (Notification(**fields) for fields in messages)
        Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)

    def due(self, now: datetime) -> NotificationQuerySet:
        """What waits to be sent, and what a sender took and never finished."""
        waiting = Q(state=Notification.State.DUE, not_before__lte=now)
        abandoned = Q(state=Notification.State.CLAIMED, claimed_until__lte=now)
        return self.filter(waiting | abandoned)

    @transaction.atomic
    def claim(self, now: datetime, limit: int) -> uuid.UUID | None:
        """Takes up to `limit` due rows for one sender. On SQLite the immediate transaction is the lock."""
        rows = self.due(now).order_by("not_before").select_for_update(skip_locked=True)
        ids = list(rows.values_list("pk", flat=True)[:limit])
        if not ids:
            return None
        claim = uuid.uuid4()
        Notification.objects.filter(pk__in=ids).update(
            state=Notification.State.CLAIMED,
            claim=claim,
            claimed_until=now + timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
        )
        return claim

    def visible_to(self, user: Any) -> NotificationQuerySet:
        """One's own that were shown. A kind that no app registers any more has no words, and what was about
        the house is no more for whoever has left."""
        return self.filter(recipient=user, shown_at__isnull=False, kind__in=kinds.names(user))

    def waiting_for(self, person: Any) -> NotificationQuerySet:
        return self.filter(recipient=person, state=Notification.State.DUE)

    def drop(self, person: Any) -> int:
        """What waits for this person is not sent any more: all of it for a closed account (A6).

        A sender that has one in hand asks again before it sends (`delivery.decide`).
        """
        waiting = self.waiting_for(person)
        if person.is_active:
            waiting = waiting.exclude(kind__in=kinds.names(person))
        else:  # what goes to an old or a new address of theirs
            bare = self.filter(recipient=None, about=person.pk, state=Notification.State.DUE)
            bare.update(state=Notification.State.DROPPED, address="")
        noted = waiting.filter(shown_at__isnull=False).update(state=Notification.State.NOTED)
        return noted + waiting.update(state=Notification.State.DROPPED)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """A message to one person: the row of the outbox, and the notice in the product. It holds no content.

    Somebody who has no account yet is a bare address, kept only as long as the mail waits.
    """

    class State(models.TextChoices):
        DUE = "due"
        CLAIMED = "claimed"
        SENT = "sent"
        NOTED = "noted"  # shown in the product alone
        DROPPED = "dropped"  # it had lost its point
        DEAD = "dead"  # it could not be mailed

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One of the two; an address is erased as soon as the message is dealt with.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    due_on = models.DateField()  # the recipient's local date
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)  # the name of an exception, never its text
    shown_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "about", "due_on"], name="one_message_for_one_cause_and_day"
            ),
            models.UniqueConstraint(  # two NULLs are never equal, so the one above says nothing here
                fields=["kind", "about", "due_on"],
                condition=Q(recipient=None),
                name="one_message_to_an_address_for_one_cause_and_day",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="")
                | Q(recipient=None, state__in=WAITING) & ~Q(address="")
                | Q(recipient=None, address="") & ~Q(state__in=WAITING),
                name="person_or_address_while_it_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claim__isnull=False, claimed_until__isnull=False),
                name="claim_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="due"), name="outbox_due"),
            models.Index(fields=["claimed_until"], condition=Q(state="claimed"), name="outbox_claimed"),
            models.Index(fields=["recipient", "-shown_at"], name="notices_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.due_on}"

    def get_absolute_url(self) -> str:
        return kinds.get(self.kind).page(self)

    @property
    def notice(self) -> str:
        return str(kinds.get(self.kind).notice)

    def read(self, *, now: datetime) -> None:
        Notification.objects.filter(pk=self.pk, read_at=None).update(read_at=now)


class Heartbeat(models.Model):
    """When a process that must not fall silent was last seen at work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def silent(cls, now: datetime) -> list[str]:
        """Names of the engine's parts that have not been seen for too long, or ever (K8)."""
        since = now - timedelta(minutes=settings.SILENT_AFTER_MINUTES)
        seen = set(cls.objects.filter(at__gt=since).values_list("name", flat=True))
        return sorted({"beat", "worker"} - seen)
