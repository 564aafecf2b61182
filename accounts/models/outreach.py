from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.leaving import post_handed_over, post_waiting
from accounts.models.audit import AuditEvent
from accounts.models.calls import OutreachCall, called
from accounts.models.care_team import CareTeamMember, care_team
from accounts.models.contact import Contact
from accounts.who import Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User
    from accounts.models.user_queries import UserQuerySet


logger = logging.getLogger(__name__)

CALLED_TOGETHER = 100  # tasks in one turn of the worker
IN_HAND = _("whoever has it in hand")
NOBODY_THERE = _("Nobody is on their care team any more. Choose who talks with them.")
NO_CLINICIAN = _("This person is no clinician here any more.")


def clinicians_here() -> UserQuerySet:
    from accounts.models.user import User

    return User.objects.active().clinicians()


def a_team() -> Exists:
    """Whether any clinician cares now for the client of a task."""
    team = CareTeamMember.objects.standing().filter(clinician__in=clinicians_here())
    return Exists(team.filter(client=OuterRef("client")))


class OutreachTaskQuerySet(models.QuerySet["OutreachTask"]):
    def open(self) -> OutreachTaskQuerySet:
        return self.filter(closed_at=None)

    def in_no_hands(self) -> OutreachTaskQuerySet:
        """Open, and nobody has said that they will see to it."""
        return self.open().filter(taken_by=None)

    def unanswered(self) -> OutreachTaskQuerySet:
        """Wishes that were passed on to somebody else, or to nobody, since nobody said that they will go."""
        return self.in_no_hands().filter(step__gt=1, reason=OutreachTask.Reason.ASKED)

    def for_page_of(self, clinician: User) -> OutreachTaskQuerySet:
        """What stands on this clinician's own page. Who has not been heard from stands on the pages of those
        who were called, one after another (K6); what else the team may see, all of them have before them."""
        mine = OutreachCall.objects.filter(task=OuterRef("pk"), clinician=clinician)
        rows = self.open().visible_to(clinician)
        rows = rows.annotate(is_called=Exists(mine), is_unseen_call=Exists(mine.filter(seen_at=None)))
        anybody = OutreachCall.objects.filter(task=OuterRef("pk"), clinician__in=clinicians_here())
        quiet = Q(Exists(anybody), reason=OutreachTask.Reason.MISSED_CHECK_INS, is_called=False)
        return rows.exclude(quiet & (Q(taken_by=None) | ~Q(taken_by=clinician)))

    def due_for_a_call(self, now: datetime) -> OutreachTaskQuerySet:
        return self.in_no_hands().filter(next_call_at__lte=now).order_by("next_call_at")

    def call_next(self, now: datetime) -> int:
        """Passes on what nobody took in time, and tells how many (K6, K7). One query where nothing is."""
        due = list(self.due_for_a_call(now).select_related("client")[:CALLED_TOGETHER])
        for task in due:
            try:
                task.call_next_person(now)
            except Exception:  # one that cannot be called for holds up none of the others
                logger.exception("nobody could be called for task %s", task.pk)
        return len(due)

    def with_team(self) -> OutreachTaskQuerySet:
        """Adds `has_team`, whether a care team would read it if nobody had it in hand."""
        return self.annotate(has_team=a_team())

    def without_team(self) -> OutreachTaskQuerySet:
        return self.filter(~a_team())

    def seen_by_nobody(self) -> OutreachTaskQuerySet:
        """Open, and no clinician reads it: a manager has to put it into somebody's hands."""
        return self.open().without_team().exclude(taken_by__in=clinicians_here())

    def lay_down(self, *, by: User, now: datetime) -> None:
        """Closes these without a talk: there is nobody to talk to any more (A6)."""
        self.open().update(closed_at=now, closed_by=by)

    def visible_to(self, user: User) -> OutreachTaskQuerySet:
        return OutreachTask.seen_by.rows(self, user)

    @transaction.atomic
    def ask(self, *, client: User, reason: str, about: uuid.UUID, now: datetime) -> OutreachTask:
        """One task for one cause, however often it is asked for. Who is called first, is called with it."""
        task, is_new = self.get_or_create(
            client=client, reason=reason, about=about, defaults={"opened_at": now}
        )
        if is_new and reason in OutreachTask.CALLED_FOR:
            task.call_next_person(now)
        return task


class OutreachTask(models.Model):
    """Somebody should talk to this client."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("asked for someone to talk to")
        MISSED_CHECK_INS = "missed_check_ins", _("no check-in for a while")
        MISSED_SESSIONS = "missed_sessions", _("missed the last sessions")

    CALLED_FOR = (Reason.ASKED, Reason.MISSED_CHECK_INS)  # the others wait on the care team's pages

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outreach_tasks"
    )
    reason = models.CharField(max_length=20, choices=Reason)
    about = models.UUIDField(help_text=_("The row that gave cause."))
    opened_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # How many times somebody was called (see `calling`), and when the next is, unless somebody has taken it.
    step = models.PositiveSmallIntegerField(default=0)
    next_call_at = models.DateTimeField(null=True, blank=True)

    has_team: bool  # of with_team

    objects = OutreachTaskQuerySet.as_manager()
    # Who has it in hand keeps it until they have talked, also when the client has left the house (A6).
    seen_by = Rule(
        Own("client"),
        care_team("client"),
        Own("taken_by", permission="accounts.answer_outreach", mine=IN_HAND, theirs=IN_HAND),
        called("id"),
    )

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["client", "reason", "about"], name="one_task_for_one_cause"),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__gte=F("opened_at"), closed_by__isnull=False),
                name="closed_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["client"], condition=Q(closed_at=None), name="open_outreach"),
            models.Index(
                fields=["next_call_at"], condition=Q(closed_at=None, taken_at=None), name="next_calls"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} since {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_wish(self) -> bool:
        return self.reason == OutreachTask.Reason.ASKED

    def call_next_person(self, now: datetime) -> None:
        from accounts import calling

        calling.call_next_person(self, now)

    def wait_for_a_call(self, now: datetime) -> None:
        """The next person is called after the usual time, unless somebody takes it before."""
        from accounts import calling

        self.next_call_at = calling.next_turn(self, now)
        self.save(update_fields=["next_call_at"])

    @transaction.atomic
    def take(self, *, by: User, now: datetime) -> bool:
        """ "I will go". The first to say so has it; False when somebody else was first, or it is settled.

        Raises PermissionDenied for whoever's account was closed a moment ago (A9).
        """
        if not by.is_clinician_under_lock():
            raise PermissionDenied
        taken = (
            OutreachTask.objects.open().filter(pk=self.pk, taken_at=None).update(taken_at=now, taken_by=by)
        )
        self.refresh_from_db()
        return bool(taken) or (self.taken_by_id == by.pk and self.closed_at is None)

    @transaction.atomic
    def hand_over(self, *, to: User, by: User, now: datetime) -> None:
        """Puts it into the hands of one clinician, who reads it in the app. Twice is once.

        Raises ValidationError for whoever is none any more: nobody would read it.
        """
        self.client.lock()
        if not to.is_clinician_under_lock():
            raise ValidationError(NO_CLINICIAN)
        mine = OutreachTask.objects.open().filter(pk=self.pk).exclude(taken_by=to)
        if mine.update(taken_at=now, taken_by=to):
            post_handed_over(self, to, now)
            AuditEvent.objects.record(AuditEvent.Act.HANDED_OVER, by=by, about=self.client, now=now)
        self.refresh_from_db()

    @transaction.atomic
    def pass_on(self, *, to: User | None, by: User, now: datetime) -> None:
        """Into the hands of somebody else, or back to the care team, which is told once more.

        Raises ValidationError where that is nobody: the client may have left the house a moment ago (A6).
        """
        if to is not None:
            self.hand_over(to=to, by=by, now=now)
            return
        self.client.lock()
        given_back = OutreachTask.objects.open().filter(pk=self.pk)
        if given_back.without_team().exists():
            raise ValidationError(NOBODY_THERE)
        if given_back.update(taken_at=None, taken_by=None):
            self.refresh_from_db()
            if self.reason in self.CALLED_FOR:
                self.wait_for_a_call(now)
            post_waiting(self, OutreachTask.seen_by.readers(self).exclude(pk=self.client_id), now)
            AuditEvent.objects.record(AuditEvent.Act.HANDED_OVER, by=by, about=self.client, now=now)

    def open_again(self, *, now: datetime) -> None:
        """What was laid down without a talk has cause again. An open one stays as it is."""
        closed = OutreachTask.objects.filter(pk=self.pk, closed_at__isnull=False)
        if closed.update(opened_at=now, closed_at=None, closed_by=None, taken_at=None, taken_by=None):
            self.refresh_from_db()

    @transaction.atomic
    def close(self, *, by: User, now: datetime) -> None:
        """ "We talked": logs the contact once, however often it is said. It ends what nobody took (K6)."""
        self.client.lock()
        if OutreachTask.objects.filter(pk=self.pk, closed_at=None).update(closed_at=now, closed_by=by):
            Contact.objects.create(client_id=self.client_id, clinician=by, at=now, task=self)
            missed = OutreachTask.objects.in_no_hands().filter(client=self.client_id)
            missed.filter(reason=OutreachTask.Reason.MISSED_CHECK_INS).lay_down(by=self.client, now=now)
        self.refresh_from_db()

    @transaction.atomic
    def take_back(self, *, by: User, now: datetime) -> bool:
        """ "That was a slip": no talk took place, it waits in the same hands. False where it is too late.

        Where they asked again meanwhile, that wish waits already.
        """
        self.client.lock()
        slips = Contact.objects.slips_of(by, now).filter(task=self)
        if not slips.delete()[0]:
            return False
        newer = OutreachTask.objects.open().filter(client=self.client_id, reason=self.reason)
        if not newer.exists():
            OutreachTask.objects.filter(pk=self.pk).update(closed_at=None, closed_by=None)
        self.refresh_from_db()
        return True
