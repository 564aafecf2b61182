from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Q, Value, When

from notifications import kinds
from notifications.models import posting

WAITING = ("due", "claimed")  # the states in which a message can still go out
TOO_LATE = "TooLate"  # the `error` of what an outage took: it never went out, and has no point any more
MESSAGES_A_DAY = 3  # to one person, of the kinds that are capped (K4)


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

    def post_each(self, rows: models.QuerySet[Any], **fields: Any) -> None:
        """One message for each of these rows, in one statement (`posting.post_each`)."""
        posting.post_each(self.model, rows, **fields)

    def taken_by_outage(self, since: date) -> NotificationQuerySet:
        """What could not be told in time since that date, so that staff hear how many they were."""
        return self.filter(state=Notification.State.DROPPED, error=TOO_LATE, due_on__gte=since)

    def due(self, now: datetime) -> NotificationQuerySet:
        """What waits to be sent, and what a sender took and never finished."""
        waiting = Q(state=Notification.State.DUE, not_before__lte=now)
        abandoned = Q(state=Notification.State.CLAIMED, claimed_until__lte=now)
        return self.filter(waiting | abandoned)

    def in_order(self) -> NotificationQuerySet:
        """What is urgent does not stand behind a thousand reminders (K7); else what waited longest."""
        later = Case(When(kind__in=kinds.urgent(), then=Value(0)), default=Value(1))
        return self.order_by(later, "not_before")

    @transaction.atomic
    def claim(self, now: datetime, limit: int) -> uuid.UUID | None:
        """Takes up to `limit` due rows for one sender. On SQLite the immediate transaction is the lock."""
        rows = self.due(now).in_order().select_for_update(skip_locked=True)
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

    def in_hand(self, claim: uuid.UUID) -> NotificationQuerySet:
        return self.filter(claim=claim, state=Notification.State.CLAIMED)

    def keep(self, until: datetime | None, now: datetime, *, margin: timedelta) -> None:
        """Of rows in hand: after a quarter of the lease a new one, while it is sure that it is ours."""
        lease = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
        if until is not None and until - now < lease * 3 / 4:
            self.filter(claimed_until__gt=now + margin).update(claimed_until=now + lease)

    def give_back(self) -> None:
        """Of rows in hand: another sender may take them at once."""
        self.update(state=Notification.State.DUE, claim=None, claimed_until=None)

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

    def undelivered_seen_by(self, user: Any) -> NotificationQuerySet:
        """What could not be delivered, for whoever may see to it."""
        dead = self.filter(state=Notification.State.DEAD)
        return dead if user.has_perm("home.see_undelivered") else dead.none()

    def latest_first(self) -> NotificationQuerySet:
        return self.order_by("-shown_at", "-pk")

    def after(self, last: Notification) -> NotificationQuerySet:
        """Those that were shown before this one; an index finds where they begin."""
        earlier = Q(shown_at__lt=last.shown_at) | Q(pk__lt=last.pk)
        return self.filter(earlier, shown_at__lte=last.shown_at)

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
    # Which of the few messages of a day it is, by the local date (K4). It is reserved before it goes out,
    # so that two senders cannot send one too many.
    slot_on = models.DateField(null=True)
    slot = models.PositiveSmallIntegerField(null=True)

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
            models.UniqueConstraint(
                fields=["recipient", "slot_on", "slot"], name="a_slot_of_a_day_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(slot=None, slot_on=None)
                | Q(slot__gte=1, slot__lte=MESSAGES_A_DAY, slot_on__isnull=False),
                name="so_many_messages_a_day",
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
            models.Index(fields=["not_before"], condition=Q(state="dead"), name="outbox_dead"),
            models.Index(fields=["due_on"], condition=Q(error="TooLate"), name="outbox_too_late"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.due_on}"

    def get_absolute_url(self) -> str:
        return kinds.get(self.kind).page(self)

    @property
    def notice(self) -> str:
        return str(kinds.get(self.kind).notice)

    @classmethod
    def waiting_since(cls, now: datetime) -> datetime | None:
        """Since when the oldest waits that should be out by now. It tells nothing of anybody (K8)."""
        oldest: datetime | None = cls.objects.due(now).aggregate(at=models.Min("not_before"))["at"]
        return oldest

    def read(self, *, now: datetime) -> None:
        Notification.objects.filter(pk=self.pk, read_at=None).update(read_at=now)

    def try_again(self, *, now: datetime) -> bool:
        """Of what could not be delivered. Not without an account: the address is not kept."""
        dead = Notification.objects.filter(pk=self.pk, state=self.State.DEAD, recipient__isnull=False)
        return bool(dead.update(state=self.State.DUE, not_before=now, attempts=0, error=""))

    def let_be(self) -> None:
        """Nobody has to see to it any more. The notice stands."""
        dead = Notification.objects.filter(pk=self.pk, state=self.State.DEAD)
        dead.filter(recipient=None).update(state=self.State.DROPPED)
        dead.filter(recipient__isnull=False).update(state=self.State.NOTED)
