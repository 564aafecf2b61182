"""A talk that somebody waits for is never in nobody's sight: a manager puts it into somebody's hands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import OutreachTask, User
from accounts.models.user_queries import UserQuerySet


def waiting_of(client: User) -> list[OutreachTask]:
    """In no hands, or in those of somebody who cannot read it any more."""
    unread = OutreachTask.objects.seen_by_nobody().values("pk")
    waiting = Q(taken_by=None) | Q(pk__in=unread)
    return list(OutreachTask.objects.open().filter(waiting, client=client))


def in_hands_for(client: User) -> list[User]:
    """Who goes on until they have talked, also when the client has left the house (A6)."""
    here = User.objects.active().clinicians()
    theirs = OutreachTask.objects.open().filter(client=client).values("taken_by")
    return list(here.filter(pk__in=theirs).order_by("chosen_name", "pk"))


def people_unread() -> UserQuerySet:
    """Whose wish for a talk no clinician reads: they came before their care team, or left after it."""
    unread = OutreachTask.objects.seen_by_nobody().values("client")
    return User.objects.clients().filter(pk__in=unread).order_by("chosen_name", "pk")


def who_can_take(client: User) -> UserQuerySet:
    """One of the care team; where there is none any more, any clinician."""
    here = User.objects.active().clinicians()
    team = here.on_care_team_of(client)
    return team if team.exists() else here.order_by("chosen_name", "pk")


@transaction.atomic
def hand_over_reach_outs(*, client: User, to: User, by: User, now: datetime) -> None:
    """Puts what nobody has seen to, or reads, into the hands of one clinician, who keeps it from then on.

    Raises ValidationError for whoever is no clinician any more.
    """
    client.lock()
    for task in waiting_of(client):
        task.hand_over(to=to, by=by, now=now)
