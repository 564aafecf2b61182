"""Someone to talk to: who reads a check-in, who is told, and what has come of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, StringAgg, Subquery, Value
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import OutreachCall, OutreachTask, User
from accounts.who import who_can_see
from checkins.answers import Need
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models.outreach import OutreachTaskQuerySet
    from accounts.models.user_queries import UserQuerySet
    from checkins.models import CheckIn

NO_TEAM = "checkins.outreach_without_team"


def readers(client: User) -> UserQuerySet:
    """Who reads this client's check-ins besides the client."""
    from checkins.models import CheckIn

    return CheckIn.seen_by.readers(CheckIn(client=client)).exclude(pk=client.pk)


def care_team_of(client: User) -> UserQuerySet:
    """Who goes when this client asks for somebody: those who see the task."""
    return OutreachTask.seen_by.readers(OutreachTask(client=client)).exclude(pk=client.pk)


def who_can_read(client: User, people: Iterable[User]) -> str:
    """`people` are the `readers`, fetched by a page that names them elsewhere too."""
    from checkins.models import CheckIn

    seen = who_can_see(CheckIn(client=client), reader=client, readers=[client, *people])
    return seen if people else f"{seen} {_('Nobody is on your care team yet.')}"


def who_reads(client: User, people: Iterable[User]) -> str:
    return f"{who_can_read(client, people)} {_('It is no emergency line.')}"


def who_comes(people: Iterable[User]) -> str:
    """What the button says that asks for someone."""
    names = [str(person) for person in people if not getattr(person, "beside", False)]
    if not (one_of_them := get_text_list(names, _("or"))):
        return str(Need.TALK.label)
    return _("Ask %(names)s to come") % {"names": one_of_them}


def names(people: Iterable[object]) -> str:
    return get_text_list([str(person) for person in people], _("and"))


def ask(check_in: CheckIn, *, client: User, now: datetime) -> OutreachTask:
    """Puts it on the care team's page and calls whoever goes first, once. A wish after a talk is a new one.

    Where nobody can be called the managers are told that somebody waits, and never what was said.
    """
    last = asked(check_in).last()
    if last and last.closed_at is None:
        return last
    task = OutreachTask.objects.ask(
        client=client,
        reason=OutreachTask.Reason.ASKED,
        about=uuid.uuid4() if last else check_in.pk,
        now=now,
    )
    if task.calls.exists():
        return task
    Notification.objects.post_shown(
        now,
        *(
            {
                "recipient": manager,
                "kind": NO_TEAM,
                "about": task.pk,
                "due_on": manager.local_day(now),
            }
            for manager in User.objects.active().managers()
        ),
    )
    return task


def asked(check_in: CheckIn) -> OutreachTaskQuerySet:
    """What was asked for since this check-in began, in order."""
    return wishes(check_in.client_id, check_in.created_at).order_by("opened_at")


def wishes(client: Any, begun: Any) -> OutreachTaskQuerySet:
    """What one client asked for since then, or before where it still stands.

    Both may be references to an outer query.
    """
    theirs = OutreachTask.objects.filter(client=client, reason=OutreachTask.Reason.ASKED)
    return theirs.filter(Q(opened_at__gte=begun) | Q(closed_at=None))


@dataclass(frozen=True)
class Standing:
    """What has come of the wish for someone to talk to, as the client reads it."""

    task: OutreachTask
    told: str  # the care team, as it was then
    managers: str  # told in the place of a care team

    @property
    def has_team(self) -> bool:
        return bool(self.told or self.task.taken_by_id or self.task.closed_by_id)

    @property
    def may_be_answered(self) -> bool:
        return bool(self.told or self.managers) and not self.task.taken_at

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
        if self.managers:
            return _(
                "You have no care team yet. At %(time)s we told %(names)s that you asked for someone, and "
                "nothing else. You can also ask at the staff desk."
            ) % {"names": self.managers, "time": opened["time"]}
        return _("Nobody is on your care team yet, so we could tell nobody. Please ask at the staff desk.")


def standing(check_in: CheckIn) -> Standing | None:
    """What has come of the last wish of that day, in one query."""
    told, managers = (
        Subquery(rows.values(key).annotate(told=StringAgg(name, Value("\n"))).values("told"))
        for rows, key, name in (
            (OutreachCall.objects.filter(task=OuterRef("pk")).order_by(), "task", "clinician__chosen_name"),
            (
                Notification.objects.filter(about=OuterRef("pk"), kind=NO_TEAM).order_by(),
                "about",
                "recipient__chosen_name",
            ),
        )
    )
    tasks = asked(check_in).select_related("taken_by", "closed_by").annotate(told=told, managers=managers)
    if task := tasks.last():
        return Standing(task, lines(task.told), lines(task.managers))
    return None


def lines(found: str | None) -> str:
    return names(sorted(set((found or "").splitlines())))


def clock(at: datetime) -> str:
    return time_format(timezone.localtime(at))
