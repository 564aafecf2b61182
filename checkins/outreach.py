"""Someone to talk to: who reads a check-in, who is told, and what has come of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import OutreachTask, User
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models.outreach import OutreachTaskQuerySet
    from accounts.models.user import UserQuerySet
    from checkins.models import CheckIn

KIND = "accounts.outreach"


def readers(client: User) -> UserQuerySet:
    """Who reads this client's check-ins besides the client: the mirror of `CheckIn.objects.visible_to`."""
    return User.objects.on_care_team_of(client).clinicians().active()


def who_reads(client: User) -> str:
    people = names(readers(client))
    if not people:
        return _("Nobody is on your care team yet, so nobody reads this today. It is no emergency line.")
    return _("%(names)s on your care team will read this. It is no emergency line.") % {"names": people}


def who_can_read(client: User) -> str:
    people = names(readers(client))
    if not people:
        return _("Only you can read these. Nobody is on your care team yet.")
    return _("You and %(names)s on your care team can read these.") % {"names": people}


def names(people: UserQuerySet) -> str:
    return get_text_list([str(person) for person in people], _("and"))


def ask(check_in: CheckIn, *, client: User, now: datetime) -> OutreachTask:
    """Puts it on the care team's page and tells each of them, once. A wish after a talk is a new one."""
    last = asked(check_in).last()
    if last and last.closed_at is None:
        return last
    task = OutreachTask.objects.ask(
        client=client,
        reason=OutreachTask.Reason.ASKED,
        about=uuid.uuid4() if last else check_in.pk,
        now=now,
    )
    Notification.objects.post_many(
        {
            "recipient": clinician,
            "kind": KIND,
            "about": task.pk,
            "due_on": clinician.local_day(now),
            "not_before": now,
        }
        for clinician in readers(client)
    )
    return task


def asked(check_in: CheckIn) -> OutreachTaskQuerySet:
    """What was asked for since this check-in began, in order."""
    return OutreachTask.objects.filter(
        client=check_in.client_id, reason=OutreachTask.Reason.ASKED, opened_at__gte=check_in.created_at
    ).order_by("opened_at")


@dataclass(frozen=True)
class Standing:
    """What has come of the wish for someone to talk to, as the client reads it."""

    task: OutreachTask
    told: str

    @property
    def words(self) -> str:
        opened = {"names": self.told, "time": clock(self.task.opened_at)}
        if self.task.closed_by:
            return _("%(name)s talked with you.") % {"name": self.task.closed_by}
        if self.task.taken_by and self.task.taken_at:
            taken = {"name": self.task.taken_by, "time": clock(self.task.taken_at)}
            return _("%(name)s has seen it at %(time)s and will come to you.") % taken
        if self.told:
            return _("At %(time)s we asked %(names)s. Nobody has said yet that they will come.") % opened
        return _("Nobody is on your care team yet, so we could tell nobody. Please ask at the staff desk.")


def standing(check_in: CheckIn) -> Standing | None:
    task = asked(check_in).select_related("taken_by", "closed_by").last()
    if task is None:
        return None
    messages = Notification.objects.filter(kind=KIND, about=task.pk)
    told = User.objects.filter(pk__in=messages.values("recipient")).order_by("chosen_name")
    return Standing(task, names(told))


def clock(at: datetime) -> str:
    return time_format(timezone.localtime(at))
